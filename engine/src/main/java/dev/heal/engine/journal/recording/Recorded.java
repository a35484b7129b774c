package dev.heal.engine.journal.recording;

import dev.heal.engine.fact.Fact;
import dev.heal.engine.schedule.Interim;
import dev.heal.engine.schedule.Outcome;
import dev.heal.engine.schedule.Past;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/** What the loop took in, with its stamp: nanoseconds since the epoch, given when it entered. */
public sealed interface Recorded {
  long stamp();

  /** With nothing but this and the policies, all behind it can be decided again. */
  sealed interface Beginning extends Recorded {
    /** The digest of the policies; empty where it is not known. */
    String policies();

    /** What of the policies was otherwise than their files say, for a time. */
    Interim interim();
  }

  /**
   * An engine began here.
   *
   * @param past what it took over
   */
  record Started(long stamp, Past past, String policies) implements Beginning {
    public Started {
      Objects.requireNonNull(past);
      Objects.requireNonNull(policies);
    }

    @Override
    public Interim interim() {
      return past.interim();
    }
  }

  /**
   * All that an engine knew here; nothing was under way.
   *
   * @param generation the number of its policies
   * @param state one JSON object without a line feed; asked for by the thread that writes it
   */
  record Checkpoint(
      long stamp, long generation, String policies, Interim interim, Supplier<String> state)
      implements Beginning {
    public Checkpoint {
      Objects.requireNonNull(policies);
      Objects.requireNonNull(interim);
      Objects.requireNonNull(state);
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
