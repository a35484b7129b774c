package dev.heal.engine.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.check.Checker;
import dev.heal.dsl.check.ImportResolver;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.text.SourceFile;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.Topology;
import dev.heal.engine.record.Entry;
import dev.heal.engine.schedule.Answer;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import dev.heal.engine.schedule.Past;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What operators say, and what comes of it. */
class OperatorCommandsTest {
  private static final long SECOND = 1_000_000_000L;

  private static final CheckedPolicy POLICIES =
      checked(
          """
          heal 1
          node n1 {
            pool "a"
            gpu 0
            gpu 1
          }
          node n2 {
            pool "b"
            gpu 0
            gpu 1
          }
          service llm on n1 { gpus 0..0, unit "llm.service" }
          pager oncall { command ["/bin/true"] }
          fault hot on gpu {
            when       nvml.temperature >= 88C for 2s
            clear when nvml.temperature < 80C
            missing    freeze
          }
          fault bad on gpu { when xid in [119], cured when nvml.present for 5s }
          fault crashed on service { when process exits with signal in [SIGSEGV], clear after 1h }
          maintenance patching {
            where  node.pool == "b"
            window "Sun 02:00" 1h "UTC"
            allow  [throttle]
          }
          breaker storm { trip 50% of gpus over 5m }
          policy cool {
            mode enforce
            on hot, within 1m, priority 50, attempts 1 over 1h
            try { throttle gpu { power 450W }, takes 1s, confirm nvml.temperature < 85C, timeout 10s }
            give up { page oncall, cordon node }
          }
          policy ask {
            mode approve
            on bad, within 10m, priority 70, attempts 3 over 1h
            try { cordon node, takes 1s, confirm node.cordoned, timeout 10s }
            give up { page oncall }
          }
          policy revive {
            mode enforce
            on crashed, within 1m, priority 60, attempts 9 over 1h
            try { restart service, takes 1s, confirm process.running for 2s, timeout 10s }
            give up { page oncall }
          }
          """);

  private final List<String> story = new ArrayList<>();
  private final List<Order> orders = new ArrayList<>();
  private Engine engine = new Engine(POLICIES, new Topology(POLICIES.site()), 0, Past.NONE);

  private static CheckedPolicy checked(String text) {
    CheckResult result =
        Checker.check(List.of(new SourceFile("t.heal", text)), ImportResolver.NONE);
    assertThat(result.policy()).as(result.diagnostics().toString()).isPresent();
    return result.policy().orElseThrow();
  }

  @AfterEach
  void close() {
    engine.close();
  }

  /** Another engine, whose hands are kept still as those of the one before were. */
  private void restart(long second) {
    Past past = new Past(orders.size(), engine.lastLadder(), engine.halts(), List.of(), List.of());
    engine.close();
    engine = new Engine(POLICIES, new Topology(POLICIES.site()), second * SECOND, past);
  }

  private void tell() {
    Engine.Step step = engine.take();
    step.entries().forEach(entry -> story.add(line(entry)));
    orders.addAll(step.orders());
  }

  private static String line(Entry entry) {
    return "%ds %s%s%s"
        .formatted(
            entry.at() / SECOND,
            entry.type().word(),
            entry.verb().map(v -> " " + v).orElse(""),
            entry
                .target()
                .or(() -> entry.instance().map(i -> i.entity()))
                .map(t -> " " + t)
                .orElse(""));
  }

  private void heat(long second, String gpu, double celsius) {
    EntityId entity = EntityId.parse(gpu).orElseThrow();
    engine.accept(new Fact.Sample(second * SECOND, entity, "nvml.temperature", celsius));
    tell();
  }

  private void event(long second, String entity, String event, String field, String value) {
    engine.accept(
        new Fact.Event(
            second * SECOND, EntityId.parse(entity).orElseThrow(), event, Map.of(field, value)));
    tell();
  }

  private void runTo(long second) {
    engine.runTo(second * SECOND);
    tell();
  }

  private void end(long second, Outcome.Kind kind) {
    engine.ended(orders.get(orders.size() - 1).id(), new Outcome(kind, "told so"), second * SECOND);
    tell();
  }

