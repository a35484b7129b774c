package dev.heal.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.engine.cli.run.Daemon;
import dev.heal.engine.cli.run.Watched;
import dev.heal.engine.cli.run.policy.PolicySettings;
import dev.heal.engine.journal.store.JournalReader;
import dev.heal.engine.loop.live.LoopMeter;
import dev.heal.engine.record.EntryType;
import dev.heal.engine.reload.store.GenerationStore;
import dev.heal.nvml.NvmlOptions;
import dev.heal.nvml.fake.FakeMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recording with reloads and tunes is decided again by the generations that the engine kept. */
@SuppressWarnings("try") // closed where the story says so
final class RecordedReloadsTest {
  private static final String SITE =
      """
      heal 1
      node n1 { gpu 0, gpu 1 }
      pager oncall { command ["/bin/true"] }
      """;
  private static final String RULES =
      """
      heal 1
      tune hot = 88C range 80C..92C "where throttling begins"
      fault hot on gpu {
        when       nvml.temperature >= hot
        clear when nvml.temperature < 70C
        missing    freeze
      }
      policy cool {
        mode enforce
        on hot, within 30s, attempts 30 over 10m
        try     { throttle gpu { power 450W }, takes 1s, confirm nvml.temperature < 75C, timeout 60s }
        give up { page oncall }
      }
      """;

  @TempDir private Path folder;
  private final Watched watched = new Watched();
  private Operator operator = new Operator(Path.of(""));

  @BeforeEach
  void files() throws IOException {
    operator = new Operator(state());
    Files.createDirectory(policies());
    save("site.heal", SITE);
    save("rules.heal", RULES);
  }

  private Path policies() {
    return folder.resolve("policies");
  }

  private Path state() {
    return folder.resolve("state");
  }

