package dev.heal.engine.reload.diff;

import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.NumberSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Two conditions that differ in bounds and spans alone. */
final class Thresholds {
  /** A number that is another one. */
  record Moved(String field, String before, String after) {}

  private final List<Moved> moved = new ArrayList<>();

  private Thresholds() {}

  /** Each number that is another; empty where more than numbers is different. */
  static Optional<List<Moved>> between(Condition before, Condition after) {
    Thresholds found = new Thresholds();
    return found.walk(before, after) ? Optional.of(found.moved) : Optional.empty();
  }

  private boolean walk(Condition before, Condition after) {
    if (before.meaning().equals(after.meaning())) {
      return true;
    }
    if (before.getClass() != after.getClass()) {
      return false;
    }
    if (before instanceof Condition.NumberTest a && after instanceof Condition.NumberTest b) {
      return a.operator() == b.operator() && bounds(a, b);
    }
    if (before instanceof Condition.Silent a && after instanceof Condition.Silent b) {
      return a.reading().equals(b.reading()) && other("silent for", before, after);
    }
    if (before instanceof Condition.Held a && after instanceof Condition.Held b) {
      spans("for", a.span(), b.span());
    }
    List<Condition> left = before.parts();
    List<Condition> right = after.parts();
    if (left.isEmpty() || left.size() != right.size()) {
      return false;
    }
    for (int i = 0; i < left.size(); i++) {
      if (!walk(left.get(i), right.get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean bounds(Condition.NumberTest before, Condition.NumberTest after) {
    NumberSource a = before.source();
    NumberSource b = after.source();
    if (!subject(a).equals(subject(b))) {
      return false;
    }
    spans("over", span(a), span(b));
    if (!samples(a).equals(samples(b))) {
      return other("samples", before, after);
    }
    return Double.compare(before.bound(), after.bound()) == 0 || other("threshold", before, after);
  }

  private boolean other(String field, Condition before, Condition after) {
    return moved.add(new Moved(field, Words.of(before), Words.of(after)));
  }

  private void spans(String field, Duration before, Duration after) {
    if (!before.equals(after)) {
      moved.add(new Moved(field, Words.of(before), Words.of(after)));
    }
  }

  /** What is measured, without its numbers. */
  private static String subject(NumberSource source) {
    if (source instanceof NumberSource.Window window) {
      return new NumberSource.Window(window.function(), window.reading(), Duration.ZERO).meaning();
    }
    if (source instanceof NumberSource.Count count) {
      return new NumberSource.Count(count.event(), Duration.ZERO).meaning();
    }
    if (source instanceof NumberSource.Ratio ratio) {
      return new NumberSource.Ratio(ratio.reading(), 0).meaning();
    }
    if (source instanceof NumberSource.Forecast forecast) {
      return new NumberSource.Forecast(forecast.reading(), Duration.ZERO).meaning();
    }
    return source.meaning();
  }

  private static Duration span(NumberSource source) {
    if (source instanceof NumberSource.Window window) {
      return window.window();
    }
    if (source instanceof NumberSource.Count count) {
      return count.window();
    }
    return source instanceof NumberSource.Forecast forecast ? forecast.ahead() : Duration.ZERO;
  }

  private static OptionalInt samples(NumberSource source) {
    return source instanceof NumberSource.Ratio ratio
        ? OptionalInt.of(ratio.samples())
        : OptionalInt.empty();
  }
}
