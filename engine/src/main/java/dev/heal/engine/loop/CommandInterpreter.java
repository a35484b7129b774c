package dev.heal.engine.loop;

import dev.heal.engine.schedule.Answer;
import java.util.List;

/**
 * Carries out what is said to a running engine. A function of the engine's state, the words and the
 * stamp: the same words at the same stamp do the same when a recording is replayed.
 */
@FunctionalInterface
public interface CommandInterpreter {
  /**
   * Carries a command out.
   *
   * @param at its stamp, nanoseconds since the epoch
   * @return the answer, for whoever gave it
   */
  Answer run(Engine engine, List<String> words, long at);
}
