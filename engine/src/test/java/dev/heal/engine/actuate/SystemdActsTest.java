package dev.heal.engine.actuate;

import static dev.heal.engine.actuate.Desk.LLM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.engine.parts.RealSystemd;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import dev.heal.engine.schedule.Outcome.Kind;
import dev.heal.nvml.fake.FakeMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Units of a real systemd. */
@Tag("real")
class SystemdActsTest {
  private static final String GOOD =
      """
      [Service]
      ExecStart=/bin/sh -c 'echo "$$MODE|$$WORDS" > /run/mode-%n; exec sleep 1000'
      """;
  private static final String BAD = "[Service]\nType=notify\nExecStart=/bin/false\n";

  /** Fails as soon as it has begun, so that its start limit is soon reached. */
  private static final String FLAKY =
      """
      [Unit]
      StartLimitBurst=2
      StartLimitIntervalSec=1h
      [Service]
      Type=notify
      NotifyAccess=all
      ExecStart=/bin/sh -c 'test -e /run/mended && systemd-notify --ready && exec sleep 1000'
      """;

  private static final String LEADER = "[Service]\nExecStart=/bin/sleep 1000\n";
  private static final String FOLLOWER =
      "[Unit]\nRequires=leader.service\nAfter=leader.service\n" + LEADER;
  private static final String UNBOUND = "not bound: queue, hold, snapshot, health";
  private static final String WELL =
      "stopped; job done, unit `good.service` is active (running); " + UNBOUND;

  @TempDir private static Path folder;
  private static RealSystemd systemd;

  @BeforeAll
  static void boot() throws IOException {
    systemd =
        RealSystemd.with(
            Map.of(
                "good.service",
                GOOD,
                "lean.service",
                GOOD,
                "bad.service",
                BAD,
                "flaky.service",
                FLAKY,
                "leader.service",
                LEADER,
                "follower.service",
                FOLLOWER),
            folder);
  }

  @AfterAll
  static void halt() {
    if (systemd != null) {
      systemd.close();
    }
  }

  private static Desk desk(String site) {
    return Desk.of(
        site,
        folder,
        new Hands.Tools(
            Duration.ofSeconds(30),
            systemd.bus(),
            systemd.inside("/run/systemd/system"),
            folder.resolve("docker.sock"),
            "scontrol"));
  }

  private static Desk unit(String name) {
    return desk("service llm on n1 { unit \"%s\" }\n".formatted(name));
  }

  @Test
  void aUnitRunsAgain() {
    try (Desk desk = unit("good.service")) {
      assertThat(desk.act("restart service", LLM).outcome())
          .isEqualTo(new Outcome(Kind.DONE, WELL));
    }
  }

  @Test
  void aUnitThatDoesNotComeUpHasFailed() {
    try (Desk desk = unit("bad.service")) {
      assertThat(desk.act("restart service", LLM).outcome())
          .isEqualTo(
              new Outcome(
                  Kind.FAILED,
                  "stopped; job failed, unit `bad.service` is failed (failed); "
                      + UNBOUND.replace(", health", "")));
    }
  }

  @Test
  void aStartLimitDoesNotHoldARepair() throws IOException {
    try (Desk desk = unit("flaky.service")) {
      for (int i = 0; i < 4; i++) {
        assertThat(desk.act("restart service", LLM).outcome().kind()).isEqualTo(Kind.FAILED);
      }
      Files.writeString(systemd.inside("/run/mended"), "");
      assertThat(desk.act("restart service", LLM).outcome())
          .isEqualTo(
              new Outcome(
                  Kind.DONE,
                  "stopped; job done, unit `flaky.service` is active (running); " + UNBOUND));
    }
  }

  @Test
  void aUnitThatIsNotThereIsRefused() {
    try (Desk desk = unit("nothing.service")) {
      assertThat(desk.act("restart service", LLM).outcome())
          .isEqualTo(
              new Outcome(
                  Kind.REFUSED,
                  "unit `nothing.service` cannot be started: it is not-found; not started again; "
                      + UNBOUND.replace(", health", "")));
    }
  }

