package dev.heal.engine.journal.recording;

import dev.heal.engine.fact.Fact;
import dev.heal.engine.schedule.Outcome;
import java.util.List;
import java.util.Objects;

/** What the loop took in, with its stamp: nanoseconds since the epoch, given when it entered. */
public sealed interface Input {
  long stamp();

  /** Something was heard; the stamp may differ from the time of the fact. */
  record FactInput(long stamp, Fact fact) implements Input {
    public FactInput {
      Objects.requireNonNull(fact);
    }
  }

  /** An order ended. */
  record OutcomeInput(long stamp, long orderId, Outcome outcome) implements Input {
    public OutcomeInput {
      Objects.requireNonNull(outcome);
    }
  }

  /** An operator said something: the words of the command, {@code approve}, {@code 12}. */
  record CommandInput(long stamp, List<String> arguments) implements Input {
    public CommandInput {
      arguments = List.copyOf(arguments);
    }
  }
}
