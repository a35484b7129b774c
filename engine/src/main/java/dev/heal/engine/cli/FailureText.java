package dev.heal.engine.cli;

import dev.heal.dsl.text.Span;
import dev.heal.engine.loop.TestRun;
import dev.heal.engine.record.Entry;
import java.util.ArrayList;
import java.util.List;

/** A failed test for a tired person: where, what was expected, what happened instead, and why. */
final class FailureText {
  private static final int MOST_STEPS = 40;
  private static final int LAST_STEPS = 10;

  private FailureText() {}

  /** Every failure of a test, as lines without line ends. */
  static List<String> of(TestRun.Result result) {
    List<String> lines = new ArrayList<>();
    for (TestRun.Failure failure : result.failures()) {
      place(failure.span(), lines);
      lines.add("  expected  " + failure.expected());
      lines.add("  happened  " + failure.happened());
      String label = "  because   ";
      for (String why : failure.why()) {
        lines.add(label + why);
        label = "            ";
      }
      steps(failure.steps(), lines);
    }
    return lines;
  }

  private static void place(Span span, List<String> lines) {
    lines.add("  --> " + span);
    String text = span.file().lineText(span.line());
    lines.add("%5d | %s".formatted(span.line(), text));
    int before = span.column() - 1;
    int length = Math.max(1, text.codePointCount(0, text.length()) - before);
    length = Math.min(length, Math.max(1, span.text().codePointCount(0, span.text().length())));
    lines.add("      | " + " ".repeat(before) + "^".repeat(length));
  }

  private static void steps(List<Entry> steps, List<String> lines) {
    if (steps.isEmpty()) {
      return;
    }
    lines.add("  steps");
    int hidden = steps.size() > MOST_STEPS ? steps.size() - MOST_STEPS : 0;
    int first = hidden > 0 ? MOST_STEPS - LAST_STEPS : steps.size();
    for (int i = 0; i < steps.size(); i++) {
      if (i < first || i >= first + hidden) {
        lines.add("    " + Timeline.alone(steps.get(i), TestRun.START));
      } else if (i == first) {
        lines.add("    … " + hidden + " steps …");
      }
    }
  }
}
