package dev.heal.engine.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.engine.reload.bundle.Bundle;
import dev.heal.engine.reload.bundle.Contents;
import dev.heal.engine.reload.store.GenerationStore;
import dev.heal.nvml.fake.FakeMachine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real engine is killed (SIGKILL) while it takes files that are being written, at moments drawn
 * from a seed: only whole sets that were checked are ever kept or in force.
 */
final class ReloadKillsTest {
  private static final int KILLS = Integer.getInteger("heal.reload.kills", 6);
  private static final long SEED = Long.getLong("heal.seed", 20_261_127L);

  /** From the last write: over the quiet time and through all stages. */
  private static final int LONGEST_MILLIS = 400;

  private static final String SITE =
      """
      heal 1
      node n1 { gpu 0 }
      pager oncall { command ["/bin/true"] }
      """;
  private static final String FAULT =
      """
      heal 1
      fault hot_%d on gpu { when nvml.temperature >= 88C, clear when nvml.temperature < 80C, missing freeze }
      """;
  private static final String POLICY =
      """
      heal 1
      policy cool {
        mode observe
        on hot_%d, within 30s, attempts 3 over 10m
        try     { throttle gpu { power 450W }, takes 1s, confirm nvml.temperature < 80C for 2s, timeout 60s }
        give up { page oncall }
      }
      """;

  @TempDir private Path folder;
  private final Random random = new Random(SEED);

  private Path policies() {
    return folder.resolve("policies");
  }

  private Path state() {
    return folder.resolve("state");
  }

  /** In place, one behind the other: for a moment they do not fit together. */
  private void write(int number) throws IOException {
    Files.writeString(policies().resolve("faults.heal"), FAULT.formatted(number));
    pause(random.nextInt(20));
    Files.writeString(policies().resolve("policies.heal"), POLICY.formatted(number));
  }

  private static void pause(int millis) {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  private Process engine() throws IOException {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.heal.engine.cli.Main",
            "run",
            "--policies",
            policies().toString(),
            "--state",
            state().toString(),
            "--node",
            "n1")
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("out").toFile()))
        .start();
  }

  private long inForce() {
    try {
      return GenerationStore.look(state()).current().orElse(0);
    } catch (IOException notYet) {
      return 0;
    }
  }

  /** The number that stands in both files of a generation. */
  private static int number(GenerationStore store, long generation) throws Exception {
    Contents contents = Bundle.read(store.load(generation).archive()).contents();
    String fault = text(contents, "faults.heal");
    int number = Integer.parseInt(fault.replaceAll("(?s).*fault hot_(\\d+) on.*", "$1"));
    assertThat(fault).isEqualTo(FAULT.formatted(number));
    assertThat(text(contents, "policies.heal")).isEqualTo(POLICY.formatted(number));
    return number;
  }

  private static String text(Contents contents, String file) {
    return new String(contents.bytes(file).orElseThrow(), StandardCharsets.UTF_8);
  }

  @Test
  void onlyWholeSetsAreEverInForce() throws Exception {
    Files.createDirectory(policies());
    Files.writeString(policies().resolve("site.heal"), SITE);
    write(0);
    int written = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      long before = inForce();
      Process engine = engine();
      try {
        Path socket = state().resolve("heal.sock");
        FakeMachine.await(() -> Files.exists(socket) && (before > 0 || inForce() > 0));
        write(++written);
        pause(random.nextInt(LONGEST_MILLIS));
      } finally {
        engine.destroyForcibly().waitFor();
      }
      Files.deleteIfExists(state().resolve("heal.sock")); // left by the dead one
      GenerationStore store = GenerationStore.look(state());
      for (GenerationStore.Listed listed : store.list()) {
        assertThat(listed).isInstanceOf(GenerationStore.Listed.Whole.class);
        assertThat(number(store, listed.number())).isBetween(0, written);
      }
    }
    Process last = engine();
    try {
      GenerationStore store = GenerationStore.look(state());
      int expected = written;
      FakeMachine.await(
          () -> {
            try {
              return number(store, inForce()) == expected;
            } catch (Exception notYet) {
              return false;
            }
          });
    } finally {
      last.destroy();
      assertThat(last.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(Files.readString(folder.resolve("out"))).doesNotContain("Exception");
    assertThat(List.of(state().toFile().list())).contains("generations", "journal.db");
  }
}
