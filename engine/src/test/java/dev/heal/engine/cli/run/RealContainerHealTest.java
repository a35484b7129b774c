package dev.heal.engine.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.engine.journal.Incident;
import dev.heal.engine.journal.IncidentFilter;
import dev.heal.engine.journal.IncidentState;
import dev.heal.engine.journal.store.JournalReader;
import dev.heal.engine.parts.RealContainer;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import dev.heal.nvml.fake.FakeMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole way: {@code heal run} on a host whose container engine is a real podman. A container is
 * killed, and another says that it is sick; both are started again, and the incidents end repaired.
 */
@Tag("real")
class RealContainerHealTest {
  private static final String SITE =
      """
      heal 1
      node n1 { }
      service llm on n1 {
        container "llm"
        restart via container
      }
      service web on n1 {
        container "web"
        restart via container
      }
      pager oncall { command ["/bin/true"] }
      fault crashed on service "It was killed" {
        when  process exits with signal in [SIGKILL]
        clear after 10m
      }
      fault sick on service "It says so" {
        when  log matches `I am sick`
        clear after 10m
      }
      policy revive {
        mode enforce
        on crashed, within 30s, attempts 3 over 10m
        try     { restart service, takes 1s, confirm process.running for 2s, timeout 60s }
        give up { page oncall }
      }
      policy heed {
        mode enforce
        on sick, within 30s, attempts 3 over 10m
        try     { restart service, takes 1s, confirm process.running for 2s, timeout 60s }
        give up { page oncall }
      }
      """;

  private static final String WORKS = "trap 'exit 0' TERM; while :; do sleep 0.1; done";

  /** Says once that it is sick, when it is made so. */
  private static final String SAYS =
      "trap 'exit 0' TERM; while :; do sleep 0.1; if test -e /host/sick; then cat /host/sick;"
          + " rm /host/sick; fi; done";

  @TempDir private Path folder;

  /** Where the engine's socket is looked for, is ours: in a mount namespace of heal's own. */
  private Process heal(Path parts) throws IOException {
    Path site = Files.writeString(folder.resolve("site.heal"), SITE);
    return new ProcessBuilder(
            "/usr/bin/unshare",
            "--mount",
            "/bin/sh",
            "-c",
            "mount --bind \"$0\" /run && exec \"$@\"",
            parts.toString(),
            ProcessHandle.current().info().command().orElseThrow(),
            "-cp",
            System.getProperty("java.class.path"),
            "dev.heal.engine.cli.Main",
            "run",
            "--policies",
            site.toString(),
            "--state",
            folder.resolve("state").toString(),
            "--node",
            "n1")
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("out").toFile())
        .start();
  }

  @Test
  void aKilledContainerAndASickOneAreStartedAgainAndTheIncidentsEndRepaired() throws Exception {
    Path parts = Files.createDirectories(folder.resolve("parts"));
    Path host = Files.createDirectories(folder.resolve("host"));
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/unshare"))
            && Path.of("/var/run").toRealPath().equals(Path.of("/run")),
        "SKIPPED: this test puts a socket at /var/run of a mount namespace of its own");
    try (RealContainer podman = RealContainer.start(parts)) {
      podman.run("llm", "/bin/sh", "-c", WORKS);
      podman.run("web", List.of("-v", host + ":/host"), "/bin/sh", "-c", SAYS);
      String before = podman.inspect("llm", "{{.State.Pid}}");
      String beforeOfWeb = podman.inspect("web", "{{.State.Pid}}");
      Process heal = heal(parts);
      try {
        FakeMachine.await(() -> kept("place log of container llm").isPresent());
        FakeMachine.await(() -> kept("place log of container web").isPresent());

        String unused = podman.podman("kill", "llm");
        Path text = Files.writeString(folder.resolve("text"), "I am sick\n");
        Files.move(text, host.resolve("sick"));

        FakeMachine.await(() -> state("crashed").isPresent() && state("sick").isPresent());
        FakeMachine.await(
            () -> count(EntryType.ENDED, "crashed") == 1 && count(EntryType.ENDED, "sick") == 1);
        assertThat(state("crashed")).contains(IncidentState.REPAIRED);
        assertThat(state("sick")).contains(IncidentState.REPAIRED);
        assertThat(podman.inspect("llm", "{{.State.Pid}}")).isNotIn(before, "0");
        assertThat(podman.inspect("web", "{{.State.Pid}}")).isNotIn(beforeOfWeb, "0");
        // neither the end that its own stop caused nor a line told twice
        assertThat(count(EntryType.FAULT_RAISED, "crashed")).isEqualTo(1);
        assertThat(count(EntryType.FAULT_RAISED, "sick")).isEqualTo(1);
      } catch (AssertionError failed) {
        throw new AssertionError(Files.readString(folder.resolve("out")), failed);
      } finally {
        heal.destroy();
        heal.waitFor();
      }
    }
  }

  private Optional<String> kept(String prefix) {
    try (JournalReader reader = JournalReader.open(folder.resolve("state"))) {
      return reader.recovery().kept().keySet().stream()
          .filter(key -> key.startsWith(prefix))
          .findFirst();
    } catch (IOException notYet) {
      return Optional.empty();
    }
  }

  private Optional<IncidentState> state(String fault) {
    try (JournalReader reader = JournalReader.open(folder.resolve("state"))) {
      return reader.incidents(IncidentFilter.newest(100)).stream()
          .filter(incident -> incident.instance().fault().equals(fault))
          .map(Incident::state)
          .findFirst();
    } catch (IOException notYet) {
      return Optional.empty();
    }
  }

  private long count(EntryType type, String fault) {
    List<Entry> entries = new ArrayList<>();
    try (JournalReader reader = JournalReader.open(folder.resolve("state"))) {
      reader.forEachEntry(0, stored -> entries.add(stored.noted().entry()));
    } catch (IOException notYet) {
      return 0;
    }
    return entries.stream()
        .filter(
            e -> e.type() == type && e.instance().filter(i -> i.fault().equals(fault)).isPresent())
        .count();
  }
}
