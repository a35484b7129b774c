package dev.heal.engine.actuate;

import static dev.heal.engine.actuate.Desk.GPU;
import static dev.heal.engine.actuate.Desk.LLM;
import static dev.heal.engine.actuate.Desk.NODE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.engine.fact.EntityId;
import dev.heal.engine.schedule.CheckRun;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import dev.heal.engine.schedule.Outcome.Kind;
import dev.heal.nvml.fake.FakeMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Orders carried out by real commands: how they end, what they are told, and what they may not. */
class ActuatorsTest {
  @TempDir private Path folder;

  private Desk node(String bindings) {
    return Desk.of("node n1 { gpu 0 \n" + bindings + "\n}\n", folder);
  }

  private static Report report(Kind kind, String because) {
    return new Report(new Outcome(kind, because), Optional.empty());
  }

  @Test
  void aCommandIsToldTheOrderInItsEnvironmentAndNothingElse() {
    try (Desk desk =
        Desk.of(
            "service llm on n1 { migrate via command [\"/bin/sh\", \"-c\", \"echo $#; env | grep ^HEAL_ | sort\"] }\n",
            folder)) {
      Order order = desk.order("migrate service { to pool \"spare; $(reboot)\" }", LLM);

      Report report =
          desk.end(
              new Assignment(
                  order.capturing(Map.of("rank", "3", "odd", "a\0b `id` $HOME")),
                  Optional.empty()));

      assertThat(report)
          .isEqualTo(
              report(
                  Kind.DONE,
                  "`/bin/sh` ended with 0: 0"
                      + " / HEAL_CAPTURE_ODD=a?b `id` $HOME"
                      + " / HEAL_CAPTURE_RANK=3"
                      + " / HEAL_ENTITY=service:n1/llm"
                      + " / HEAL_FAULT=broken"
                      + " / HEAL_IDEMPOTENCY_KEY=r1-1"
                      + " / HEAL_ORDER=r1-1"
                      + " / HEAL_POLICY=mend"
                      + " / HEAL_PURPOSE=step"
                      + " / HEAL_SETTING_TO=pool spare; $(reboot)"
                      + " / HEAL_TARGET=service:n1/llm"
                      + " / HEAL_VERB=migrate"));
    }
  }

  @Test
  void aCommandThatFailsIsQuotedWithTheEndOfWhatItSaid() {
    try (Desk desk =
        node(
            "fence via command [\"/bin/sh\", \"-c\", \"seq 1 100000; echo no BMC >&2; exit 3\"]")) {
      Outcome outcome = desk.act("fence node", NODE).outcome();

      assertThat(outcome.kind()).isEqualTo(Kind.FAILED);
      assertThat(outcome.because())
          .startsWith("`/bin/sh` ended with 3: ")
          .endsWith(" / 99999 / 100000 / no BMC");
      assertThat(outcome.because().length()).isLessThan(3 * 4096);
    }
  }

  @Test
  void aCommandThatIsNotThereIsRefused() {
    try (Desk desk = node("fence via command [\"/nowhere/ipmitool\"]")) {
      Outcome outcome = desk.act("fence node", NODE).outcome();

      assertThat(outcome.kind()).isEqualTo(Kind.REFUSED);
      assertThat(outcome.because())
          .startsWith("`/nowhere/ipmitool` cannot be run: ")
          .endsWith("No such file or directory");
    }
  }

  @Test
  void aTimeOutIsUnknownAndKillsAllThatWasStarted() throws IOException {
    Path pids = folder.resolve("pids");
    try (Desk desk =
        node(
            "fence via command [\"/bin/sh\", \"-c\", \"sleep 600 & echo $! >> %s; (sleep 600 & echo $! >> %s; wait) & echo hangs; wait\"] { timeout 700ms }"
                .formatted(pids, pids))) {

      assertThat(desk.act("fence node", NODE))
          .isEqualTo(
              report(
                  Kind.UNKNOWN,
                  "it did not end within 700 ms: `/bin/sh` was killed with all that it had started:"
                      + " hangs"));
    }
    List<String> started = Files.readAllLines(pids);
    assertThat(started).hasSize(2);
    FakeMachine.await(
        () ->
            started.stream()
                .map(Long::parseLong)
                .allMatch(pid -> ProcessHandle.of(pid).filter(ActuatorsTest::lives).isEmpty()));
  }

  /** A zombie that nobody waits for is dead. */
  private static boolean lives(ProcessHandle process) {
    try {
      return !Files.readString(Path.of("/proc/" + process.pid() + "/stat")).contains(") Z ");
    } catch (IOException gone) {
      return false;
    }
  }

