package dev.heal.engine.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short run of {@code engine/kills}. */
class KillsTest {
  private static final int KILLS = 20;

  @Test
  void anEngineThatIsKilledAtAnyStepDoesNothingTwiceAndForgetsNothing(@TempDir Path folder)
      throws IOException, InterruptedException {
    assertThat(Kills.run(KILLS, 20261127, folder)).contains("none left");
  }
}
