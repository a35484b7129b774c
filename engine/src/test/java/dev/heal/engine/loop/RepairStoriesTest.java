package dev.heal.engine.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The meaning of a policy's words, from facts to what is done, on virtual time. */
class RepairStoriesTest {
  private static final String SITE =
      """
      node n1 {
        pool "inference"
        heartbeat every 5s
        gpu 0
        gpu 1
      }
      node n2 {
        pool "inference"
        heartbeat every 5s
        gpu 0
      }
      service llm on n1 { gpus 0..0, unit "llm.service", profile lean { env ["A=1"] } }
      pager oncall { webhook "https://example.org/page" }
      """;

  private static final String CRASHED =
      SITE + "fault crashed on service { when process exits with signal in [SIGSEGV] }\n";

  private static List<String> without(List<String> story, String... words) {
    return story.stream()
        .filter(line -> List.of(words).stream().noneMatch(line::contains))
        .toList();
  }

  @Test
  void aRungThatNoLongerFitsIsPassedOverForALaterOneThatDoes() {
    Story story =
        Story.of(
            CRASHED
                + """
                policy revive {
                  on crashed, within 15s, priority 80, attempts 3 over 30m, mode enforce
                  try { restart service { from snapshot }, takes 12s, confirm service.healthy for 5s, timeout 8s }
                  or else { restart service { from snapshot }, takes 11s, confirm service.healthy for 5s, timeout 8s }
                  or else { restart service { fresh }, takes 2s, confirm service.healthy for 5s, timeout 1m }
                  give up { page oncall }
                }
                """);
    // it comes back only once it was restarted fresh, after 22 s
    story.event(0, "service:n1/llm", "exit", "exit_signal", "SIGSEGV");
    story.samples(1, 23, 1, "service:n1/llm", "healthy", 0);
    story.samples(24, 60, 1, "service:n1/llm", "healthy", 1);

    assertThat(story.until(100))
        .containsExactly(
            "0s fault_raised service:n1/llm",
            "0s decision act restart service:n1/llm",
            "0s action_started restart service:n1/llm",
            "12s action_done done restart service:n1/llm",
            "20s rung_failed restart",
            "20s action_started restart service:n1/llm",
            "31s action_done done restart service:n1/llm",
            "36s confirmed healed restart",
            "36s ended service:n1/llm",
            "36s fault_cleared service:n1/llm");
  }

  @Test
  void whatFitsIsChosenWhenTheFirstRungHasEatenTheTime() {
    Story story =
        Story.of(
            CRASHED
                + """
                policy revive {
                  on crashed, within 20s, priority 80, attempts 3 over 30m, mode enforce
                  try { restart service { from snapshot }, takes 12s, confirm service.healthy, timeout 2s }
                  or else { restart service { from snapshot }, takes 11s, confirm service.healthy, timeout 2s }
                  or else { restart service { fresh }, takes 2s, confirm service.healthy, timeout 1m }
                  give up { page oncall }
                }
                """);
    story.event(0, "service:n1/llm", "exit", "exit_signal", "SIGSEGV");
    story.samples(1, 15, 1, "service:n1/llm", "healthy", 0);
    story.samples(16, 60, 1, "service:n1/llm", "healthy", 1);

    assertThat(story.until(100))
        .containsExactly(
            "0s fault_raised service:n1/llm",
            "0s decision act restart service:n1/llm",
            "0s action_started restart service:n1/llm",
            "12s action_done done restart service:n1/llm",
            "14s rung_failed restart",
            "14s passed_over service:n1/llm",
            "14s action_started restart service:n1/llm",
            "16s action_done done restart service:n1/llm",
            "16s confirmed healed restart",
            "16s ended service:n1/llm",
            "16s fault_cleared service:n1/llm");
    assertThat(story.because("passed_over")).containsExactly("`restart` takes 11s, 6s left");
  }

