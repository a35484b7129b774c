package dev.heal.engine.cli.bundle;

import dev.heal.dsl.diagnostic.HumanRenderer;
import dev.heal.engine.decide.Times;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import dev.heal.engine.reload.diff.Change;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Differences for people and programs. */
public final class DiffText {
  private static final String RED = "\u001b[31m";
  private static final String GREEN = "\u001b[32m";
  private static final String BOLD = "\u001b[1m";
  private static final String PLAIN = "\u001b[0m";
  private static final int FIELD_WIDTH = 22;

  private DiffText() {}

  /** The differences, those of an item under its name. */
  public static String human(List<Change> changes, boolean colour) {
    StringBuilder text = new StringBuilder();
    String heading = "";
    for (Change change : changes) {
      String of = change.item().word() + " " + change.name();
      boolean whole = change.field().isEmpty();
      if (whole || !of.equals(heading)) {
        text.append(heading(change, of, colour)).append('\n');
        heading = whole ? "" : of;
      }
      lines(change, text, colour);
    }
    return text.toString();
  }

  private static String heading(Change change, String of, boolean colour) {
    String place =
        change
            .placeAfter()
            .or(change::placeBefore)
            .map(p -> "  (" + HumanRenderer.safe(p) + ")")
            .orElse("");
    return switch (change.kind()) {
      case ADDED -> paint("+ " + of, GREEN, colour) + place;
      case REMOVED -> paint("- " + of, RED, colour) + place;
      case RENAMED ->
          paint(
              "  " + of + " is called " + HumanRenderer.safe(change.after().orElse("")) + " now",
              BOLD,
              colour);
      case CHANGED, MOVED -> paint("  " + of, BOLD, colour) + place;
    };
  }

  private static void lines(Change change, StringBuilder text, boolean colour) {
    switch (change.kind()) {
      case RENAMED -> {
        return;
      }
      case ADDED -> side("    + ", change.after(), GREEN, text, colour);
      case REMOVED -> side("    - ", change.before(), RED, text, colour);
      case CHANGED, MOVED -> {
        String field = "    " + padded(change.field());
        if (change.before().isPresent() && change.after().isPresent()) {
          text.append(field)
              .append(HumanRenderer.safe(change.before().get()))
              .append(" -> ")
              .append(HumanRenderer.safe(change.after().get()))
              .append('\n');
        } else {
          side(field + "- ", change.before(), RED, text, colour);
          side(field + "+ ", change.after(), GREEN, text, colour);
        }
      }
    }
  }

  private static void side(
      String before, Optional<String> line, String paint, StringBuilder text, boolean colour) {
    line.ifPresent(
        l -> text.append(paint(before + HumanRenderer.safe(l), paint, colour)).append('\n'));
  }

  private static String padded(String field) {
    return field + " ".repeat(Math.max(2, FIELD_WIDTH - field.length()));
  }

  private static String paint(String text, String paint, boolean colour) {
    return colour ? paint + text + PLAIN : text;
  }

  /** A step that only one of two runs took. */
  public static String step(DecisionDiff.Step step, boolean colour) {
    Entry entry = step.entry();
    boolean was = step.side() == DecisionDiff.Side.BEFORE;
    String act =
        entry.verb().map(v -> v + entry.target().map(target -> " " + target).orElse("")).orElse("");
    String fault = entry.instance().map(FaultInstance::toString).orElse("");
    String subject = act.isEmpty() || fault.isEmpty() ? act + fault : act + " for " + fault;
    String word = entry.type() == EntryType.DECISION ? entry.outcome().orElse("") : "";
    String line =
        "%s %s  %-15s %s: %s"
            .formatted(
                was ? "-" : "+",
                Times.iso(entry.at()),
                word.isEmpty() ? entry.type().word().replace('_', ' ') : word,
                HumanRenderer.safe(subject),
                HumanRenderer.safe(entry.because()));
    return paint(line, was ? RED : GREEN, colour) + "\n";
  }

  /** {@code 1 added, 2 changed; `cool` enforces now}. */
  public static String summary(List<Change> changes) {
    if (changes.isEmpty()) {
      return "no difference in meaning";
    }
    Map<Change.Kind, Integer> counts = new EnumMap<>(Change.Kind.class);
    changes.forEach(change -> counts.merge(change.kind(), 1, Integer::sum));
    List<String> parts = new ArrayList<>();
    counts.forEach((kind, count) -> parts.add(count + " " + kind.word()));
    List<String> enforcing = enforcing(changes);
    return String.join(", ", parts)
        + (enforcing.isEmpty() ? "" : "; enforced from now on: " + String.join(", ", enforcing));
  }

  /** The policies that act and did not before: what a reviewer must not overlook. */
  private static List<String> enforcing(List<Change> changes) {
    return changes.stream()
        .filter(change -> change.item() == Change.Item.POLICY)
        .filter(
            change ->
                (change.field().equals("mode") && change.after().equals(Optional.of("enforce")))
                    || (change.kind() == Change.Kind.ADDED
                        && change.after().orElse("").contains(", mode enforce")))
        .map(change -> "`" + HumanRenderer.safe(change.name()) + "`")
        .toList();
  }

  /** One JSON object on one line. */
  public static String json(Change change) {
    return BundleText.object(
        json -> {
          json.writeStringField("change", change.kind().word());
          json.writeStringField("kind", change.item().word());
          json.writeStringField("name", change.name());
          if (!change.field().isEmpty()) {
            json.writeStringField("field", change.field());
          }
          if (change.before().isPresent()) {
            json.writeStringField("before", change.before().get());
          }
          if (change.after().isPresent()) {
            json.writeStringField("after", change.after().get());
          }
          if (change.placeBefore().isPresent()) {
            json.writeStringField("place_before", change.placeBefore().get());
          }
          if (change.placeAfter().isPresent()) {
            json.writeStringField("place_after", change.placeAfter().get());
          }
        });
  }
}
