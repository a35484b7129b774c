package dev.heal.engine.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.engine.actuate.Hands;
import dev.heal.engine.loop.live.SourceBook.SourceView;
import dev.heal.engine.loop.live.SourceBook.State;
import dev.heal.engine.parts.RealSlurm;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import dev.heal.nvml.NvmlOptions;
import dev.heal.nvml.fake.FakeMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that is cordoned and taken back, the whole way: what is done is seen, and confirmed. */
class NodeStateTest {
  private static final String SITE =
      """
      heal 1
      node node1 {
        @NODE@
      }
      service worker on node1 {
        run     ["sleep", "600"]
        restart via supervised
      }
      pager oncall { command ["/usr/bin/touch", "@FOLDER@/paged"] }
      fault crashed on service "It was killed" {
        when  process exits with signal in [SIGKILL]
        clear after 10m
      }
      policy revive {
        mode enforce
        on crashed, within 2m, attempts 3 over 10m
        try     { cordon node, takes 1s, confirm node.cordoned, timeout @TIMEOUT@ }
        then    { restart service { fresh }, takes 1s, confirm process.running for 2s, timeout 60s }
        then    { uncordon node, takes 1s, confirm node.schedulable, timeout 60s }
        give up { page oncall }
      }
      """;

  /** Each writes what the command says from then on; it is asked once an hour, and when needed. */
  private static final String OF_THE_SITE =
      """
      cordon     via command ["/bin/sh", "-c", "echo cordoned by heal > @FOLDER@/new; mv @FOLDER@/new @FOLDER@/state"]
      uncordon   via command ["/bin/sh", "-c", "echo schedulable > @FOLDER@/new; mv @FOLDER@/new @FOLDER@/state"]
      scheduling command ["/bin/cat", "@FOLDER@/state"] every 1h
      """;

  private static final String BY_SLURM = "cordon via slurm, uncordon via slurm";

  @TempDir private Path folder;

  private final Watched observer = new Watched();

  private String site(String node, String timeout) {
    return SITE.replace("@NODE@", node)
        .replace("@TIMEOUT@", timeout)
        .replace("@FOLDER@", folder.toString());
  }

  private Daemon.Settings settings(String site) {
    return new Daemon.Settings(
        SiteFile.in(folder.resolve("policies"), site),
        folder.resolve("state-of-heal"),
        "node1",
        NvmlOptions.ofThisHost(),
        Optional.empty(),
        Optional.empty(),
        true);
  }

  /** How the source stands in {@code heal status}. */
  private static Optional<SourceView> source(Daemon daemon) {
    return daemon.page().join().loop().sources().stream()
        .filter(source -> source.name().equals("node state"))
        .findFirst();
  }

  private static void awaitHeard(Daemon daemon) {
    FakeMachine.await(() -> source(daemon).filter(s -> s.state() == State.HEARD).isPresent());
  }

  private void crash(Daemon daemon) {
    FakeMachine.await(() -> daemon.process("worker").isPresent());
    ProcessHandle.of(daemon.process("worker").orElseThrow()).orElseThrow().destroyForcibly();
  }

  private void assertRepaired() {
    observer.await(EntryType.ENDED, "crashed");
    assertThat(observer.entries)
        .extracting(Entry::type)
        .containsSubsequence(
            EntryType.FAULT_RAISED,
            EntryType.ACTION_DONE,
            EntryType.CONFIRMED,
            EntryType.ACTION_DONE,
            EntryType.CONFIRMED,
            EntryType.ACTION_DONE,
            EntryType.CONFIRMED,
            EntryType.ENDED);
    assertThat(observer.count(EntryType.ACTION_DONE, "crashed")).isEqualTo(3);
    assertThat(folder.resolve("paged")).doesNotExist();
  }

  @Test
  void aCordonIsSeenAndTheNodeIsTakenBack() throws IOException {
    Path state = Files.writeString(folder.resolve("state"), "schedulable\n");
    String site = site(OF_THE_SITE, "60s");
    try (Daemon daemon = new Daemon(settings(site), observer)) {
      daemon.start();
      awaitHeard(daemon);
      crash(daemon);
      assertRepaired();
    }
    assertThat(state).hasContent("schedulable");
    ReplayLaw.assertHolds(folder.resolve("state-of-heal"), site);
  }