  @Test
  void somebodyIsPagedAsAFirstStepAboutWhatIsFaulty() {
    Story story =
        Story.of(
            CRASHED
                + """
                policy revive {
                  on crashed, within 5m, priority 80, attempts 3 over 30m, mode enforce
                  try { page oncall, takes 1s, confirm service.healthy, timeout 10s }
                  or else { restart service { fresh }, takes 2s, confirm service.healthy, timeout 1m }
                  give up { page oncall }
                }
                """);
    story.event(0, "service:n1/llm", "exit", "exit_signal", "SIGSEGV");
    story.samples(1, 20, 1, "service:n1/llm", "healthy", 0);
    story.samples(21, 60, 1, "service:n1/llm", "healthy", 1);

    assertThat(story.until(100))
        .startsWith(
            "0s fault_raised service:n1/llm",
            "0s decision act page service:n1/llm",
            "0s action_started page service:n1/llm")
        .contains("11s rung_failed page", "11s action_started restart service:n1/llm")
        .endsWith("21s ended service:n1/llm", "21s fault_cleared service:n1/llm");
  }

  private static final String DOUBTFUL =
      CRASHED
          + """
          fault doubtful on gpu { when xid == 145 }
          fault also_doubtful on gpu { when xid == 146 }
          fault stuck on gpu { when xid == 119 }
          policy ask {
            on [doubtful, also_doubtful], cooldown 1h per gpu, within 10m, priority %d, attempts 2 over 7d, mode enforce
            try  { cordon node, takes 1s, confirm node.cordoned, timeout 1m }
            then { page oncall, takes 1s, confirm node.schedulable for 30s, timeout 10m }
            give up { page oncall }
          }
          policy revive {
            on crashed, within 5m, priority 50, attempts 3 over 30m, mode enforce
            try { restart service, takes 2s, confirm service.healthy, timeout 1m }
            give up { page oncall }
          }
          policy reset {
            on stuck, within 5m, priority 60, attempts 3 over 30m, mode enforce
            try  { cordon node, takes 1s, confirm node.cordoned, timeout 1m }
            then { reconnect node, takes 5s, confirm node.healthy, timeout 1m }
            then { uncordon node, takes 1s, confirm node.schedulable, timeout 1m }
            give up { page oncall }
          }
          """;

  @ParameterizedTest
  @ValueSource(ints = {40, 55})
  void whatOnlyWaitsForAHumanStandsInNobodysWayAndIsNotOutranked(int priority) {
    Story story = Story.of(DOUBTFUL.formatted(priority));
    story.event(0, "gpu:n1/0", "xid", "code", "145");
    story.samples(1, 100, 1, "node:n1", "schedulable", 0);
    story.event(20, "service:n1/llm", "exit", "exit_signal", "SIGSEGV");
    // another GPU is news; another fault of the same one is not
    story.event(30, "gpu:n1/1", "xid", "code", "145");
    story.event(40, "gpu:n1/1", "xid", "code", "146");
    story.samples(101, 140, 1, "node:n1", "schedulable", 1);

    assertThat(without(story.until(200), "decision", "action_done"))
        .containsExactly(
            "0s fault_raised gpu:n1/0",
            "0s action_started cordon node:n1",
            "1s confirmed assumed cordon",
            "1s action_started page gpu:n1/0",
            "20s fault_raised service:n1/llm",
            "20s action_started restart service:n1/llm",
            "22s confirmed assumed restart",
            "22s ended service:n1/llm",
            "22s fault_cleared service:n1/llm",
            "30s fault_raised gpu:n1/1",
            "30s action_started cordon node:n1",
            "31s confirmed assumed cordon",
            "31s action_started page gpu:n1/1",
            "40s fault_raised gpu:n1/1",
            "40s held cordon node:n1",
            "131s confirmed healed page",
            "131s ended gpu:n1/0",
            "131s confirmed healed page",
            "131s ended gpu:n1/1",
            "131s held cordon node:n1",
            "131s fault_cleared gpu:n1/0",
            "131s fault_cleared gpu:n1/1");
    assertThat(story.because("held"))
        .containsExactly(
            "node:n1 is under repair by `ask`, priority " + priority,
            "cooldown 1h per gpu, 1h left");
  }

  @Test
  void whatAMaintenanceHeldIsReleasedBehindARepairButNotBehindAWaitForAHuman() {
    Story story =
        Story.of(
            DOUBTFUL.formatted(55)
                + "maintenance early { where node.pool == \"inference\", window \"Thu 00:00\" 1m \"UTC\" }");
    story.event(0, "gpu:n1/0", "xid", "code", "145");
    story.samples(1, 200, 1, "node:n1", "schedulable", 0);
    story.event(20, "service:n1/llm", "exit", "exit_signal", "SIGSEGV");

    assertThat(without(story.until(90), "decision", "action_done", "fault"))
        .containsExactly(
            "0s held cordon node:n1",
            "20s held restart service:n1/llm",
            "60s action_started cordon node:n1",
            "60s held restart service:n1/llm",
            "61s confirmed assumed cordon",
            "61s action_started page gpu:n1/0",
            "61s action_started restart service:n1/llm",
            "63s confirmed assumed restart",
            "63s ended service:n1/llm");
  }