  private Answer say(long second, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.add("by=alice");
    Answer answer = engine.command(all, second * SECOND);
    tell();
    return answer;
  }

  private static final List<String> NOTHING = List.of();

  @Test
  void whilePausedAllIsSeenAndNothingIsTouched() {
    assertThat(say(1, "pause", "because=new firmware").kind()).isEqualTo(Answer.Kind.DONE);
    heat(2, "gpu:n1/0", 95);
    runTo(10);

    assertThat(orders).isEmpty();
    assertThat(say(11, "pause"))
        .isEqualTo(
            new Answer(
                Answer.Kind.ALREADY,
                "auto-repair is off already, since 1970-01-01T00:00:01.000Z, by alice"));
    assertThat(say(12, "resume").text())
        .isEqualTo("auto-repair is on again: what waited begins one by one");
    assertThat(story)
        .containsExactly(
            "1s commanded pause",
            "4s fault_raised gpu:n1/0",
            "4s held throttle gpu:n1/0",
            "12s commanded resume",
            "12s decision throttle gpu:n1/0",
            "12s action_started throttle gpu:n1/0");
    assertThat(say(13, "resume").kind()).isEqualTo(Answer.Kind.ALREADY);
  }

  @Test
  void aPauseStopsARunningRepairBetweenItsStepsAndTheEndOfItOnlyPages() {
    heat(1, "gpu:n1/0", 95);
    runTo(4);
    say(5, "pause");
    end(6, Outcome.Kind.FAILED);

    assertThat(story)
        .containsExactly(
            "3s fault_raised gpu:n1/0",
            "3s decision throttle gpu:n1/0",
            "3s action_started throttle gpu:n1/0",
            "5s commanded pause",
            "6s action_failed throttle gpu:n1/0",
            "6s rung_failed throttle gpu:n1/0",
            "6s gave_up gpu:n1/0",
            "6s passed_over cordon gpu:n1/0",
            "6s action_started page gpu:n1/0",
            "6s ended gpu:n1/0");
    assertThat(orders).extracting(o -> o.act().verb()).containsExactly("throttle", "page");
  }

  @Test
  void whatStandsIsUndoneWhilePaused() {
    heat(1, "gpu:n1/0", 95);
    runTo(4);
    end(5, Outcome.Kind.DONE);
    heat(6, "gpu:n1/0", 84);
    say(7, "pause");
    heat(8, "gpu:n1/0", 70);

    assertThat(orders)
        .extracting(Order::purpose)
        .containsExactly(Order.Purpose.STEP, Order.Purpose.UNDO);
  }

  @Test
  void anEngineThatEndsBeginsNothingNewAndFinishesWhatItHasBegun() {
    heat(1, "gpu:n1/0", 95);
    runTo(4);
    say(5, "ending");
    heat(6, "gpu:n1/1", 95);
    event(7, "service:n1/llm", "exit", "exit_signal", "SIGSEGV");
    runTo(9);
    end(9, Outcome.Kind.FAILED);
    runTo(30);

    assertThat(orders).extracting(o -> o.act().verb()).containsExactly("throttle");
    assertThat(story)
        .contains("8s fault_raised gpu:n1/1", "7s fault_raised service:n1/llm")
        .doesNotContain("9s gave_up gpu:n1/0");
    restart(31);
    heat(31, "gpu:n1/0", 95);
    runTo(34);
    assertThat(orders)
        .as("the next engine is not held by it")
        .extracting(o -> o.act().verb())
        .contains("throttle")
        .hasSizeGreaterThan(1);
  }