  @Test
  void whereNobodySaysHowTheNodeStandsNothingIsConfirmed() throws IOException {
    Path state = Files.writeString(folder.resolve("state"), "perhaps\n");
    String site = site(OF_THE_SITE.replace("mv ", "true ").replace("1h", "200ms"), "2s");
    try (Daemon daemon = new Daemon(settings(site), observer)) {
      daemon.start();
      FakeMachine.await(() -> source(daemon).filter(s -> s.trouble().isPresent()).isPresent());
      crash(daemon);
      FakeMachine.await(() -> Files.exists(folder.resolve("paged")));

      assertThat(observer.count(EntryType.CONFIRMED, "crashed")).isZero();
      SourceView source = source(daemon).orElseThrow();
      assertThat(source.count()).isZero();
      assertThat(source.trouble().orElse("")).startsWith("`/bin/cat` has said `perhaps`: ");

      Files.writeString(state, "down\n");
      awaitHeard(daemon);
      FakeMachine.await(() -> source(daemon).orElseThrow().trouble().isEmpty());
    }
    assertThat(observer.told)
        .contains("node state: is heard again")
        .filteredOn(told -> told.contains("perhaps"))
        .as("told once")
        .hasSize(1);
  }

  @Test
  void theSourceFollowsTheSite() throws IOException {
    Path unused = Files.writeString(folder.resolve("state"), "schedulable\n");
    String noSource = OF_THE_SITE.replaceAll("scheduling .*", "");
    try (Daemon daemon = new Daemon(settings(site(noSource, "60s")), observer)) {
      daemon.start();
      assertThat(source(daemon)).isEmpty();

      assertThat(settings(site(OF_THE_SITE, "60s")).node()).isEqualTo("node1");
      awaitHeard(daemon);

      assertThat(settings(site(noSource, "60s")).node()).isEqualTo("node1");
      FakeMachine.await(() -> source(daemon).isEmpty());
    }
  }

  private Hands.Tools tools(String scontrol) {
    return new Hands.Tools(
        Duration.ofMinutes(1),
        Hands.Tools.USUAL.systemBus(),
        Hands.Tools.USUAL.units(),
        Hands.Tools.USUAL.containers(),
        scontrol);
  }

  @Test
  @Tag("real")
  void aRealSlurmSaysThatItsNodeIsDrainedAndTakenBack() throws IOException {
    try (RealSlurm slurm = RealSlurm.start(folder.resolve("slurm"));
        Daemon daemon =
            new Daemon(settings(site(BY_SLURM, "60s")), observer, tools(slurm.scontrol()))) {
      daemon.start();
      awaitHeard(daemon);
      crash(daemon);
      assertRepaired();
      assertThat(slurm.tool("scontrol", "show", "node", "node1", "--oneliner"))
          .contains(" State=IDLE ");
    }
  }

  @Test
  @Tag("real")
  void aNodeThatSomebodyElseHasDrainedIsLeftAlone() throws IOException {
    try (RealSlurm slurm = RealSlurm.start(folder.resolve("slurm"));
        Daemon daemon =
            new Daemon(settings(site(BY_SLURM, "60s")), observer, tools(slurm.scontrol()))) {
      String unused =
          slurm.tool(
              "scontrol", "update", "nodename=node1", "state=drain", "reason=a bad disk [is] in");
      daemon.start();
      awaitHeard(daemon);
      crash(daemon);
      FakeMachine.await(
          () ->
              observer.entries.stream()
                  .anyMatch(
                      entry ->
                          entry.type() == EntryType.HELD
                              && entry.because().contains("node:node1 is cordoned by root")));
      assertThat(observer.count(EntryType.ACTION_STARTED, "crashed")).isZero();
    }
  }

  @Test
  void withoutSlurmNothingIsKnownOfTheNode() throws IOException {
    String scontrol = folder.resolve("gone/scontrol").toString();
    try (Daemon daemon = new Daemon(settings(site(BY_SLURM, "2s")), observer, tools(scontrol))) {
      daemon.start();
      FakeMachine.await(() -> source(daemon).filter(s -> s.trouble().isPresent()).isPresent());
      assertThat(source(daemon).orElseThrow().trouble().orElse(""))
          .contains("`" + scontrol + "`: ");
      assertThat(source(daemon).orElseThrow().count()).isZero();
    }
  }
}