  private void save(String name, String text) throws IOException {
    Path beside = Files.writeString(folder.resolve(name + ".new"), text);
    Files.move(beside, policies().resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private Daemon daemon(FakeMachine machine) throws IOException {
    Daemon daemon =
        new Daemon(
            new Daemon.Settings(
                PolicySettings.of(List.of(policies()), Optional.empty()),
                state(),
                "n1",
                NvmlOptions.ofThisHost().withLibrary(machine.library()),
                Optional.empty(),
                Optional.empty(),
                true),
            watched,
            LoopMeter.NONE);
    daemon.start();
    return daemon;
  }

  private long count(EntryType type) {
    return watched.entries.stream().filter(e -> e.type() == type).count();
  }

  /** One fault at 85C by its first and another number, one by a tune; and a restart. */
  private void recorded() throws Exception {
    try (FakeMachine machine = FakeMachine.of("h100x8", folder)) {
      try (Daemon daemon = daemon(machine)) {
        machine.set("gpu 0 temperature 85");
        save("rules.heal", RULES.replace("tune hot = 88C", "tune hot = 84C"));
        FakeMachine.await(() -> count(EntryType.FAULT_RAISED) == 1);
        machine.set("gpu 0 temperature 60");
        FakeMachine.await(() -> count(EntryType.FAULT_CLEARED) == 1);
        save("rules.heal", RULES.replace("power 450W", "power 400W"));
        FakeMachine.await(() -> count(EntryType.RELOADED) == 2);
        machine.set("gpu 1 temperature 83");
        assertThat(operator.heal("tune", "hot", "82C", "--for", "2h"))
            .as(operator.err())
            .isEqualTo(ExitCode.FINE);
        FakeMachine.await(() -> count(EntryType.FAULT_RAISED) == 2);
        FakeMachine.await(() -> count(EntryType.ACTION_DONE) >= 2);
      }
      try (Daemon daemon = daemon(machine)) {
        machine.set("gpu 0 temperature 82");
        FakeMachine.await(() -> count(EntryType.FAULT_RAISED) == 3);
      }
    }
  }

  private List<String> journalled() throws IOException {
    try (JournalReader journal = JournalReader.open(state())) {
      StringBuilder lines = new StringBuilder();
      journal.forEachEntry(0, stored -> lines.append(EntryJson.of(stored.noted().entry())));
      return lines.toString().lines().toList();
    }
  }

  private ExitCode simulate(String... more) {
    List<String> line = new java.util.ArrayList<>();
    line.addAll(List.of("simulate", "--from-recording", state().toString(), "--format", "json"));
    line.addAll(List.of(more));
    return operator.run(line);
  }

  @Test
  void itDecidesWhatWasJournalled() throws Exception {
    recorded();
    save("rules.heal", RULES.replace("88C", "91C")); // whatever lies there now

    assertThat(simulate()).as(operator.err()).isEqualTo(ExitCode.FINE);

    assertThat(operator.out().lines().toList()).isEqualTo(journalled()).isNotEmpty();
    assertThat(operator.err()).doesNotContain("heal: ");
  }

  /** As a recording begins whose oldest segments are gone: with a checkpoint. */
  @Test
  void aSegmentThatOpensWithACheckpointIsDecidedByItself() throws Exception {
    try (FakeMachine machine = FakeMachine.of("h100x8", folder);
        Daemon daemon = daemon(machine)) {
      save("rules.heal", RULES.replace("power 450W", "power 400W"));
      FakeMachine.await(() -> count(EntryType.RELOADED) == 1);
      machine.set("gpu 0 temperature 90");
      FakeMachine.await(() -> count(EntryType.ACTION_DONE) == 1);
      machine.set("gpu 0 temperature 60");
      FakeMachine.await(() -> count(EntryType.REVERTED) == 1);
      FakeMachine.await(() -> daemon.checkpoint().join());
      machine.set("gpu 1 temperature 90");
      FakeMachine.await(() -> count(EntryType.ACTION_DONE) == 2);
    }
    assertThat(simulate()).as(operator.err()).isEqualTo(ExitCode.FINE);
    assertThat(operator.out().lines().toList()).isEqualTo(journalled());
    assertThat(simulate("--since", "1ms")).as(operator.err()).isEqualTo(ExitCode.FINE);
    assertThat(operator.out()).as("nothing of the last millisecond").isEmpty();
    assertThat(operator.err()).doesNotContain("heal: ");

    Files.delete(state().resolve("recording/000001.jsonl.gz"));
    assertThat(simulate()).as(operator.err()).isEqualTo(ExitCode.FINE);

    List<String> some = operator.out().lines().toList();
    List<String> all = journalled();
    assertThat(some)
        .isEqualTo(all.subList(all.size() - some.size(), all.size()))
        .first()
        .asString()
        .contains("fault_raised", "gpu:n1/1");
    assertThat(operator.err()).doesNotContain("heal: ");
  }

  @Test
  void whatIsNotKeptIsLeftOutOrStoodInForAndThatIsSaid() throws Exception {
    recorded();
    for (Path file : GenerationFiles.of(state(), 2)) {
      Files.delete(file);
    }

    assertThat(simulate()).isEqualTo(ExitCode.TOOL_FAILED);
    assertThat(operator.err())
        .contains("heal: the swap at ", " with the policies sha256:")
        .contains(
            "cannot be replayed: no generation with these policies is kept; all from there to the"
                + " next start or checkpoint is left out",
            "  = help: name them with --policies",
            " inputs are left out\n");
    List<String> all = journalled();
    List<String> some = operator.out().lines().toList();
    assertThat(all).containsSubsequence(some);
    assertThat(some)
        .as("the second engine is decided again")
        .last()
        .isEqualTo(all.get(all.size() - 1));
    assertThat(some.stream().filter(l -> l.contains("reloaded"))).isEmpty();

    assertThat(simulate("--strict")).isEqualTo(ExitCode.TOOL_FAILED);
    assertThat(operator.out()).isEmpty();

    Path same = Files.createDirectory(folder.resolve("then"));
    Files.writeString(same.resolve("site.heal"), SITE);
    Path rules = same.resolve("rules.heal");
    Files.writeString(rules, RULES.replace("tune hot = 88C", "tune hot = 84C"));
    assertThat(simulate("--policies", same.toString())).isEqualTo(ExitCode.FINE);
    assertThat(operator.out().lines().toList()).isEqualTo(all);
    assertThat(operator.err()).doesNotContain("heal: ");

    Files.writeString(rules, RULES.replace("tune hot = 88C", "tune hot = 92C"));
    assertThat(simulate("--policies", same.toString())).isEqualTo(ExitCode.FINE);
    assertThat(operator.err())
        .containsPattern(
            "heal: the swap at \\S+ with the policies sha256:\\w+: no generation with these policies"
                + " is kept; those of --policies stand in and may decide otherwise\n");
    assertThat(operator.out().lines().toList()).isNotEqualTo(all);
  }

  @Test
  void aStateFolderThatKeepsNothingCannotBeReplayedWithoutPolicies() throws Exception {
    try (FakeMachine machine = FakeMachine.of("h100x8", folder)) {
      daemon(machine).close();
    }
    for (Path file : GenerationFiles.of(state(), 1)) {
      Files.delete(file);
    }

    assertThat(simulate()).isEqualTo(ExitCode.TOOL_FAILED);

    assertThat(operator.out()).isEmpty();
    assertThat(operator.err()).contains("heal: the start at ", "no generation with these policies");
    assertThat(simulate("--site", "x.heal")).isEqualTo(ExitCode.USAGE);
    assertThat(operator.run(List.of("simulate", "--facts", "-"))).isEqualTo(ExitCode.USAGE);
    assertThat(operator.err()).contains("--facts needs --policies");
  }

  /** What the state folder has of a generation. */
  private static final class GenerationFiles {
    static List<Path> of(Path state, long number) throws Exception {
      String digest = GenerationStore.look(state).load(number).generation().archive().toString();
      Path folder = state.resolve("generations");
      Path object = folder.resolve("objects").resolve(digest.replace("sha256:", "") + ".bundle");
      assertThat(object).exists();
      return List.of(folder.resolve("%09d.generation".formatted(number)), object);
    }
  }
}
