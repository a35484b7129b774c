package dev.heal.engine.fact;

import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.NumberSource;
import dev.heal.dsl.policy.Reading;

/** Whether facts say anything at all of what a condition asks. */
record Heard(SeriesStore store, EntityId entity) {
  boolean any(Condition condition) {
    if (condition instanceof Condition.All all) {
      return all.parts().stream().anyMatch(this::any);
    }
    if (condition instanceof Condition.Any any) {
      return any.parts().stream().anyMatch(this::any);
    }
    if (condition instanceof Condition.Not not) {
      return any(not.part());
    }
    if (condition instanceof Condition.Held held) {
      return any(held.part());
    }
    if (condition instanceof Condition.CheckPasses check) {
      return isHeard(entity, "check." + check.check());
    }
    return any(reading(condition));
  }

  private boolean any(Reading reading) {
    return store.topology().related(entity, reading.signal().entity()).stream()
        .anyMatch(one -> isHeard(one, reading.signal().name()));
  }

  private boolean isHeard(EntityId one, String signal) {
    Series series = store.find(one, signal);
    return series != null && series.isHeard();
  }

  private static Reading reading(Condition condition) {
    if (condition instanceof Condition.NumberTest test) {
      return reading(test.source());
    }
    if (condition instanceof Condition.NumberIn in) {
      return in.reading();
    }
    if (condition instanceof Condition.NanTest nan) {
      return nan.reading();
    }
    if (condition instanceof Condition.FlagTest flag) {
      return flag.reading();
    }
    if (condition instanceof Condition.WordTest word) {
      return word.reading();
    }
    if (condition instanceof Condition.WordMatches word) {
      return word.reading();
    }
    if (condition instanceof Condition.Silent silent) {
      return silent.reading();
    }
    if (condition instanceof Condition.Happens happens) {
      return happens.reading();
    }
    throw new IllegalStateException("a new kind of condition: " + condition);
  }

  private static Reading reading(NumberSource source) {
    if (source instanceof NumberSource.Latest latest) {
      return latest.reading();
    }
    if (source instanceof NumberSource.Window window) {
      return window.reading();
    }
    if (source instanceof NumberSource.Count count) {
      return count.event().reading();
    }
    if (source instanceof NumberSource.Ratio ratio) {
      return ratio.reading();
    }
    if (source instanceof NumberSource.Forecast forecast) {
      return forecast.reading();
    }
    throw new IllegalStateException("a new kind of source: " + source);
  }
}
