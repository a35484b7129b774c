package dev.heal.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.engine.cli.demo.Demo;
import dev.heal.engine.journal.store.JournalReader;
import dev.heal.nvml.fake.FakeMachine;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole demonstration: all is healed, nothing is left, and it can be decided again. */
class DemoTest {
  @TempDir private Path folder;

  @Test
  void allFiveAreHealedAndTheRecordingDecidesTheSame() throws Exception {
    Path state;
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    try (FakeMachine machine = FakeMachine.of("h100x8", folder);
        Demo demo = Demo.prepare(Optional.of(Path.of(machine.library())))) {
      state = demo.state();
      boolean healed =
          DemoCommand.show(demo, Console.of(InputStream.nullInputStream(), shown, told));
      String all = shown.toString(StandardCharsets.UTF_8) + told.toString(StandardCharsets.UTF_8);
      assertThat(healed).as(all).isTrue();
      assertThat(all)
          .contains("--- segfault", "--- out of memory", "--- hang", "--- poison request")
          .contains("--- heat", "healed after");

      Operator operator = new Operator(state);
      ExitCode code =
          operator.run(
              List.of("simulate", "--from-recording", state.toString(), "--format", "json"));

      assertThat(code).as(operator.err()).isEqualTo(ExitCode.FINE);
      assertThat(operator.err()).doesNotContain("heal: ");
      StringBuilder journalled = new StringBuilder();
      try (JournalReader journal = JournalReader.open(state)) {
        journal.forEachEntry(0, stored -> journalled.append(EntryJson.of(stored.noted().entry())));
      }
      assertThat(operator.out()).isEqualTo(journalled.toString()).isNotEmpty();
    }
    assertThat(state.getParent()).as("nothing is left behind").doesNotExist();
    assertThat(
            ProcessHandle.current()
                .descendants()
                .filter(one -> one.info().commandLine().orElse("").contains("InferenceServer")))
        .isEmpty();
  }
}
