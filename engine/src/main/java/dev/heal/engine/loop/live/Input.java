package dev.heal.engine.loop.live;

import dev.heal.engine.fact.Fact;
import dev.heal.engine.loop.Engine;
import dev.heal.engine.schedule.Outcome;
import java.util.function.BiConsumer;

/** Something that enters the loop. It gets its stamp there. */
public sealed interface Input {
  /** What a source heard: the facts of a stamp. */
  record Heard(Source source) implements Input {
    /** Makes facts at the time of the stamp; called on the loop's thread, once. */
    @FunctionalInterface
    public interface Source {
      Iterable<Fact> facts(long stamp);
    }
  }

  /** The hands have ended an order. */
  record Ended(long order, Outcome outcome) implements Input {}

  /** An operator's word. */
  record Command(BiConsumer<Engine, Long> command) implements Input {}
}