  @Test
  void aCordonStaysWhileAHumanIsAwaitedWhoeverElseIsDoneWithTheNode() {
    Story story = Story.of(DOUBTFUL.formatted(40));
    story.event(0, "gpu:n1/0", "xid", "code", "145");
    story.samples(1, 100, 1, "node:n1", "schedulable", 0);
    story.event(20, "gpu:n1/1", "xid", "code", "119");

    assertThat(without(story.until(90), "decision", "action_done", "fault"))
        .containsExactly(
            "0s action_started cordon node:n1",
            "1s confirmed assumed cordon",
            "1s action_started page gpu:n1/0",
            "20s action_started cordon node:n1",
            "21s confirmed assumed cordon",
            "21s action_started reconnect node:n1",
            "26s confirmed assumed reconnect",
            "26s passed_over uncordon",
            "26s ended gpu:n1/1");
    assertThat(story.because("passed_over")).containsExactly("`ask` waits there for a human");
  }

  @Test
  void aStepIsRepeatedWithADoublingPause() {
    Story story =
        Story.of(
            CRASHED
                + """
                policy revive {
                  on crashed, within 1h, priority 80, attempts 3 over 30m, mode enforce
                  try { restart service, takes 1s, confirm service.healthy, timeout 10s, repeat 3 backoff 15s..40s }
                  give up { page oncall }
                }
                """);
    story.failing("restart").event(0, "service:n1/llm", "exit", "exit_signal", "SIGSEGV");

    assertThat(without(story.until(4000), "failed failed", "page"))
        .containsExactly(
            "0s fault_raised service:n1/llm",
            "0s decision act restart service:n1/llm",
            "0s action_started restart service:n1/llm",
            "1s held restart",
            "16s action_started restart service:n1/llm",
            "17s held restart",
            "47s action_started restart service:n1/llm",
            "48s held restart",
            "88s action_started restart service:n1/llm",
            "89s rung_failed restart",
            "89s gave_up service:n1/llm",
            "89s ended service:n1/llm");
  }

  @Test
  void aRecurrenceWithinTheSoakGoesOnWithTheNextRung() {
    Story story =
        Story.of(
            CRASHED
                + """
                policy revive {
                  on crashed, within 1m, priority 80, attempts 5 over 2h, soak 30m, mode enforce
                  try { restart service, takes 1s, confirm service.healthy, timeout 10s }
                  or else { degrade service { to profile "lean", undo after 2h }, takes 1s, confirm service.healthy, timeout 10s }
                  give up { page oncall }
                }
                """
                    .replace("service llm", "service llm"));
    for (int minute : new int[] {0, 10, 20, 60}) {
      story.event(minute * 60, "service:n1/llm", "exit", "exit_signal", "SIGSEGV");
    }

    assertThat(without(story.until(4000), "fault_", "done", "confirmed", "ended", "action_started"))
        .containsExactly(
            "0s decision act restart service:n1/llm",
            "600s rung_failed service:n1/llm",
            "600s decision act degrade service:n1/llm",
            "1200s rung_failed service:n1/llm",
            "1200s gave_up service:n1/llm");
  }

