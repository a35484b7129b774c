package dev.heal.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.engine.cli.run.Daemon;
import dev.heal.engine.cli.run.SiteFile;
import dev.heal.engine.cli.run.Watched;
import dev.heal.engine.journal.StoredOrder;
import dev.heal.engine.journal.store.JournalReader;
import dev.heal.engine.loop.live.LoopMeter;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import dev.heal.nvml.NvmlOptions;
import dev.heal.nvml.fake.FakeMachine;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Operators and a running engine: real processes, a real journal, the real socket. */
class OperationsTest {
  private static final String SITE =
      """
      heal 1
      node n1 { pool "inference" }
      service worker on n1 {
        run     ["sleep", "600"]
        log     "@FOLDER@/worker.log"
        restart via supervised
      }
      service clerk on n1 {
        run     ["sleep", "601"]
        log     "@FOLDER@/clerk.log"
        restart via command ["sh", "-c", "sleep 30; touch @FOLDER@/restarted"]
      }
      pager oncall { command ["touch", "@FOLDER@/paged"] }
      breaker storm { trip 100% of services over 5m }
      fault crashed on service "It was killed" {
        when  process exits with signal in [SIGKILL]
        clear after 10m
      }
      fault odd on service "It says so" {
        when   log matches `I am odd`
        sample "I am odd"
        clear  after 10m
      }
      policy revive {
        mode enforce
        on crashed, within 30s, attempts 3 over 10m
        try     { restart service { fresh }, takes 1s, confirm process.running for 2s, timeout 60s }
        give up { page oncall }
      }
      policy ask {
        mode approve
        on odd, within 30s, attempts 3 over 10m
        try     { restart service { fresh }, takes 1s, confirm process.running for 2s, timeout 60s }
        give up { page oncall }
      }
      """;

  @TempDir private Path folder;
  private final Watched watched = new Watched();
  private String out = "";
  private String err = "";

  private Path state() {
    return folder.resolve("state");
  }

  private Daemon daemon() throws IOException {
    String text = SITE.replace("@FOLDER@", folder.toString());
    return new Daemon(
        new Daemon.Settings(
            SiteFile.in(folder.resolve("policies"), text),
            state(),
            "n1",
            NvmlOptions.ofThisHost(),
            Optional.empty(),
            Optional.empty(),
            true),
        watched,
        LoopMeter.NONE);
  }

  /** A command as an operator gives it, with this state folder. */
  private ExitCode heal(String... words) {
    Operator operator = new Operator(state());
    ExitCode code = operator.heal(words);
    out = operator.out();
    err = operator.err();
    return code;
  }

  private void await(EntryType type, String fault) {
    FakeMachine.await(
        () ->
            watched.entries.stream()
                .anyMatch(
                    e ->
                        e.type() == type
                            && e.instance().filter(i -> i.fault().equals(fault)).isPresent()));
  }

  private static void kill(Daemon daemon, String service) {
    String line =
        daemon.running().stream().filter(one -> one.startsWith(service)).findFirst().orElseThrow();
    long process = Long.parseLong(line.replaceAll("\\D+", ""));
    assertThat(ProcessHandle.of(process).orElseThrow().destroyForcibly()).isTrue();
  }

