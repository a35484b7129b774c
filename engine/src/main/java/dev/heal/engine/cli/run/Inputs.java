package dev.heal.engine.cli.run;

import dev.heal.engine.journal.recording.Recorder;
import dev.heal.engine.journal.store.Journal;
import java.util.Optional;

/** Makes the inputs durable that orders come from, before the orders are. */
final class Inputs implements Journal.Before {
  private volatile Optional<Recorder> recorder = Optional.empty();

  /** From here on, there are inputs. */
  void are(Recorder opened) {
    recorder = Optional.of(opened);
  }

  @Override
  public void startsAreDurable() {
    recorder.ifPresent(open -> open.sync().join());
  }
}