  @Test
  void aPauseAndATrippedBreakerOutliveTheEngine() {
    say(1, "pause", "because=new firmware");
    for (String gpu : List.of("gpu:n1/0", "gpu:n1/1", "gpu:n2/0")) {
      heat(2, gpu, 95);
    }
    runTo(5);
    restart(10);
    story.clear();
    event(11, "service:n1/llm", "exit", "exit_signal", "SIGSEGV");
    runTo(20);
    say(21, "resume");
    assertThat(orders).isEmpty();
    assertThat(say(22, "breaker", "reset").text())
        .isEqualTo("closed: `storm`; what waited begins one by one");

    assertThat(orders).extracting(o -> o.act().verb()).containsExactly("restart");
    assertThat(story)
        .containsSubsequence(
            "11s fault_raised service:n1/llm",
            "11s held restart service:n1/llm",
            "21s commanded resume",
            "22s commanded breaker reset",
            "22s decision restart service:n1/llm");
    assertThat(say(23, "breaker", "reset").kind()).isEqualTo(Answer.Kind.ALREADY);
    assertThat(say(23, "breaker", "reset", "stom"))
        .isEqualTo(
            new Answer(Answer.Kind.NO_SUCH, "there is no breaker `stom`; did you mean `storm`?"));
  }

  @Test
  void aMaintenanceHoldsWhatItIsAboutUntilItsTimeIsOver() {
    Answer begun =
        say(1, "maintenance", "start", "fans", "on=node:n1", "allow=restart", "for=20m30s");
    assertThat(begun.text()).isEqualTo("maintenance `fans` is on, until 1970-01-01T00:20:31.000Z");
    heat(2, "gpu:n1/0", 95);
    heat(2, "gpu:n2/0", 95);
    event(3, "service:n1/llm", "exit", "exit_signal", "SIGSEGV");
    runTo(10);

    assertThat(orders)
        .extracting(o -> o.act().verb() + " " + o.target())
        .containsExactly("restart service:n1/llm", "throttle gpu:n2/0");
    engine.ended(orders.get(0).id(), new Outcome(Outcome.Kind.FAILED, "told so"), 11 * SECOND);
    runTo(1231);
    assertThat(story)
        .endsWith(
            "1231s commanded maintenance stop",
            "1231s decision throttle gpu:n1/0",
            "1231s action_started throttle gpu:n1/0");
    assertThat(say(1232, "maintenance", "stop", "fans"))
        .isEqualTo(new Answer(Answer.Kind.NO_SUCH, "there is no maintenance `fans`: none is on"));
  }

  @Test
  void aDeclaredMaintenanceCanBeBegunByHandAndKeepsItsOwnTerms() {
    assertThat(say(1, "maintenance", "start", "patching", "allow=restart").kind())
        .isEqualTo(Answer.Kind.REFUSED);
    assertThat(say(1, "maintenance", "start", "patching").text())
        .isEqualTo("maintenance `patching` is on, until `heal maintenance stop patching`");
    event(2, "gpu:n2/0", "xid", "code", "119");
    event(2, "gpu:n1/0", "xid", "code", "119");

    assertThat(engine.command(List.of("approve", "1", "by=bob"), 3 * SECOND).text())
        .isEqualTo(
            "repair 1 (`ask` for bad on gpu:n2/0) is approved; it still waits: maintenance"
                + " `patching` holds `cordon` until `heal maintenance stop patching`");
    assertThat(say(3, "approve", "2").text())
        .isEqualTo("repair 2 (`ask` for bad on gpu:n1/0) is approved");
    assertThat(orders).extracting(o -> o.target().toString()).containsExactly("node:n1");
    say(4, "maintenance", "stop");
    assertThat(orders).extracting(o -> o.target().toString()).containsExactly("node:n1", "node:n2");
  }

  @Test
  void approvalsAreOfWhatWaitsAndNumbersNeverComeTwice() {
    event(1, "gpu:n1/0", "xid", "code", "119");
    assertThat(say(2, "approve", "7"))
        .isEqualTo(
            new Answer(
                Answer.Kind.NO_SUCH,
                "there is no repair 7: it has ended, or never was; `heal status` lists those that"
                    + " wait"));
    restart(10);
    event(11, "gpu:n1/0", "xid", "code", "119");
    assertThat(say(12, "approve", "1").kind()).isEqualTo(Answer.Kind.NO_SUCH);
    assertThat(say(13, "reject", "2", "because=wait for the vendor").text())
        .isEqualTo("repair 2 (`ask` for bad on gpu:n1/0) is rejected: the fault is left to you");
    heat(20, "gpu:n2/0", 95);
    runTo(23);
    assertThat(say(24, "approve", "3").text())
        .isEqualTo(
            "repair 3 (`cool` for hot on gpu:n2/0) needs no approval: its policy is in mode"
                + " enforce");
    assertThat(orders).extracting(o -> o.act().verb()).containsExactly("throttle");
  }