  @Test
  void theStatusOfAnEngineThatIsWell() throws IOException {
    try (Daemon daemon = daemon()) {
      daemon.start();
      FakeMachine.await(() -> heal("status") == ExitCode.FINE && out.contains("service:n1/worker"));

      assertThat(err).isEmpty();
      assertThat(out)
          .startsWith("heal ")
          .contains(" on n1, process " + ProcessHandle.current().pid() + ", since ")
          .contains("\nmode      enforcing\n")
          .contains("1 enforce, 1 ask for approval, 0 observe")
          .contains("\njournal   written, ")
          .contains("\nqueue     ")
          .contains("\nno fault is raised\n")
          .contains("child worker");
      assertThat(heal("status", "--json")).isEqualTo(ExitCode.FINE);
      assertThat(out)
          .hasLineCount(1)
          .startsWith("{\"t\":\"")
          .contains("\"mode\":\"enforcing\",\"modes\":[\"enforcing\"]")
          .contains("\"policies\":{\"generation\":1,\"digest\":\"sha256:")
          .contains("\"journal\":{\"writable\":true,")
          .contains("\"entity\":\"service:n1/worker\"");
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(state().resolve("heal.sock"))))
          .isEqualTo("rw-------");
    }
    assertThat(state().resolve("heal.sock")).doesNotExist();
    assertThat(heal("status")).isEqualTo(ExitCode.TOOL_FAILED);
    assertThat(err)
        .isEqualTo(
            """
            heal: no engine runs on `@`
              = help: start it: `heal run --policies DIR --site FILE --state @`
            """
                .replace("@", state().toString()));
  }

  @Test
  void aPauseHoldsOverARestartUntilItIsResumed() throws IOException {
    try (Daemon daemon = daemon()) {
      daemon.start();
      assertThat(heal("pause", "--because", "new firmware")).isEqualTo(ExitCode.FINE);
      assertThat(out).isEqualTo("auto-repair is off: nothing is touched until `heal resume`\n");
    }
    try (Daemon daemon = daemon()) {
      daemon.start();
      assertThat(heal("status")).isEqualTo(ExitCode.FINE);
      assertThat(out).contains("\nmode      PAUSED: NOTHING IS TOUCHED since ", ": new firmware;");
      FakeMachine.await(() -> daemon.running().size() == 2);
      kill(daemon, "worker");
      await(EntryType.HELD, "crashed");
      assertThat(heal("status")).isEqualTo(ExitCode.FINE);
      assertThat(out)
          .contains("crashed on service:n1/worker #1")
          .contains("restart service:n1/worker")
          .contains("held: auto-repair is switched off");
      assertThat(heal("pause", "--json")).isEqualTo(ExitCode.FINE);
      assertThat(out).startsWith("{\"outcome\":\"already\",\"message\":\"auto-repair is off");

      assertThat(heal("resume")).isEqualTo(ExitCode.FINE);
      await(EntryType.ENDED, "crashed");
      assertThat(watched.entries).extracting(Entry::type).contains(EntryType.CONFIRMED);
    }
  }

  @Test
  void whatAsksFirstWaitsForItsNumber() throws IOException {
    Path log = folder.resolve("worker.log");
    Files.writeString(log, "");
    try (Daemon daemon = daemon()) {
      daemon.start();
      FakeMachine.await(
          () -> {
            say(log, "I am odd");
            return watched.entries.stream().anyMatch(e -> e.type() == EntryType.HELD);
          });

      assertThat(heal("status")).isEqualTo(ExitCode.FINE);
      assertThat(out)
          .contains("\nwaiting for your approval (1)\n  1    `ask` for odd on service:n1/worker")
          .contains("`heal approve 1 --state " + state() + "`");
      assertThat(heal("approve", "7")).isEqualTo(ExitCode.ENGINE_REFUSED);
      assertThat(err).startsWith("heal: there is no repair 7: it has ended, or never was;");
      assertThat(heal("approve", "one")).isEqualTo(ExitCode.USAGE);
      assertThat(heal("clear", "odd", "worker")).isEqualTo(ExitCode.USAGE);
      assertThat(heal("approve", "1")).isEqualTo(ExitCode.FINE);
      assertThat(out).isEqualTo("repair 1 (`ask` for odd on service:n1/worker) is approved\n");
      await(EntryType.ENDED, "odd");
      assertThat(heal("reject", "1")).isEqualTo(ExitCode.ENGINE_REFUSED);
    }
  }

  private static void say(Path log, String line) {
    try {
      Files.writeString(log, line + "\n", StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void maintenanceAndBreakers() throws IOException {
    try (Daemon daemon = daemon()) {
      daemon.start();
      assertThat(
              heal(
                  "maintenance",
                  "start",
                  "fans",
                  "--on",
                  "node:n1",
                  "--allow",
                  "degrade,throttle",
                  "--for",
                  "2h"))
          .isEqualTo(ExitCode.FINE);
      assertThat(out).startsWith("maintenance `fans` is on, until ");
      assertThat(heal("status")).isEqualTo(ExitCode.FINE);
      assertThat(out)
          .contains("\nmode      maintenance `fans` on [node:n1] since ")
          .contains("allowed: [degrade, throttle]")
          .contains("\n          else enforcing\n");
      assertThat(heal("maintenance", "start", "--on", "node:n2"))
          .isEqualTo(ExitCode.ENGINE_REFUSED);
      assertThat(err).isEqualTo("heal: node:n2 is not known; did you mean `node:n1`?\n");
      assertThat(heal("maintenance", "start", "--for", "soon")).isEqualTo(ExitCode.USAGE);
      assertThat(heal("maintenance", "begin")).isEqualTo(ExitCode.USAGE);
      assertThat(heal("maintenance", "stop")).isEqualTo(ExitCode.FINE);
      assertThat(heal("breaker", "reset")).isEqualTo(ExitCode.FINE);
      assertThat(out).isEqualTo("no breaker is open\n");
      assertThat(heal("breaker", "reset", "stom")).isEqualTo(ExitCode.ENGINE_REFUSED);
      assertThat(heal("breaker", "open")).isEqualTo(ExitCode.USAGE);
    }
  }

  @Test
  void aSocketThatADeadEngineLeftIsReplacedAndAnythingElseIsNot() throws IOException {
    Files.createDirectory(state());
    Path socket = state().resolve("heal.sock");
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(socket));
    }
    assertThat(heal("status")).isEqualTo(ExitCode.TOOL_FAILED);
    assertThat(err).contains("no engine runs on `" + state() + "`: the last one did not end in");
    try (Daemon daemon = daemon()) {
      daemon.start();
      assertThat(heal("status")).isEqualTo(ExitCode.FINE);
    }
    Files.writeString(socket, "somebody's");
    try (Daemon daemon = daemon()) {
      Assertions.assertThatThrownBy(daemon::start)
          .hasMessage("`" + socket + "` is there already, and is no socket");
    }
    assertThat(socket).hasContent("somebody's");
  }

  @Test
  void aPathThatNoSocketCanHaveIsRefusedBeforeAnythingBegins() throws IOException {
    Path real = folder;
    folder = real.resolve("x".repeat(100));
    Assertions.assertThatThrownBy(this::daemon)
        .hasMessageContaining("the path of the socket, `" + state())
        .hasMessageContaining("and no more than 107 are possible");
    assertThat(heal("status")).isEqualTo(ExitCode.TOOL_FAILED);
    assertThat(err).contains("give a shorter --state folder");
    assertThat(state()).doesNotExist();
  }

  @Test
  void whatDoesNotEndWithTheEngineIsWrittenDownAsUnknown() throws IOException {
    try (Daemon daemon = daemon()) {
      daemon.start();
      FakeMachine.await(() -> daemon.running().size() == 2);
      kill(daemon, "clerk"); // whose restart takes longer than the engine waits
      await(EntryType.ACTION_STARTED, "crashed");
    }
    try (JournalReader reader = JournalReader.open(state())) {
      StoredOrder restart = reader.order(1).orElseThrow();
      assertThat(restart.plan().verb()).isEqualTo("restart");
      assertThat(restart.state()).hasToString("UNKNOWN");
      assertThat(restart.because()).hasValueSatisfying(why -> assertThat(why).contains("stops"));
      assertThat(reader.recovery().cleanShutdown()).isTrue();
    }
    assertThat(folder.resolve("paged")).doesNotExist();
    assertThat(folder.resolve("restarted")).doesNotExist();
    assertThat(watched.entries).extracting(Entry::type).doesNotContain(EntryType.GAVE_UP);
  }
}
