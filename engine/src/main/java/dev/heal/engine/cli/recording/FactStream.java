package dev.heal.engine.cli.recording;

import dev.heal.engine.fact.Fact;
import java.io.IOException;
import java.util.Optional;

/** Facts one after the other, as they stand in a recording. */
public interface FactStream {
  /** The next fact; empty at the end. */
  Optional<Fact> next() throws IOException;

  /** The file, as the operator named it. */
  String name();

  /** The line of the fact that {@link #next} gave last, from 1. */
  long line();
}