  @Test
  void anExitThatOurOwnOrderCausesRaisesNothingButACrashDuringTheProofDoes() {
    Story story =
        Story.of(
            SITE
                + """
                fault crashed on service { when process exits with signal in [SIGSEGV, SIGTERM] }
                fault sick on service { when healthy silent for 3s or not healthy, clear when healthy for 4s, missing freeze }
                policy revive {
                  on crashed, within 1m, priority 80, attempts 5 over 2h, mode enforce
                  try { restart service, takes 5s, confirm service.healthy for 10s, timeout 60s }
                  give up { page oncall }
                }
                policy sick_too {
                  on sick, within 1m, priority 70, attempts 5 over 2h, mode enforce
                  try { restart service, takes 5s, confirm service.healthy for 10s, timeout 60s }
                  give up { page oncall }
                }
                """);
    story.samples(0, 9, 1, "service:n1/llm", "healthy", 1);
    story.event(10, "service:n1/llm", "exit", "exit_signal", "SIGSEGV");
    story.event(12, "service:n1/llm", "exit", "exit_signal", "SIGTERM"); // ours
    story.samples(13, 17, 1, "service:n1/llm", "healthy", 0); // ours too
    story.samples(18, 20, 1, "service:n1/llm", "healthy", 1);
    story.event(21, "service:n1/llm", "exit", "exit_signal", "SIGSEGV"); // not ours
    story.samples(22, 60, 1, "service:n1/llm", "healthy", 1);

    assertThat(story.until(61))
        .containsExactly(
            "10s fault_raised service:n1/llm",
            "10s decision act restart service:n1/llm",
            "10s action_started restart service:n1/llm",
            "15s action_done done restart service:n1/llm",
            "21s fault_repeated service:n1/llm",
            "32s confirmed healed restart",
            "32s ended service:n1/llm",
            "32s fault_cleared service:n1/llm");
  }

  @Test
  void aBootVoidsWhatEventsSaidBeforeAndVerifiesWhatRuns() {
    Story story =
        Story.of(
            SITE
                + """
                budget one { limit 1 restart per node over 1h }
                fault bad on gpu { when xid == 119 }
                fault odd on gpu { when xid == 13 }
                policy restart_it {
                  on bad, within 1h, priority 80, attempts 5 over 2h, budget one, mode enforce
                  try { restart node, takes 10m, confirm nvml.present for 10s, timeout 30m }
                  give up { page oncall }
                }
                policy look_at_it {
                  on odd, within 1h, priority 10, attempts 5 over 2h, mode approve
                  try { restart service, takes 1s, confirm service.healthy, timeout 10s }
                  give up { page oncall }
                }
                """);
    story.event(0, "node:n1", "boot", "id", "a").sample(0, "gpu:n1/0", "nvml.present", 1);
    story.event(1, "gpu:n1/0", "xid", "code", "119");
    story.event(2, "gpu:n1/1", "xid", "code", "13");
    story.event(60, "node:n1", "boot", "id", "a"); // read once more: the same boot
    story.event(100, "node:n1", "boot", "id", "b");
    story.samples(101, 130, 1, "gpu:n1/0", "nvml.present", 1);

    assertThat(story.until(131))
        .containsExactly(
            "1s fault_raised gpu:n1/0",
            "1s decision act restart node:n1",
            "1s action_started restart node:n1",
            "2s fault_raised gpu:n1/1",
            "2s held restart",
            "100s fault_cleared gpu:n1/1",
            "100s held restart",
            "100s ended gpu:n1/1",
            "111s confirmed healed restart",
            "111s ended gpu:n1/0",
            "111s fault_cleared gpu:n1/0");
  }

  private static final String DEAD_NODE =
      """
      fault node_down on node { when heartbeat silent for 15s, severity critical }
      budget b { limit 3 nodes over 1h }
      policy fence_it {
        on node_down, within 1h, priority 80, attempts 5 over 2h, budget b, mode enforce
        try { fence node, takes 3s, confirm node.fenced, timeout 10s }
        give up { page oncall }
      }
      """;

  @Test
  void whenMostNodesFallSilentTogetherTheEngineSuspectsItself() {
    StringBuilder site = new StringBuilder("pager oncall { webhook \"https://example.org\" }\n");
    for (int node = 1; node <= 4; node++) {
      site.append("node n").append(node).append(" { heartbeat every 5s }\n");
    }
    Story story = Story.of(site + DEAD_NODE);
    for (int node = 1; node <= 4; node++) {
      story.beats(0, 50 + node * 0.5, 5, "node:n" + node);
      story.beats(100 + node, 300, 5, "node:n" + node);
    }
    story.beats(100, 300, 5, "node:n1");

    List<String> told = story.until(200);

    assertThat(told).noneMatch(line -> line.contains("action_started"));
    assertThat(story.because("held"))
        .containsOnly("4 of 4 nodes fell silent together: the engine suspects itself");
    assertThat(told).contains("100s fault_cleared node:n1", "103s fault_cleared node:n3");
  }

