package dev.heal.engine.source.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.engine.source.hosted.HostedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Events and looks of one container, in the orders in which they may come. */
class ContainerTrackTest {
  private final ContainerTrack track = new ContainerTrack("llm");

  /** A look, as Docker answers; times in seconds, 0 for never. */
  private static ContainerState look(String state, int startedAt, int finishedAt) {
    return ContainerState.read(
            """
            {"Id":"%s","RestartCount":2,
             "State":{%s,"StartedAt":"%s","FinishedAt":"%s"},
             "Config":{"Tty":false,"Labels":{"State.Running":"x"}},"Args":[{"Id":"y"}]}
            """
                .formatted("ab".repeat(32), state, stamp(startedAt), stamp(finishedAt)))
        .orElseThrow();
  }

  private static String stamp(int second) {
    return second == 0
        ? "0001-01-01T00:00:00Z"
        : "1970-01-01T00:%02d:%02d.000000001Z".formatted(second / 60, second % 60);
  }

  private static final String RUNS =
      "\"Running\":true,\"Restarting\":false,\"Pid\":7,\"ExitCode\":0";

  private static String ended(int code) {
    return "\"Running\":false,\"Pid\":0,\"ExitCode\":" + code;
  }

  private void event(String action, int second, String more) {
    track.take(
        EngineEvent.read(
                """
                {"Type":"container","Action":"%s","Actor":{"ID":"%s","Attributes":{%s"name":"llm"}},"timeNano":%d}
                """
                    .formatted(action, "ab".repeat(32), more, second * 1_000_000_000L + 5))
            .orElseThrow());
  }

  private void die(int second, int code) {
    event("die", second, "\"exitCode\":\"%d\",".formatted(code));
  }

  /** What a look tells, in short. */
  private List<String> told(ContainerState state) {
    return shown(track.take(state));
  }

  private static List<String> shown(List<HostedEvent> events) {
    List<String> shown = new ArrayList<>();
    for (HostedEvent event : events) {
      shown.add(
          event.match(
              new HostedEvent.Cases<String>() {
                @Override
                public String state(HostedEvent.State state) {
                  return state.running() ? "runs" : "does not run";
                }

                @Override
                public String exited(HostedEvent.Exited exited) {
                  return "exit "
                      + (exited.code().isPresent() ? exited.code().getAsInt() : "?")
                      + exited.signal().map(signal -> " " + signal).orElse("");
                }

                @Override
                public String oomKilled(HostedEvent.OomKilled killed) {
                  return "oom";
                }

                @Override
                public String processes(HostedEvent.Processes processes) {
                  return "processes";
                }

                @Override
                public String checked(HostedEvent.Checked checked) {
                  return checked.check() == HostedEvent.Check.NONE ? "" : checked.check().name();
                }
              }));
    }
    shown.remove("");
    return shown;
  }

  @Test
  void whatWasBeforeTheFirstLookIsNoNews() {
    assertThat(told(look(ended(137), 10, 20))).containsExactly("does not run");
    die(20, 137); // its event comes late
    assertThat(told(look(ended(137), 10, 20))).containsExactly("does not run");
  }

  @Test
  void anEndIsToldByItsEventAndNotAgainByALook() {
    assertThat(told(look(RUNS, 10, 0))).containsExactly("runs");
    die(20, 139);
    assertThat(told(look(ended(139), 10, 20))).containsExactly("exit 139 SIGSEGV", "does not run");
    assertThat(told(look(ended(139), 10, 20))).containsExactly("does not run");
    event("start", 30, "");
    assertThat(told(look(RUNS, 30, 20))).containsExactly("runs");
  }

  @Test
  void anEndIsToldByALookAndNotAgainByItsEvent() {
    assertThat(told(look(RUNS, 10, 0))).containsExactly("runs");
    assertThat(told(look(ended(3), 10, 20))).containsExactly("exit 3", "does not run");
    die(20, 3);
    assertThat(told(look(ended(3), 10, 20))).containsExactly("does not run");
    assertThat(told(look(RUNS, 30, 20))).containsExactly("runs");
    die(40, 4);
    assertThat(told(look(ended(4), 30, 40))).containsExactly("exit 4", "does not run");
  }

  @Test
  void theEventsOfALifeOfAMomentComeBehindTheLookThatToldItsEnd() {
    assertThat(told(look(ended(0), 10, 20))).containsExactly("does not run");
    // it ended before its start was stamped
    assertThat(told(look(ended(139), 31, 30))).containsExactly("exit 139 SIGSEGV", "does not run");
    event("start", 32, "");
    die(33, 139);
    assertThat(told(look(ended(139), 31, 30))).containsExactly("does not run");
  }