  @Test
  void aProfileGivesAUnitAnotherEnvironmentAndTakesItBack() throws IOException {
    try (Desk desk =
        desk(
            """
            service llm on n1 {
              unit    "lean.service"
              profile lean { env ["MODE=lean", "WORDS=a \\"b\\" 50%n \\\\ $HOME"] }
            }
            """)) {
      Order order = desk.order("degrade service { to profile \"lean\", undo after 1h }", LLM);
      Report done = desk.end(Assignment.of(order));

      assertThat(done.outcome())
          .isEqualTo(new Outcome(Kind.DONE, "profile lean: " + WELL.replace("good", "lean")));
      assertThat(mode()).isEqualTo("lean|a \"b\" 50%n \\ $HOME\n");
      Report undone = desk.end(new Assignment(desk.undo(order), done.memento()));
      assertThat(undone.outcome().kind()).isEqualTo(Kind.DONE);
      assertThat(mode()).isEqualTo("|\n");
    }
  }

  @Test
  void aUnitThatSegfaultedRunsAgain() {
    systemd.run("systemctl", "start", "good.service");
    systemd.run("systemctl", "kill", "--signal=SIGSEGV", "good.service");
    FakeMachine.await(
        () ->
            property("good.service", "Result").equals("core-dump")
                || property("good.service", "Result").equals("signal"));
    assertThat(property("good.service", "ActiveState")).isEqualTo("failed");
    try (Desk desk = unit("good.service")) {
      assertThat(desk.act("restart service", LLM).outcome())
          .isEqualTo(new Outcome(Kind.DONE, WELL));
    }
    assertThat(property("good.service", "ActiveState")).isEqualTo("active");
  }

  private static String property(String unit, String name) {
    return systemd.run("systemctl", "show", "--value", "-p", name, unit);
  }

  @Test
  void itIsToldHowToStart() {
    try (Desk desk = unit("good.service")) {
      desk.act("restart service { from snapshot }", LLM);
      assertThat(property("good.service", "Environment"))
          .isEqualTo("HEAL_SNAPSHOT=none HEAL_START=snapshot");
      desk.act("restart service", LLM);
      assertThat(property("good.service", "Environment")).isEmpty();
    }
  }

  @Test
  void whatSystemdStopsWithItIsStartedWithIt() {
    systemd.run("systemctl", "start", "follower.service");
    try (Desk desk = unit("leader.service")) {
      assertThat(desk.act("restart service", LLM).outcome().because())
          .isEqualTo(
              "stopped; job done, unit `leader.service` is active (running);"
                  + " job done, unit `follower.service` is active (running); "
                  + UNBOUND);
    }
    assertThat(property("follower.service", "ActiveState")).isEqualTo("active");
  }

  @Test
  void itsCpuTimeIsLimitedAndLetGo() throws IOException {
    systemd.run("systemctl", "start", "good.service");
    int cpus =
        (int)
            Files.readAllLines(Path.of("/proc/stat")).stream()
                .filter(line -> line.matches("cpu\\d.*"))
                .count();
    try (Desk desk = unit("good.service")) {
      Order order = desk.order("throttle service { cpu 50%, undo after 1h }", LLM);
      Report done = desk.end(Assignment.of(order));

      assertThat(done.outcome().kind()).as(done.toString()).isEqualTo(Kind.DONE);
      assertThat(property("good.service", "CPUQuotaPerSecUSec"))
          .isEqualTo(cpus == 2 ? "1s" : cpus * 500 + "ms");
      Report again = desk.act("throttle service { cpu 75%, undo after 1h }", LLM);
      assertThat(again.outcome().because()).as("nobody is made faster").contains("already");

      Report undone = desk.end(new Assignment(desk.undo(order), done.memento()));

      assertThat(undone.outcome()).isEqualTo(new Outcome(Kind.DONE, "CPU time as it was"));
      assertThat(property("good.service", "CPUQuotaPerSecUSec")).isEqualTo("infinity");
    }
  }

  /** The unit is active before its shell has written: wait for the line. */
  private static String mode() throws IOException {
    Path mode = systemd.inside("/run/mode-lean.service");
    FakeMachine.await(() -> Files.exists(mode) && mode.toFile().length() > 0);
    String text = Files.readString(mode);
    Files.delete(mode);
    return text;
  }

  @Test
  void withoutABusItHasFailed() {
    try (Desk desk = Desk.of("service llm on n1 { unit \"good.service\" }\n", folder)) {
      Outcome outcome = desk.act("restart service", LLM).outcome();
      assertThat(outcome.kind()).isEqualTo(Kind.FAILED);
      assertThat(outcome.because())
          .startsWith("systemd cannot be reached at `unix:path=" + folder.resolve("bus") + "`: ");
    }
  }
}
