package dev.heal.engine.reload;

import dev.heal.engine.loop.Engine;
import dev.heal.engine.schedule.Answer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/** The running loop, as a reload needs it. From any thread. */
public interface LoopPort {
  /**
   * Says something to the engine: an input with its stamp, which is recorded.
   *
   * @param words as {@link ReloadCommands} knows them
   */
  CompletableFuture<Answer> command(List<String> words);

  /** Looks at the engine on the loop's thread, between two inputs; that decides nothing. */
  void look(BiConsumer<Engine, Long> look);
}
