package dev.heal.engine.source.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.engine.source.hosted.HostedEvent;
import dev.heal.engine.source.retry.Backoff;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.freedesktop.dbus.types.UInt32;
import org.freedesktop.dbus.types.UInt64;
import org.junit.jupiter.api.Test;

/** Properties as systemd sends them. */
class UnitTrackTest {
  private final UnitTrack unit = new UnitTrack("llm.service");

  private static Map<String, Object> service(
      int mainPid, int execPid, long exitAt, int code, int status) {
    return Map.of(
        "MainPID", new UInt32(mainPid),
        "ExecMainPID", new UInt32(execPid),
        "ExecMainExitTimestampMonotonic", new UInt64(exitAt),
        "ExecMainCode", code,
        "ExecMainStatus", status,
        "NRestarts", new UInt32(0));
  }

  private static HostedEvent state(boolean running) {
    return new HostedEvent.State("llm.service", running, OptionalLong.of(0));
  }

  private static HostedEvent exited(OptionalInt code, Optional<String> signal) {
    return new HostedEvent.Exited("llm.service", code, signal);
  }

  @Test
  void whatEndedBeforeItWasWatchedIsNoNews() {
    assertThat(unit.take(service(0, 7, 1000, 3, 11))).containsExactly(state(false));
    assertThat(unit.take(Map.of("ActiveState", "failed"))).containsExactly(state(false));
  }

  @Test
  void codesAndSignalsAreToldApart() {
    unit.take(service(7, 7, 0, 0, 0));
    assertThat(unit.take(service(0, 7, 1000, 3, 11)))
        .as("dumped")
        .containsExactly(exited(OptionalInt.empty(), Optional.of("SIGSEGV")), state(false));
    unit.take(service(8, 8, 0, 0, 0));
    assertThat(unit.take(service(0, 8, 2000, 1, 139)))
        .containsExactly(exited(OptionalInt.of(139), Optional.empty()), state(false));
    unit.take(service(9, 9, 0, 0, 0));
    assertThat(unit.take(service(0, 9, 3000, 2, 9)))
        .as("killed")
        .containsExactly(exited(OptionalInt.empty(), Optional.of("SIGKILL")), state(false));
  }

  @Test
  void theWordOfAStateMayComeLaterThanTheEndOfItsProcess() {
    unit.take(service(7, 7, 0, 0, 0));
    unit.take(Map.of("SubState", "running"));
    assertThat(unit.take(service(0, 7, 1000, 1, 3)))
        .containsExactly(exited(OptionalInt.of(3), Optional.empty()), state(false));
    assertThat(unit.take(Map.of("SubState", "failed"))).containsExactly(state(false));
  }

  @Test
  void anEndBetweenTwoMessagesIsToldWithoutHow() {
    unit.take(service(7, 7, 0, 0, 0));
    assertThat(unit.take(service(8, 8, 0, 0, 0)))
        .containsExactly(exited(OptionalInt.empty(), Optional.empty()), state(true));
  }

  @Test
  void aKillForMemoryIsToldOnce() {
    unit.take(service(7, 7, 0, 0, 0));
    unit.take(Map.of("Result", "success"));
    assertThat(unit.take(Map.of("Result", "oom-kill")))
        .containsExactly(new HostedEvent.OomKilled("llm.service"), state(true));
    assertThat(unit.take(Map.of("Result", "oom-kill"))).containsExactly(state(true));
  }

  @Test
  void aUnitWithoutAMainProcessRunsWhereSystemdSaysSo() {
    unit.take(service(0, 0, 0, 0, 0));
    assertThat(unit.take(Map.of("SubState", "running", "LoadState", "loaded")))
        .containsExactly(state(true));
    assertThat(unit.unloaded()).isEmpty();
    unit.take(Map.of("LoadState", "not-found"));
    assertThat(unit.unloaded()).contains("not-found");
  }

  @Test
  void pausesDoubleUpToTheLongest() {
    assertThat(IntStream.of(1, 2, 3, 7, 8, 100).mapToObj(Backoff.USUAL::after))
        .containsExactly(
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30));
  }
}
