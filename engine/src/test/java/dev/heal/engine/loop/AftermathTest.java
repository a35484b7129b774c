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
import dev.heal.engine.record.EntryType;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import dev.heal.engine.schedule.Past;
import dev.heal.engine.schedule.Stood;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of repairs over which the engine died. */
class AftermathTest {
  private static final long SECOND = 1_000_000_000L;
  private static final EntityId LLM = EntityId.service("n1", "llm");
  private static final EntityId NODE = EntityId.node("n1");
  private static final EntityId GPU = EntityId.gpu("n1", 0);

  private static final CheckedPolicy POLICIES =
      checked(
          """
          heal 1
          node n1 { gpu 0 }
          service llm on n1 { run ["sleep", "1"], gpus 0..0, restart via supervised, profile lean { env ["A=1"] } }
          pager oncall { command ["/bin/true"] }
          budget few { applies to all, limit 1 restart per service over 1h }
          fault crashed on service "It was killed" {
            when  process exits with signal in [SIGSEGV]
            clear after 1h
          }
          fault stuck on service "A rank is stuck" {
            when    log matches `rank (?<rank>\\d+) is stuck in (?<place>.*)`
            capture rank
            capture place
            clear after 1h
          }
          fault hot on gpu "Too hot" {
            when       nvml.temperature >= 88C
            clear when nvml.temperature < 80C for 2s
            missing    freeze
          }
          fault off_bus on gpu "It fell off the bus" {
            when  xid == 79
            clear after 1h
          }
          budget single { limit 1 node at once }
          policy isolate {
            mode enforce
            on off_bus, within 60s, attempts 3 over 1h, budget single
            try  { cordon node, takes 1s, confirm node.cordoned, timeout 10s }
            then { restart service, takes 1s, confirm process.running for 4s, timeout 10s }
            then { uncordon node, takes 1s, confirm node.schedulable, timeout 10s }
            give up { page oncall }
          }
          policy revive {
            mode enforce
            on crashed, within 60s, attempts 1 over 1h
            try     { restart service, takes 1s, confirm process.running for 4s, timeout 10s }
            or else { restart service { fresh }, takes 1s, confirm process.running for 4s, timeout 10s }
            give up { page oncall }
          }
          policy unstick {
            mode enforce
            on stuck, within 60s, attempts 1 over 1h
            try     { restart service, takes 1s, confirm process.running for 4s, timeout 10s }
            or else { degrade service { to profile "lean", undo after 20s }, takes 1s, confirm process.running for 4s, timeout 10s }
            give up { page oncall }
          }
          policy cool {
            mode enforce
            on hot, within 60s, attempts 3 over 1h
            try     { throttle gpu { power 450W }, takes 1s, confirm nvml.temperature < 80C for 2s, timeout 60s }
            give up { page oncall }
          }
          """);

  private final List<Entry> entries = new ArrayList<>();
  private final List<Order> orders = new ArrayList<>();
  private Engine engine = new Engine(POLICIES, new Topology(POLICIES.site()), 0, Past.NONE);