  @Test
  void whatWasGivenUpIsTakenUpAgainWhateverAttemptsAreLeft() {
    heat(1, "gpu:n1/0", 95);
    runTo(4);
    assertThat(say(5, "resume", "hot", "gpu:n1/0").text())
        .isEqualTo("hot on gpu:n1/0 is not given up: its repair 1 goes on");
    end(6, Outcome.Kind.FAILED);
    story.clear();

    assertThat(say(7, "resume", "hot", "gpu:n1/0").text())
        .isEqualTo("hot on gpu:n1/0 is taken up again, as repair 2");
    assertThat(story)
        .containsExactly(
            "7s commanded resume gpu:n1/0",
            "7s decision throttle gpu:n1/0",
            "7s action_started throttle gpu:n1/0");
    assertThat(say(8, "resume", "hot", "gpu:n2/0").text())
        .isEqualTo("hot on gpu:n2/0 is not raised");
  }

  @Test
  void wordsEndAnEventButNoLevelThatStillHolds() {
    event(1, "service:n1/llm", "exit", "exit_signal", "SIGSEGV");
    heat(1, "gpu:n1/0", 95);
    heat(3, "gpu:n1/0", 95);
    runTo(4);
    story.clear();

    assertThat(say(5, "clear", "hot", "gpu:n1/0"))
        .isEqualTo(
            new Answer(
                Answer.Kind.REFUSED,
                "hot on gpu:n1/0 still holds: it clears when what it measures is well again"));
    assertThat(say(6, "clear", "crashed", "service:n1/llm").text())
        .isEqualTo("crashed on service:n1/llm is clear");
    assertThat(say(7, "clear", "crashed", "service:n1/llm").kind()).isEqualTo(Answer.Kind.NO_SUCH);
    assertThat(story)
        .containsExactly("6s commanded clear service:n1/llm", "6s fault_cleared service:n1/llm");
    heat(8, "gpu:n1/0", 86);
    assertThat(say(9, "clear", "hot", "gpu:n1/0").kind())
        .as("it no longer holds, but has not come down to what clears it")
        .isEqualTo(Answer.Kind.DONE);
  }

  @Test
  void whatMakesNoSenseChangesNothing() {
    for (List<String> words :
        List.of(
            List.of("dance"),
            List.of("approve"),
            List.of("approve", "-1"),
            List.of("approve", "1", "2"),
            List.of("clear", "hot"),
            List.of("resume", "hot", "nonsense"),
            List.of("pause", "now"),
            List.of("breaker", "open"),
            List.of("maintenance", "start"),
            List.of("maintenance", "start", "m", "for=soon"),
            List.of("maintenance", "start", "m", "on=everything"),
            List.of("pause", "because=" + "x".repeat(501)))) {
      assertThat(say(1, words.toArray(String[]::new)).kind())
          .as(words.toString())
          .isEqualTo(Answer.Kind.MALFORMED);
    }
    assertThat(engine.command(List.of("pause"), SECOND).kind()).isEqualTo(Answer.Kind.MALFORMED);
    assertThat(say(1, "maintenance", "start", "m", "on=node:n3").text())
        .isEqualTo("node:n3 is not known; did you mean `node:n1`?");
    assertThat(say(1, "maintenance", "start", "m", "allow=throtle").text())
        .isEqualTo("there is no verb `throtle`; did you mean `throttle`?");
    assertThat(say(1, "maintenance", "start", "m", "for=999d").kind())
        .isEqualTo(Answer.Kind.REFUSED);
    assertThat(story).isEqualTo(NOTHING);
    assertThat(engine.halts()).isEmpty();
    assertThat(Optional.of(engine.lastLadder())).contains(0L);
  }
}