  @Test
  void oneSilentNodeOfFourIsActedOn() {
    StringBuilder site = new StringBuilder("pager oncall { webhook \"https://example.org\" }\n");
    for (int node = 1; node <= 4; node++) {
      site.append("node n").append(node).append(" { heartbeat every 5s }\n");
    }
    Story story = Story.of(site + DEAD_NODE);
    story.beats(0, 50, 5, "node:n1");
    for (int node = 2; node <= 4; node++) {
      story.beats(0, 300, 5, "node:n" + node);
    }

    assertThat(story.until(70))
        .containsExactly(
            "65s fault_raised node:n1",
            "65s decision act fence node:n1",
            "65s action_started fence node:n1",
            "68s action_done done fence node:n1",
            "68s confirmed assumed fence",
            "68s ended node:n1");
  }

  @Test
  void aNodeThatWasNeverHeardIsMissedButNotTouched() {
    Story story = Story.of(SITE + DEAD_NODE);
    story.beats(0, 60, 5, "node:n2");

    assertThat(story.until(60))
        .containsExactly("15s fault_raised node:n1", "15s held fence node:n1");
    assertThat(story.because("held"))
        .containsExactly(
            "no heartbeat of node:n1 was heard since the start: perhaps the engine is deaf");
  }

  @Test
  void aNodeThatSomebodyElseCordonedIsLeftAloneUntilTheyAreDone() {
    Story story =
        Story.of(
            CRASHED
                + """
                policy revive {
                  on crashed, within 1h, priority 80, attempts 3 over 30m, mode enforce
                  try { restart service, takes 1s, confirm service.healthy, timeout 10s }
                  give up { page oncall }
                }
                """);
    story.word(0, "node:n1", "cordoned_by", "alice").sample(0, "node:n1", "cordoned", 1);
    story.event(10, "service:n1/llm", "exit", "exit_signal", "SIGSEGV");
    story.sample(60, "node:n1", "cordoned", 0);

    assertThat(story.until(63))
        .containsExactly(
            "10s fault_raised service:n1/llm",
            "10s held restart service:n1/llm",
            "60s decision act restart service:n1/llm",
            "60s action_started restart service:n1/llm",
            "61s action_done done restart service:n1/llm",
            "61s confirmed assumed restart",
            "61s ended service:n1/llm",
            "61s fault_cleared service:n1/llm");
    assertThat(story.because("held")).containsExactly("node:n1 is cordoned by alice");
  }

  @Test
  void onlyOurOwnCordonIsTakenBackAlsoWhenTheFaultClearsMidway() {
    String policies =
        SITE
            + """
            fault slow on node { when net.rtt >= 50ms for 5s, clear when net.rtt < 20ms, missing freeze }
            budget b { limit 1 node at once }
            policy isolate {
              on slow, within 1h, priority 80, attempts 3 over 30m, budget b, mode enforce
              try { %s node, takes 1s, confirm node.healthy, timeout 10s }
              then { migrate service, takes 20s, confirm service.healthy, timeout 10s }
              then { uncordon node, takes 1s, confirm node.schedulable, timeout 10s }
              give up { page oncall }
            }
            """;
    Story ours = Story.of(policies.formatted("cordon"));
    ours.samples(0, 6, 1, "node:n1", "net.rtt", 0.1).samples(7, 60, 1, "node:n1", "net.rtt", 0.01);
    Story others = Story.of(policies.formatted("reconnect"));
    others.samples(0, 60, 1, "node:n1", "net.rtt", 0.1);

    assertThat(ours.until(60))
        .containsExactly(
            "5s fault_raised node:n1",
            "5s decision act cordon node:n1",
            "5s action_started cordon node:n1",
            "6s action_done done cordon node:n1",
            "6s confirmed assumed cordon",
            "6s action_started migrate service:n1/llm",
            "7s fault_cleared node:n1",
            "26s action_done done migrate service:n1/llm",
            "26s confirmed assumed migrate",
            "26s action_started uncordon node:n1",
            "27s action_done done uncordon node:n1",
            "27s confirmed assumed uncordon",
            "27s ended node:n1");
    assertThat(without(others.until(60), "action_", "confirmed", "fault_"))
        .containsExactly(
            "5s decision act reconnect node:n1", "26s passed_over uncordon", "26s ended node:n1");
  }