  @Test
  void aDaemonThatKeepsTheOutputOpenDoesNotHoldUpTheOrder() {
    try (Desk desk = node("fence via command [\"/bin/sh\", \"-c\", \"sleep 5 & echo started\"]")) {
      assertThat(desk.act("fence node", NODE))
          .isEqualTo(report(Kind.DONE, "`/bin/sh` ended with 0: started"));
    }
  }

  @Test
  void oneOrderATargetAndOthersMeanwhile() throws IOException {
    Path log = folder.resolve("log");
    Path gate = folder.resolve("gate");
    String command =
        "[\"/bin/sh\", \"-c\", \"echo begin $HEAL_ORDER >> %s; while [ $HEAL_TARGET = node:n1 ] && [ ! -e %s ]; do sleep 0.01; done; echo end $HEAL_ORDER >> %s\"]"
            .formatted(log, gate, log);
    String site =
        "node n1 { fence via command %s }\nnode n2 { fence via command %s }\n"
            .formatted(command, command);
    try (Desk desk = Desk.of(site, folder)) {
      BlockingQueue<Report> first = desk.start(Assignment.of(desk.order("fence node", NODE)));
      BlockingQueue<Report> second = desk.start(Assignment.of(desk.order("fence node", NODE)));
      FakeMachine.await(() -> Files.exists(log));
      Report other = desk.act("fence node", EntityId.node("n2"));

      assertThat(other.outcome().kind()).isEqualTo(Kind.DONE);
      assertThat(first).isEmpty();
      Files.writeString(gate, "");
      assertThat(Desk.await(first).outcome().kind()).isEqualTo(Kind.DONE);
      assertThat(Desk.await(second).outcome().kind()).isEqualTo(Kind.DONE);
      assertThat(Files.readAllLines(log))
          .containsExactly(
              "begin r1-1", "begin r1-3", "end r1-3", "end r1-1", "begin r1-2", "end r1-2");
      FakeMachine.await(() -> desk.open() == 0);
    }
  }

  @Test
  void whatWaitsBehindAnotherTooLongHasNotBegun() {
    try (Desk desk =
        Desk.of(
            "node n1 { fence via command [\"sleep\", \"600\"] { timeout 1m }, cordon via command [\"true\"] { timeout 300ms } }\n",
            folder)) {
      Order fence = desk.order("fence node", NODE);
      BlockingQueue<Report> first = desk.start(Assignment.of(fence));

      assertThat(desk.act("cordon node", NODE))
          .isEqualTo(
              report(
                  Kind.FAILED,
                  "it waited 300 ms for another order on node:n1, before it began: nothing was"
                      + " done"));
      assertThat(desk.cancel(fence.id())).isTrue();
      assertThat(Desk.await(first))
          .isEqualTo(
              report(
                  Kind.UNKNOWN,
                  "an operator cancelled it: `sleep` was killed with all that it had started"));
      FakeMachine.await(() -> desk.open() == 0);
      assertThat(desk.cancel(fence.id())).isFalse();
      assertThat(desk.act("cordon node", NODE).outcome().kind()).isEqualTo(Kind.DONE);
    }
  }

  @Test
  void aPageDoesNotWaitBehindARepairOfItsEntity() {
    try (Desk desk =
        Desk.of(
            """
            node n1 { fence via command ["sleep", "600"] }
            pager ops { command ["/bin/sh", "-c", "echo $HEAL_PAGER: $HEAL_SUMMARY"] }
            """,
            folder)) {
      desk.start(Assignment.of(desk.order("fence node", NODE)));

      assertThat(desk.act("page ops", NODE))
          .isEqualTo(
              report(
                  Kind.DONE,
                  "`/bin/sh` ended with 0: ops: node:n1: broken. Policy mend asks for a human"));
    }
  }

  @Test
  void afterTheEndNothingBeginsAndWhatIsAtWorkIsUnknown() {
    Desk desk = node("fence via command [\"sleep\", \"600\"]");
    BlockingQueue<Report> first = desk.start(Assignment.of(desk.order("fence node", NODE)));
    BlockingQueue<Report> second = desk.start(Assignment.of(desk.order("fence node", NODE)));
    FakeMachine.await(() -> ProcessHandle.current().descendants().count() > 0);

    desk.close();

    assertThat(Desk.await(first))
        .isEqualTo(
            report(
                Kind.UNKNOWN, "the engine stops: `sleep` was killed with all that it had started"));
    assertThat(Desk.await(second))
        .isEqualTo(report(Kind.FAILED, "the engine stops, before it began: nothing was done"));
    assertThat(desk.act("fence node", NODE))
        .isEqualTo(report(Kind.FAILED, "the engine stops, before it began: nothing was done"));
  }

