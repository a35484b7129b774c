package dev.heal.engine.schedule;

import dev.heal.engine.decide.Ladder;
import dev.heal.engine.fact.FaultInstance;
import java.util.Map;
import java.util.Optional;

/** One spell of a raised fault, from raised to clear, and what was done about it. */
final class Episode {
  /** How the repair of this spell ended; while it is open no second ladder is begun. */
  enum End {
    OPEN,
    REPAIRED,
    GAVE_UP,
    VOID
  }

  final FaultInstance instance;
  final long raisedAt;

  /** What raised it said, by name. */
  final Map<String, String> captures;

  Optional<Ladder> ladder = Optional.empty();
  Optional<FaultInstance> suppressedBy = Optional.empty();

  /** An operator handed it back: its next ladder begins at its foot, whatever was tried before. */
  boolean resumed;

  End end = End.OPEN;

  Episode(FaultInstance instance, long raisedAt, Map<String, String> captures) {
    this.instance = instance;
    this.raisedAt = raisedAt;
    this.captures = Map.copyOf(captures);
  }
}