  @Test
  void aMaintenanceThatBeginsHoldsTheNextStepAndItsEndReleasesIt() {
    Story story =
        Story.of(
            CRASHED
                + """
                maintenance patching {
                  where  node.pool == "inference"
                  window "Thu 00:00" 2m "UTC"
                  allow  [degrade]
                }
                policy revive {
                  on crashed, within 1h, priority 80, attempts 3 over 30m, mode enforce
                  try { degrade service { to profile "lean", undo after 1h }, takes 1s, confirm service.healthy, timeout 10s }
                  then { restart service, takes 1s, confirm service.healthy, timeout 10s }
                  give up { page oncall }
                }
                """);
    // 1970-01-01 was a Thursday: the maintenance goes on until 120 s
    story.event(10, "service:n1/llm", "exit", "exit_signal", "SIGSEGV");

    assertThat(without(story.until(200), "fault", "done", "confirmed"))
        .containsExactly(
            "10s held degrade service:n1/llm",
            "120s decision act degrade service:n1/llm",
            "120s action_started degrade service:n1/llm",
            "121s action_started restart service:n1/llm",
            "122s ended service:n1/llm");
  }

  @Test
  void aBudgetThatIsExceededHoldsAndPagesAndTheHealthyShareIsKept() {
    Story story =
        Story.of(
            SITE
                + """
                fault bad on gpu { when xid == 119 }
                budget serving {
                  limit 1 node at once
                  exceeded wait
                  exceeded page oncall
                }
                policy reset_it {
                  on bad, within 1h, priority 80, attempts 5 over 2h, budget serving, mode enforce
                  try { reset gpu, takes 30s, confirm nvml.present for 10s, timeout 1m }
                  give up { page oncall }
                }
                """);
    story.event(0, "gpu:n1/0", "xid", "code", "119");
    story.event(1, "gpu:n2/0", "xid", "code", "119");

    assertThat(without(story.until(100), "fault", "_done", "confirmed"))
        .containsExactly(
            "0s decision act reset gpu:n1/0",
            "0s action_started reset gpu:n1/0",
            "1s held reset gpu:n2/0",
            "1s action_started page gpu:n2/0",
            "40s ended gpu:n1/0",
            "40s decision act reset gpu:n2/0",
            "40s action_started reset gpu:n2/0",
            "80s ended gpu:n2/0");
  }

  @Test
  void keepHoldsBackWhatWouldTakeOneMoreOutButNotTheRepairOfWhatIsDown() {
    StringBuilder site = new StringBuilder("pager oncall { webhook \"https://example.org\" }\n");
    for (int node = 1; node <= 4; node++) {
      site.append("node n").append(node).append(" { gpu 0 }\n");
    }
    Story story =
        Story.of(
            site
                + """
                fault bad on node { when mce }
                budget serving { keep 75% of nodes healthy }
                policy restart_it {
                  on bad, within 1h, priority 80, attempts 5 over 2h, budget serving, mode enforce
                  try { restart node, takes 5m, confirm node.healthy for 20s, timeout 30m }
                  give up { page oncall }
                }
                """);
    story.sample(0, "node:n1", "healthy", 0);
    story.event(1, "node:n2", "mce");
    story.event(2, "node:n1", "mce");

    assertThat(without(story.until(100), "fault"))
        .containsExactly(
            "1s held restart node:n2",
            "2s decision act restart node:n1",
            "2s action_started restart node:n1");
    assertThat(story.because("held"))
        .containsExactly("budget `serving` keeps 3 of 4 nodes healthy, 3 are");
  }

  @Test
  void aThrottleOnAnEventFaultStaysUntilItsTimeOrTheReset() {
    String policies =
        SITE
            + """
            fault bad on gpu { when xid == 119 }
            budget b { limit 1 node at once }
            policy slow_down {
              on bad, within 1h, priority 80, attempts 5 over 2h, budget b, mode enforce
              try { throttle gpu { power 300W, %s }, takes 1s, confirm nvml.present for 10s, timeout 1m }
              %s
              give up { page oncall }
            }
            """;
    Story timed = Story.of(policies.formatted("undo after 1h", ""));
    timed.event(0, "gpu:n1/0", "xid", "code", "119");
    Story reset =
        Story.of(
            policies.formatted(
                "undo on reset",
                "then { reset gpu, takes 30s, confirm nvml.present for 10s, timeout 1m }"));
    reset.event(0, "gpu:n1/0", "xid", "code", "119");

    assertThat(timed.until(7200))
        .containsExactly(
            "0s fault_raised gpu:n1/0",
            "0s decision act throttle gpu:n1/0",
            "0s action_started throttle gpu:n1/0",
            "1s action_done done throttle gpu:n1/0",
            "11s confirmed assumed throttle",
            "11s ended gpu:n1/0",
            "11s fault_cleared gpu:n1/0",
            "3601s reverted done throttle gpu:n1/0");
    assertThat(reset.until(7200))
        .contains("41s action_done done reset gpu:n1/0", "41s reverted done throttle gpu:n1/0");
  }