  @Test
  void livesBetweenTwoLooksAreToldEach() {
    assertThat(told(look(RUNS, 10, 0))).containsExactly("runs");
    die(20, 1);
    event("start", 21, "");
    die(30, 2);
    event("start", 31, "");
    die(40, 3);
    event("start", 41, "");
    assertThat(told(look(RUNS, 41, 40))).containsExactly("exit 1", "exit 2", "exit 3", "runs");
    assertThat(told(look(RUNS, 41, 40))).containsExactly("runs");
  }

  @Test
  void aRestartThatALookSawFirstIsOneEnd() {
    assertThat(told(look(RUNS, 10, 0))).containsExactly("runs");
    assertThat(told(look(RUNS, 30, 20)))
        .as("Docker knows its code no more")
        .containsExactly("exit ?", "runs");
    die(20, 1);
    event("start", 30, "");
    assertThat(told(look(RUNS, 30, 20))).containsExactly("runs");
    die(40, 2);
    assertThat(told(look(ended(2), 30, 40))).containsExactly("exit 2", "does not run");
  }

  @Test
  void whatHappenedWhileTheEngineWasAwayIsToldOnce() {
    assertThat(told(look(RUNS, 10, 0))).containsExactly("runs");
    track.connected();
    assertThat(told(look(ended(143), 30, 40))).containsExactly("exit 143 SIGTERM", "does not run");
    track.connected();
    assertThat(told(look(ended(143), 30, 40))).containsExactly("does not run");
    die(60, 5); // of a life that nobody saw, in a stream that owes nothing
    assertThat(told(look(ended(5), 50, 60))).containsExactly("exit 5", "does not run");
  }

  @Test
  void aKillForMemoryIsToldOnceWhoeverTellsIt() {
    String oom = ",\"OOMKilled\":true";
    assertThat(told(look(RUNS, 10, 0))).containsExactly("runs");
    event("oom", 20, "");
    die(20, 137);
    assertThat(told(look(ended(137) + oom, 10, 20)))
        .as("by an event")
        .containsExactly("oom", "exit 137 SIGKILL", "does not run");
    assertThat(told(look(RUNS, 30, 20))).containsExactly("runs");
    assertThat(told(look(ended(137) + oom, 30, 40)))
        .as("by a look")
        .containsExactly("oom", "exit 137 SIGKILL", "does not run");
    assertThat(told(look(ended(137) + oom, 30, 40))).containsExactly("does not run");
    assertThat(told(look(RUNS + oom, 50, 40))).as("of the life before").containsExactly("runs");
    assertThat(told(look(ended(0) + oom, 50, 60))).containsExactly("exit 0", "does not run");
  }

  @Test
  void aCodeOverTheSignalsIsACode() {
    assertThat(told(look(RUNS, 10, 0))).containsExactly("runs");
    die(20, 255);
    assertThat(told(look(ended(255), 10, 20))).containsExactly("exit 255", "does not run");
  }

  @Test
  void oneThatIsToBeStartedAgainDoesNotRun() {
    String restarting = "\"Running\":true,\"Restarting\":true,\"Pid\":0,\"ExitCode\":1";
    assertThat(told(look(RUNS, 10, 0))).containsExactly("runs");
    assertThat(told(look(restarting, 10, 20))).containsExactly("exit 1", "does not run");
  }

  @Test
  void oneThatIsGoneHasEnded() {
    assertThat(told(look(RUNS, 10, 0))).containsExactly("runs");
    assertThat(shown(track.missing())).containsExactly("exit ?", "does not run");
    assertThat(shown(track.missing())).containsExactly("does not run");
    assertThat(told(look(RUNS, 30, 0))).containsExactly("runs");
  }

  @Test
  void itsOwnCheckIsToldBeforeItsState() {
    String check = ",\"Health\":{\"Status\":\"%s\"}";
    assertThat(told(look(RUNS + check.formatted("starting"), 10, 0)))
        .containsExactly("NOT_YET", "runs");
    assertThat(told(look(RUNS + check.formatted("healthy"), 10, 0)))
        .containsExactly("WELL", "runs");
    assertThat(told(look(RUNS + check.formatted("unhealthy"), 10, 0)))
        .containsExactly("NOT_WELL", "runs");
    assertThat(told(look(RUNS + check.formatted("none"), 10, 0))).containsExactly("runs");
  }

  @Test
  void whatIsNoAnswerIsNoState() {
    for (String text : List.of("", "[]", "{}", "{\"Id\":\"x\"", "{\"Id\":\"x\",\"State\":{}}")) {
      assertThat(ContainerState.read(text)).as(text).isEqualTo(Optional.empty());
    }
  }
}
