package dev.heal.engine.cli.run;

import dev.heal.engine.journal.recording.Recorder;
import dev.heal.engine.journal.store.Journal;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Makes the inputs durable that orders come from, before the orders are. */
final class Inputs implements Journal.Before {
  private volatile Optional<Recorder> recorder = Optional.empty();

  /** From here on, there are inputs. */
  void are(Recorder opened) {
    recorder = Optional.of(opened);
  }

  @Override
  public CompletableFuture<?> makeDurable() {
    return recorder.isPresent() ? recorder.get().sync() : CompletableFuture.completedFuture(null);
  }
}