  private static CheckedPolicy checked(String text) {
    CheckResult result =
        Checker.check(List.of(new SourceFile("t.heal", text)), ImportResolver.NONE);
    return result.policy().orElseThrow(() -> new AssertionError(result.diagnostics().toString()));
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private void tell() {
    Engine.Step step = engine.take();
    entries.addAll(step.entries());
    orders.addAll(step.orders());
  }

  private void crash(long second) {
    engine.accept(new Fact.Event(second * SECOND, LLM, "exit", Map.of("exit_signal", "SIGSEGV")));
    tell();
  }

  private void running(long from, long to) {
    for (long second = from; second <= to; second++) {
      engine.accept(new Fact.Sample(second * SECOND, LLM, "process.running", 1));
      tell();
    }
  }

  private void heat(long second, double celsius) {
    engine.accept(new Fact.Sample(second * SECOND, GPU, "nvml.temperature", celsius));
    tell();
  }

  private void end(long second, Outcome.Kind kind) {
    engine.ended(
        orders.get(orders.size() - 1).id(), new Outcome(kind, "so it was"), second * SECOND);
    tell();
  }

  /** Another engine, with all that the journal keeps for it: through the words that it keeps. */
  private void die(long second) {
    List<Stood> stood =
        engine.stood().stream()
            .map(Stood::words)
            .map(Stood::parse)
            .flatMap(Optional::stream)
            .toList();
    assertThat(stood).isEqualTo(engine.stood());
    Past past =
        new Past(orders.size(), engine.lastLadder(), engine.halts(), stood, List.copyOf(entries))
            .with(engine.cordons());
    engine.close();
    engine = new Engine(POLICIES, new Topology(POLICIES.site()), second * SECOND, past);
    entries.clear();
    tell();
  }

  @Test
  void anOrderUnderWayIsVerifiedAndNotGivenAgain() {
    crash(1);
    assertThat(orders).hasSize(1);
    die(5);
    running(6, 12);
    assertThat(orders).hasSize(1);
    assertThat(entries)
        .extracting(Entry::type)
        .containsSubsequence(
            EntryType.FAULT_RAISED,
            EntryType.HELD,
            EntryType.CONFIRMED,
            EntryType.ENDED,
            EntryType.FAULT_CLEARED);
  }

  @Test
  void whatWasNotBegunIsBegunByTheNextEngineAndWasSpentFromNoBudget() {
    crash(1);
    end(1, Outcome.Kind.NOT_BEGUN);
    assertThat(orders).extracting(order -> order.act().verb()).containsExactly("restart", "page");
    die(3);
    crash(4);
    engine.runTo(5 * SECOND);
    tell();
    assertThat(orders)
        .extracting(order -> order.act().verb())
        .containsExactly("restart", "page", "restart");
    assertThat(orders.get(2).act()).isEqualTo(orders.get(0).act());
  }

  @Test
  void whereTheFactsDoNotConfirmItTheNextRungComes() {
    crash(1);
    die(5);
    engine.runTo(16 * SECOND);
    tell();
    assertThat(orders).hasSize(2);
    assertThat(orders.get(1).act().settings()).containsKey("fresh");
  }

  @Test
  void whatWasConfirmedGoesOnBehindIt() {
    crash(1);
    end(2, Outcome.Kind.FAILED);
    assertThat(orders).hasSize(2);
    die(5);
    engine.runTo(30 * SECOND);
    tell();
    assertThat(orders)
        .as("the second rung is verified; then nothing is left but a page")
        .hasSize(3);
    assertThat(orders.get(2).act().verb()).isEqualTo("page");
  }

  @Test
  void whatWasCalledOffIsVerifiedAndGoesNoFurther() {
    crash(1);
    Preparation next = engine.prepare(new GenerationId(2, ""), 2 * SECOND);
    next.copy(Integer.MAX_VALUE);
    next.build(CompiledPolicies.of(POLICIES));
    engine.swap(true, 3 * SECOND);
    tell();
    die(5);
    engine.runTo(100 * SECOND);
    tell();
    assertThat(orders).hasSize(1);
    assertThat(entries)
        .filteredOn(entry -> entry.type() == EntryType.ENDED)
        .extracting(Entry::because)
        .containsExactly("called off with the policies that began it");
  }

  @Test
  void whatWasCapturedIsToldWithEachOrderAlsoByTheNextEngine() {
    Map<String, String> captured = Map.of("rank", "3", "place", "all\treduce & =gather%20 \u00e9");
    engine.accept(
        new Fact.Event(
            SECOND,
            LLM,
            "log",
            Map.of("line", "rank 3 is stuck in all\treduce & =gather%20 \u00e9")));
    tell();
    assertThat(orders).extracting(Order::captures).containsExactly(captured);
    die(5);
    assertThat(engine.stood()).extracting(Stood::captures).containsExactly(captured);
    engine.runTo(16 * SECOND); // the first rung was not confirmed
    tell();
    end(17, Outcome.Kind.DONE); // the second is not either: its undoing, and a page
    engine.runTo(60 * SECOND);
    tell();
    assertThat(orders)
        .extracting(order -> order.act().verb() + " " + order.purpose())
        .containsExactly("restart STEP", "degrade STEP", "page NOTICE", "degrade UNDO");
    assertThat(orders).extracting(Order::captures).containsOnly(captured);
  }

  @Test
  void whatStoodWithoutCapturesIsWordsOfBefore() {
    crash(1);
    assertThat(engine.stood().get(0).words()).hasSize(8);
    assertThat(Stood.parse(List.of("crashed", "service:n1/llm", "1", "no pairs"))).isEmpty();
    assertThat(Stood.parse(List.of("crashed", "service:n1/llm", "1", "rank=%zz"))).isEmpty();
    assertThat(Stood.parse(List.of("crashed", "service:n1/llm", "1", "rank=3")).orElseThrow())
        .isEqualTo(
            new Stood(
                new dev.heal.engine.fact.FaultInstance("crashed", LLM),
                1,
                Map.of("rank", "3"),
                Optional.empty()));
  }

  @Test
  void theDeadlineCountsFromWhenItWasRaised() {
    crash(1);
    die(5);
    engine.runTo(62 * SECOND);
    tell();
    assertThat(entries)
        .filteredOn(entry -> entry.type() == EntryType.DEADLINE_MISSED)
        .extracting(Entry::at)
        .containsExactly(61 * SECOND);
  }

  @Test
  void whatWasGivenUpStaysWithHumans() {
    crash(1);
    end(2, Outcome.Kind.FAILED);
    end(3, Outcome.Kind.FAILED);
    assertThat(orders).hasSize(3);
    die(5);
    engine.runTo(100 * SECOND);
    tell();
    assertThat(orders).hasSize(3);
    assertThat(engine.stood()).hasSize(1);
  }

  @Test
  void attemptsCountOverTheDeathOfAnEngine() {
    crash(1);
    end(2, Outcome.Kind.DONE);
    running(2, 10);
    assertThat(engine.stood()).isEmpty();
    die(20);
    crash(21);
    assertThat(orders).extracting(order -> order.act().verb()).containsExactly("restart", "page");
  }

  private void cordoned(long second, boolean is) {
    engine.accept(new Fact.Sample(second * SECOND, NODE, "cordoned", is ? 1 : 0));
    tell();
  }

  private void offTheBus(long second) {
    engine.accept(new Fact.Event(second * SECOND, GPU, "xid", Map.of("code", "79")));
    tell();
  }

  private List<String> ordered() {
    return orders.stream().map(order -> order.act().verb()).toList();
  }

  private List<String> because(EntryType type) {
    return entries.stream().filter(e -> e.type() == type).map(Entry::because).toList();
  }

  @Test
  void aCordonOfTheEngineBeforeIsOursAndTakenBack() {
    offTheBus(1);
    end(2, Outcome.Kind.DONE);
    cordoned(3, true);
    assertThat(ordered()).containsExactly("cordon", "restart");
    die(5);
    cordoned(6, true);
    running(6, 12);
    assertThat(ordered()).containsExactly("cordon", "restart", "uncordon");
    end(13, Outcome.Kind.DONE);
    assertThat(engine.cordons()).isEmpty();
  }

  @Test
  void onANodeThatTheEngineBeforeCordonedAnotherRepairBegins() {
    offTheBus(1);
    end(2, Outcome.Kind.DONE);
    cordoned(3, true);
    end(4, Outcome.Kind.FAILED); // given up: the cordon stays
    engine.runTo(60 * SECOND);
    tell();
    die(100);
    die(200); // nothing of it is among what was done last
    cordoned(201, true);
    crash(202);
    assertThat(because(EntryType.HELD)).isEmpty();
    assertThat(ordered()).containsExactly("cordon", "restart", "page", "restart");
  }

  @Test
  void aCordonThatOnlyTheFactsTellOfIsOursToo() {
    offTheBus(1);
    assertThat(ordered()).containsExactly("cordon");
    die(2); // its outcome reaches nobody
    cordoned(3, true);
    assertThat(ordered()).containsExactly("cordon", "restart");
    assertThat(engine.cordons()).containsExactly(NODE);
    end(4, Outcome.Kind.DONE);
    running(5, 12);
    assertThat(ordered()).containsExactly("cordon", "restart", "uncordon");
  }

  @Test
  void onceTheNodeWasFreeTheNextCordonIsSomebodyElses() {
    offTheBus(1);
    end(2, Outcome.Kind.DONE);
    cordoned(3, true);
    end(4, Outcome.Kind.FAILED);
    die(100);
    cordoned(101, true);
    cordoned(102, false);
    assertThat(engine.cordons()).isEmpty();
    cordoned(103, true);
    crash(104);
    assertThat(because(EntryType.HELD)).containsExactly("node:n1 is cordoned by somebody else");
  }

  @Test
  void aThrottleThatWasUndoneWithTheEngineBeginsAnew() {
    heat(1, 92);
    end(2, Outcome.Kind.DONE);
    assertThat(orders).hasSize(1);
    die(5);
    assertThat(orders).as("nothing begins on what nobody has heard again").hasSize(1);
    heat(6, 92);
    assertThat(orders)
        .extracting(order -> order.act().verb())
        .containsExactly("throttle", "throttle");
  }

  @Test
  void aLevelThatIsOverClearsFromFreshFacts() {
    heat(1, 92);
    die(5);
    heat(6, 60);
    heat(7, 60);
    heat(8, 60);
    heat(9, 60);
    assertThat(engine.stood()).isEmpty();
    assertThat(orders).as("it is not hot any more: the throttle is not given again").hasSize(1);
  }

  @Test
  void faultsThatArePoliciesNoMoreAreForgotten() {
    Past past =
        new Past(
            0,
            0,
            List.of(),
            List.of(
                Stood.parse(List.of("gone", "service:n1/llm", "1")).orElseThrow(),
                Stood.parse(
                        List.of("crashed", "service:n1/llm", "1", "old", "7", "7", "acting", "-"))
                    .orElseThrow()),
            List.of());
    engine.close();
    engine = new Engine(POLICIES, new Topology(POLICIES.site()), 5 * SECOND, past);
    tell();
    assertThat(engine.stood()).extracting(Stood::instance).hasSize(1);
    assertThat(orders).as("another policy takes it at its foot").hasSize(1);
  }
}