  @Test
  void whatNobodySaidHowToDoIsRefusedWithWhatToWrite() {
    try (Desk desk = Desk.of("node n1 { gpu 0 }\nservice llm on n1 { gpus 0 }\n", folder)) {
      assertThat(desk.act("snapshot service", LLM))
          .isEqualTo(
              report(
                  Kind.REFUSED,
                  "nothing says how to `snapshot` service:n1/llm: write `snapshot via command"
                      + " [\"…\"]` or `snapshot via http \"POST http://…\"` in `service llm { … }`"));
      assertThat(desk.act("fence node { via bmc }", NODE))
          .isEqualTo(
              report(
                  Kind.REFUSED,
                  "nothing says how to `fence` node:n1: write `action bmc on node { command"
                      + " [\"…\"] }`"));
      assertThat(desk.act("page ops", NODE))
          .isEqualTo(
              report(
                  Kind.REFUSED,
                  "no pager `ops` is declared: write `pager ops { webhook \"https://…\" }`"));
      assertThat(desk.act("throttle gpu { power 450W, undo after 1h }", GPU))
          .isEqualTo(report(Kind.REFUSED, "this engine has no NVML"));
      assertThat(desk.act("throttle gpu { power 450W, undo after 1h }", EntityId.gpu("n2", 0)))
          .isEqualTo(report(Kind.REFUSED, "gpu:n2/0 is on another host than this one, `n1`"));
    }
  }

  @Test
  void aSitesOwnActionAndAFenceBehindItsName() {
    try (Desk desk =
        Desk.of(
            """
            node n1 { }
            action purge on node { command ["/bin/sh", "-c", "echo purged $HEAL_TARGET"], destructive no }
            action bmc on node { command ["/bin/sh", "-c", "echo off $HEAL_VERB"], destructive no }
            """,
            folder)) {
      assertThat(desk.act("purge", NODE))
          .isEqualTo(report(Kind.DONE, "`/bin/sh` ended with 0: purged node:n1"));
      assertThat(desk.act("fence node { via bmc }", NODE))
          .isEqualTo(report(Kind.DONE, "`/bin/sh` ended with 0: off fence"));
    }
  }

  @Test
  void aCheckOfTheSiteIsRunUntilItPasses() throws InterruptedException {
    Path tries = folder.resolve("tries");
    try (Desk desk =
        Desk.of(
            "check twice on gpu { command [\"/bin/sh\", \"-c\", \"echo $HEAL_CHECK of $HEAL_TARGET; echo x >> %1$s; test $(wc -l < %1$s) -ge 2\"], timeout 30s }\n"
                .formatted(tries),
            folder)) {
      BlockingQueue<Outcome> told = desk.check(new CheckRun("twice", GPU, Duration.ofMinutes(1)));

      assertThat(told.take())
          .isEqualTo(new Outcome(Kind.FAILED, "`/bin/sh` ended with 1: twice of gpu:n1/0"));
      assertThat(told.take())
          .isEqualTo(new Outcome(Kind.DONE, "`/bin/sh` ended with 0: twice of gpu:n1/0"));
      assertThat(desk.check(new CheckRun("nothing", GPU, Duration.ofMinutes(1))).take().kind())
          .isEqualTo(Kind.REFUSED);
    }
  }

  @Test
  void aChildIsRestartedByItsSupervisor() {
    try (Desk desk = Desk.of("service llm on n1 { run [\"llm\"] }\n", folder)) {
      assertThat(desk.act("restart service { from snapshot }", LLM))
          .isEqualTo(
              report(Kind.DONE, "stopped; runs as 4711; not bound: queue, hold, snapshot, health"));
      assertThat(desk.act("restart service { fresh }", LLM))
          .isEqualTo(report(Kind.DONE, "stopped; runs as 4711; not bound: queue, hold, health"));
      assertThat(desk.starts)
          .containsExactly(
              new Supervisor.Start(
                  LLM, Optional.empty(), Map.of("HEAL_START", "snapshot", "HEAL_SNAPSHOT", "none")),
              new Supervisor.Start(LLM, Optional.empty(), Map.of("HEAL_START", "fresh")));
    }
  }
}
