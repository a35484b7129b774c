package dev.heal.engine.loop.live;

import dev.heal.engine.loop.Engine;
import dev.heal.engine.schedule.Answer;
import dev.heal.engine.schedule.Outcome;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/** Something that enters the loop. It gets its stamp there. */
sealed interface Input {
  /** About how much memory it takes. */
  int bytes();

  /** What a source heard. */
  record Heard(Source source, int bytes) implements Input {}

  /** The hands have ended an order. */
  record Ended(long order, Outcome outcome) implements Input {
    @Override
    public int bytes() {
      return outcome.because().length();
    }
  }

  /** Something is said to the engine. */
  record Command(List<String> words, CompletableFuture<Answer> answer) implements Input {
    public Command {
      words = List.copyOf(words);
    }

    @Override
    public int bytes() {
      return words.stream().mapToInt(String::length).sum();
    }
  }

  /** Somebody wants to look at the engine; that changes nothing, and is not recorded. */
  record Look(BiConsumer<Engine, Long> look) implements Input {
    @Override
    public int bytes() {
      return 0;
    }
  }
}
