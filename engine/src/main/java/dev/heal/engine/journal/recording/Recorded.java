package dev.heal.engine.journal.recording;

import dev.heal.engine.fact.Fact;
import dev.heal.engine.schedule.Outcome;
import dev.heal.engine.schedule.Past;
import java.util.List;
import java.util.Objects;

/** What the loop took in, with its stamp: nanoseconds since the epoch, given when it entered. */
public sealed interface Recorded {
  long stamp();

  /**
   * An engine began here, with nothing but this and its policies.
   *
   * @param past what it took over
   * @param policies their digest; empty where it is not known
   */
  record Started(long stamp, Past past, String policies) implements Recorded {
    public Started {
      Objects.requireNonNull(past);
      Objects.requireNonNull(policies);
    }
  }

  /** Something was heard; the stamp may differ from the time of the fact. */
  record Heard(long stamp, Fact fact) implements Recorded {
    public Heard {
      Objects.requireNonNull(fact);
    }
  }

  /** An order ended. */
  record Ended(long stamp, long orderId, Outcome outcome) implements Recorded {
    public Ended {
      Objects.requireNonNull(outcome);
    }
  }

  /** Something was said to the engine: the words of the command, {@code approve}, {@code 12}. */
  record Commanded(long stamp, List<String> words) implements Recorded {
    public Commanded {
      words = List.copyOf(words);
    }
  }
}