  @Test
  void stepsThatWaitBeginWhenTheirConditionHoldsOrAtLatest() {
    String policies =
        SITE
            + """
            fault bad on gpu { when xid == 119 }
            budget b { limit 1 node at once }
            policy drain_and_reset {
              on bad, within 1m, priority 80, attempts 5 over 2h, budget b, mode enforce
              start when node.idle, at latest 1h
              try { cordon node, takes 1s, confirm node.cordoned, timeout 10s }
              then { reset gpu { waits }, takes 30s, confirm nvml.present for 10s, timeout 1m }
              then { uncordon node, takes 1s, confirm node.schedulable, timeout 10s }
              give up { page oncall }
            }
            """;
    Story idle = Story.of(policies);
    idle.event(0, "gpu:n1/0", "xid", "code", "119");
    idle.samples(0, 300, 10, "node:n1", "idle", 0).samples(310, 400, 10, "node:n1", "idle", 1);
    Story busy = Story.of(policies);
    busy.event(0, "gpu:n1/0", "xid", "code", "119");

    assertThat(without(idle.until(400), "fault", "done", "confirmed"))
        .containsExactly(
            "0s decision act cordon node:n1",
            "0s action_started cordon node:n1",
            "1s held reset",
            "310s action_started reset gpu:n1/0",
            "350s action_started uncordon node:n1",
            "351s ended gpu:n1/0");
    assertThat(busy.until(4000)).contains("3600s action_started reset gpu:n1/0");
    assertThat(busy.because("deadline_missed")).isEmpty();
  }

  @Test
  void aHigherPriorityTakesTheEntityBetweenStepsAndTheLoserIsReconsidered() {
    Story story =
        Story.of(
            SITE
                + """
                fault bad on gpu { when xid == 119 }
                fault odd on gpu { when xid == 13 }
                budget b { limit 1 node at once }
                policy low {
                  on odd, within 1h, priority 10, attempts 5 over 2h, mode enforce
                  try { restart service, takes 10s, confirm service.healthy for 20s, timeout 1m }
                  give up { page oncall }
                }
                policy high {
                  on bad, within 1h, priority 90, attempts 5 over 2h, budget b, mode enforce
                  try { reset gpu, takes 30s, confirm nvml.present for 10s, timeout 1m }
                  give up { page oncall }
                }
                """);
    story.event(0, "gpu:n1/0", "xid", "code", "13");
    story.event(5, "gpu:n1/0", "xid", "code", "119");

    assertThat(without(story.until(400), "fault"))
        .containsExactly(
            "0s decision act restart service:n1/llm",
            "0s action_started restart service:n1/llm",
            "5s held reset gpu:n1/0",
            "10s action_done done restart service:n1/llm",
            "30s confirmed assumed restart",
            "30s ended gpu:n1/0",
            "30s decision act reset gpu:n1/0",
            "30s action_started reset gpu:n1/0",
            "60s action_done done reset gpu:n1/0",
            "70s confirmed assumed reset",
            "70s ended gpu:n1/0");
  }

  @Test
  void aBreakerCountsRootFaultsOnly() {
    String policies =
        SITE
            + """
            fault bad on gpu { when xid == 119, suppresses [odd] same node, clear after 1h }
            fault odd on gpu { when xid == 13, clear after 1h }
            breaker storm { trip 10%% of gpus over 5m, page oncall }
            """
                .formatted();
    Story children = Story.of(policies);
    children.event(0, "gpu:n1/0", "xid", "code", "119");
    children.event(1, "gpu:n1/1", "xid", "code", "13").event(2, "gpu:n1/2", "xid", "code", "13");
    Story roots = Story.of(policies);
    for (int gpu = 0; gpu < 3; gpu++) {
      roots.event(gpu, "gpu:n1/" + gpu, "xid", "code", "119");
    }

    assertThat(children.until(100)).noneMatch(line -> line.contains("breaker_tripped"));
    assertThat(roots.until(100))
        .containsExactly(
            "0s fault_raised gpu:n1/0",
            "1s fault_raised gpu:n1/1",
            "2s fault_raised gpu:n1/2",
            "2s breaker_tripped gpu:n1/2",
            "2s action_started page gpu:n1/2",
            "2s action_done done page gpu:n1/2");
  }

