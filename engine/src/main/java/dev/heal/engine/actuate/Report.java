package dev.heal.engine.actuate;

import dev.heal.engine.schedule.Outcome;
import java.util.Optional;

/**
 * What became of an order.
 *
 * @param memento what it replaced, in one line: kept in the journal as long as the act stands, and
 *     handed back to undo it. It is the one that the {@link Keeper} was given
 */
public record Report(Outcome outcome, Optional<String> memento) {
  static Report of(Outcome outcome) {
    return new Report(outcome, Optional.empty());
  }

  static Report of(Outcome.Kind kind, String because) {
    return of(new Outcome(kind, because));
  }

  static Report refused(String because) {
    return of(Outcome.Kind.REFUSED, because);
  }
}
