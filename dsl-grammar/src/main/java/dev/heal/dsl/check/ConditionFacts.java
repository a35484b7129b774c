package dev.heal.dsl.check;

import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.NumberSource;
import dev.heal.dsl.policy.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Questions about conditions. */
final class ConditionFacts {
  private ConditionFacts() {}

  /** Whether any part is an event, so that the whole holds only at moments. */
  static boolean hasEvent(Condition condition) {
    if (condition instanceof Condition.Happens) {
      return true;
    }
    return parts(condition).stream().anyMatch(ConditionFacts::hasEvent);
  }

  static List<Condition> parts(Condition condition) {
    if (condition instanceof Condition.All all) {
      return all.parts();
    }
    if (condition instanceof Condition.Any any) {
      return any.parts();
    }
    if (condition instanceof Condition.Not not) {
      return List.of(not.part());
    }
    if (condition instanceof Condition.Held held) {
      return List.of(held.part());
    }
    return List.of();
  }

  /** Every reading of a level, however deep. */
  static List<Reading> levels(Condition condition) {
    List<Reading> readings = new ArrayList<>();
    collect(condition, readings);
    return readings;
  }

  private static void collect(Condition condition, List<Reading> readings) {
    if (condition instanceof Condition.NumberTest test) {
      NumberSource source = test.source();
      if (source instanceof NumberSource.Latest latest) {
        readings.add(latest.reading());
      } else if (source instanceof NumberSource.Window window) {
        readings.add(window.reading());
      } else if (source instanceof NumberSource.Ratio ratio) {
        readings.add(ratio.reading());
      } else if (source instanceof NumberSource.Forecast forecast) {
        readings.add(forecast.reading());
      }
    } else if (condition instanceof Condition.NumberIn in) {
      readings.add(in.reading());
    } else if (condition instanceof Condition.FlagTest flag) {
      readings.add(flag.reading());
    } else if (condition instanceof Condition.NanTest nan) {
      readings.add(nan.reading());
    } else if (condition instanceof Condition.WordTest word) {
      readings.add(word.reading());
    } else if (condition instanceof Condition.WordMatches word) {
      readings.add(word.reading());
    }
    parts(condition).forEach(part -> collect(part, readings));
  }

  /** The longest pause between samples of what the condition reads. */
  static Optional<Duration> slowestInterval(Condition condition) {
    return levels(condition).stream()
        .flatMap(reading -> reading.signal().interval().stream())
        .max(Comparator.naturalOrder());
  }

  /** Whether it holds only behind a {@code for}, or through a function over a window. */
  static boolean isSteady(Condition condition) {
    if (condition instanceof Condition.Held
        || condition instanceof Condition.Silent
        || condition instanceof Condition.Happens) {
      return true;
    }
    if (condition instanceof Condition.NumberTest test) {
      return !(test.source() instanceof NumberSource.Latest);
    }
    List<Condition> parts = parts(condition);
    return parts.isEmpty() || parts.stream().allMatch(ConditionFacts::isSteady);
  }

  /** Whether a bound on a number decides it. */
  static boolean isThreshold(Condition condition) {
    return (condition instanceof Condition.NumberTest test
            && !(test.source() instanceof NumberSource.Count))
        || parts(condition).stream().anyMatch(ConditionFacts::isThreshold);
  }

  /** How long a confirmation must hold at the least. */
  static Duration heldFor(Condition condition) {
    if (condition instanceof Condition.Held held) {
      return held.span();
    }
    return parts(condition).stream()
        .map(ConditionFacts::heldFor)
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  /** How long after its cause a condition becomes true at the earliest, without the sampling. */
  static Duration raisedAfter(Condition condition) {
    if (condition instanceof Condition.Silent silent) {
      return silent
          .span()
          .or(() -> silent.reading().signal().interval().map(interval -> interval.multipliedBy(3)))
          .orElse(Duration.ZERO);
    }
    if (condition instanceof Condition.Not) {
      return Duration.ZERO;
    }
    if (condition instanceof Condition.Held held) {
      return held.span().plus(raisedAfter(held.part()));
    }
    if (condition instanceof Condition.Any any) {
      return any.parts().stream()
          .map(ConditionFacts::raisedAfter)
          .min(Comparator.naturalOrder())
          .orElse(Duration.ZERO);
    }
    return parts(condition).stream()
        .map(ConditionFacts::raisedAfter)
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  /** Whether comparisons of numbers alone decide it, so that it flaps where they do. */
  static boolean isPureThreshold(Condition condition) {
    if (condition instanceof Condition.NumberTest test) {
      return test.source() instanceof NumberSource.Latest;
    }
    if (condition instanceof Condition.Not || condition instanceof Condition.Held) {
      return isPureThreshold(parts(condition).get(0));
    }
    List<Condition> parts = parts(condition);
    return !parts.isEmpty() && parts.stream().allMatch(ConditionFacts::isPureThreshold);
  }

  /** Whether a metric has a part in it: a number that is sampled, in whatever form. */
  static boolean readsMetric(Condition condition) {
    return levels(condition).stream().anyMatch(reading -> reading.signal().kind().isNumber());
  }
}