  @Test
  void cooldownHoldsTheNextRepairAndItsDeadlineRunsOn() {
    Story story =
        Story.of(
            CRASHED
                + """
                policy revive {
                  on crashed, within 15s, priority 80, cooldown 5m per service, attempts 3 over 30m, mode enforce
                  try { restart service, takes 1s, confirm service.healthy, timeout 10s }
                  give up { page oncall }
                }
                """);
    story.event(0, "service:n1/llm", "exit", "exit_signal", "SIGSEGV");
    story.event(60, "service:n1/llm", "exit", "exit_signal", "SIGSEGV");

    assertThat(without(story.until(400), "fault", "_done", "confirmed"))
        .containsExactly(
            "0s decision act restart service:n1/llm",
            "0s action_started restart service:n1/llm",
            "1s ended service:n1/llm",
            "60s held restart service:n1/llm",
            "75s deadline_missed service:n1/llm",
            "301s decision act restart service:n1/llm",
            "301s action_started restart service:n1/llm",
            "302s ended service:n1/llm");
    assertThat(story.because("held")).containsExactly("cooldown 5m per service, 4m1s left");
    assertThat(story.because("deadline_missed"))
        .containsExactly("not begun: cooldown 5m per service, 4m1s left");
  }

  @Test
  void whatIsOnlyObservedHasALedgerOfItsOwnAndPagesNobody() {
    Story story =
        Story.of(
            SITE
                + """
                fault bad on gpu { when xid == 119, clear after 1m }
                budget serving { limit 1 reset per gpu over 1h, limit 1 node over 1h }
                policy watch_it {
                  on bad, within 1h, priority 10, attempts 1 over 2h, budget serving
                  try { reset gpu, takes 30s, confirm nvml.present for 10s, timeout 1m }
                  give up { page oncall }
                }
                fault odd on gpu { when xid == 13 }
                policy reset_it {
                  on odd, within 1h, priority 80, attempts 5 over 2h, budget serving, mode enforce
                  try { reset gpu, takes 30s, confirm nvml.present for 10s, timeout 1m }
                  give up { page oncall }
                }
                """);
    story.event(0, "gpu:n1/0", "xid", "code", "119");
    story.event(120, "gpu:n1/0", "xid", "code", "119");
    story.event(240, "gpu:n1/0", "xid", "code", "13");

    assertThat(without(story.until(400), "fault"))
        .containsExactly(
            "0s decision observe reset gpu:n1/0",
            "0s ended gpu:n1/0",
            "120s gave_up gpu:n1/0",
            "120s decision observe page gpu:n1/0",
            "120s ended gpu:n1/0",
            "240s decision act reset gpu:n1/0",
            "240s action_started reset gpu:n1/0",
            "270s action_done done reset gpu:n1/0",
            "280s confirmed assumed reset",
            "280s ended gpu:n1/0");
  }

  @Test
  void aNodeWithoutWorkIsFencedAndNothingIsMoved() {
    Story story =
        Story.of(
            SITE
                + """
                fault bad on node { when mce, clear after 1h }
                budget b { limit 1 node at once }
                policy move {
                  on bad, within 1h, priority 80, attempts 5 over 2h, budget b, mode enforce
                  try { fence node, takes 1s, confirm node.fenced, timeout 10s }
                  then { migrate service, takes 20s, confirm service.healthy, timeout 1m }
                  give up { page oncall }
                }
                """);
    story.event(0, "node:n2", "mce");

    assertThat(story.until(100))
        .containsExactly(
            "0s fault_raised node:n2",
            "0s decision act fence node:n2",
            "0s action_started fence node:n2",
            "1s action_done done fence node:n2",
            "1s confirmed assumed fence",
            "1s passed_over migrate",
            "1s ended node:n2",
            "1s fault_cleared node:n2");
  }
}
