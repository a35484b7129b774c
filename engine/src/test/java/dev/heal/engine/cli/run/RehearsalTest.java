package dev.heal.engine.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RehearsalTest {
  @TempDir private Path state;

  @Test
  void repairsEveryFaultAndLeavesNothingBehind() throws IOException, InterruptedException {
    Files.createDirectory(state.resolve("rehearsal"));
    Files.writeString(state.resolve("rehearsal/left"), "by an engine that was killed");

    Rehearsal.Done done = Rehearsal.run(state, 1_800_000_000_000_000_000L);

    assertThat(done.rounds()).isPositive();
    try (Stream<Path> left = Files.list(state)) {
      assertThat(left).isEmpty();
    }
  }
}
