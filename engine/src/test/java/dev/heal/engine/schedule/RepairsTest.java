package dev.heal.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.check.Checker;
import dev.heal.dsl.check.ImportResolver;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.text.SourceFile;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.engine.decide.Estate;
import dev.heal.engine.decide.Times;
import dev.heal.engine.fact.Disturbance;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.fact.Pulse;
import dev.heal.engine.fact.Truth;
import dev.heal.engine.record.Entry;
import dev.heal.engine.rule.Proposal;
import dev.heal.engine.verify.Verifier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Ladders on virtual time: what is begun, held, passed over and given up, and why. */
class RepairsTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Speaker ALICE = new Speaker("alice", "");

  private final List<String> story = new ArrayList<>();
  private final World world = new World();
  private Repairs repairs = new Repairs(policies(""), world, world);
  private Verifier verifier = new Verifier(world, true);
  private final List<Pending> pending = new ArrayList<>();
  private final Set<String> failing = new HashSet<>();

  /** What cannot be written down, and so is not begun. */
  private final Set<String> unwritten = new HashSet<>();

  private final List<Proposal> proposals = new ArrayList<>();

  private record Pending(long at, Order order, boolean begun) {}

  private static CheckedPolicy policies(String text) {
    CheckResult result =
        Checker.check(List.of(new SourceFile("t.heal", "heal 1\n" + text)), ImportResolver.NONE);
    assertThat(result.policy()).as(result.diagnostics().toString()).isPresent();
    return result.policy().orElseThrow();
  }

  /** Two nodes with two GPUs each; nothing is ever heard, so confirmations are assumed. */
  private static final class World implements Estate, Evidence {
    final Set<FaultInstance> raised = new HashSet<>();

    @Override
    public NavigableSet<EntityId> all(EntityKind kind) {
      NavigableSet<EntityId> all = new TreeSet<>();
      for (int node = 1; node <= 2; node++) {
        if (kind == EntityKind.NODE) {
          all.add(EntityId.node("n" + node));
        } else if (kind == EntityKind.GPU) {
          all.add(EntityId.gpu("n" + node, 0));
          all.add(EntityId.gpu("n" + node, 1));
        }
      }
      return all;
    }

    @Override
    public NavigableSet<EntityId> related(EntityId entity, EntityKind kind) {
      NavigableSet<EntityId> related = new TreeSet<>();
      all(kind).stream()
          .filter(e -> entity.kind() == kind ? e.equals(entity) : e.host().equals(entity.host()))
          .forEach(related::add);
      return related;
    }

    @Override
    public NavigableSet<EntityId> inside(EntityId entity) {
      NavigableSet<EntityId> inside = new TreeSet<>(Set.of(entity));
      if (entity.kind() == EntityKind.NODE) {
        inside.addAll(related(entity, EntityKind.GPU));
      }
      return inside;
    }

    @Override
    public Optional<String> attribute(EntityId entity, String name) {
      return Optional.empty();
    }

    @Override
    public void watch(String key, Condition condition, EntityId entity, long from) {}

    @Override
    public void unwatch(String key, EntityId entity) {}

    @Override
    public Truth truth(String key, EntityId entity) {
      return Truth.UNKNOWN;
    }

    @Override
    public boolean heard(Condition condition, EntityId entity) {
      return false;
    }

    @Override
    public Truth flag(EntityId entity, String signal) {
      return Truth.UNKNOWN;
    }

    @Override
    public Optional<String> word(EntityId entity, String signal) {
      return Optional.empty();
    }

    @Override
    public Pulse pulse(EntityId node, long now) {
      return Pulse.ON_TIME;
    }

    @Override
    public void disturb(EntityId entity, Disturbance caused, long now) {}

    @Override
    public boolean awaitsFacts(FaultInstance instance) {
      return false;
    }

    @Override
    public boolean isRaised(FaultInstance instance) {
      return raised.contains(instance);
    }

    @Override
    public Truth stillHolds(FaultInstance instance) {
      return Truth.UNKNOWN;
    }

    @Override
    public boolean isStillRaised(FaultInstance instance) {
      return false;
    }

    @Override
    public void unfollow(FaultInstance instance) {}

    @Override
    public void repaired(FaultInstance instance, long now, String because) {}
  }

  private void given(String text) {
    repairs = new Repairs(policies(text), world, world);
    verifier = new Verifier(world, true);
  }

  private void raise(long second, String fault, String policy, EntityId entity) {
    runTo(second * SECOND);
    FaultInstance instance = new FaultInstance(fault, entity);
    world.raised.add(instance);
    proposals.add(new Proposal(policy, instance, Optional.empty()));
    repairs.raised(instance, Map.of(), second * SECOND);
    repairs.proposed(proposals, second * SECOND);
    turn(second * SECOND);
  }

  private void clear(long second, String fault, EntityId entity) {
    runTo(second * SECOND);
    FaultInstance instance = new FaultInstance(fault, entity);
    world.raised.remove(instance);
    proposals.removeIf(p -> p.instance().equals(instance));
    repairs.cleared(instance, second * SECOND);
    repairs.proposed(proposals, second * SECOND);
    turn(second * SECOND);
  }

  private void runTo(long until) {
    while (true) {
      long next = Math.min(repairs.nextAt(), verifier.nextAt());
      for (Pending one : pending) {
        next = Math.min(next, one.at());
      }
      if (next >= until || next == Times.NEVER) {
        return;
      }
      long now = next;
      for (Pending one : List.copyOf(pending)) {
        if (one.at() <= now) {
          pending.remove(one);
          if (!one.begun()) {
            repairs.outcome(
                one.order(), new Outcome(Outcome.Kind.NOT_BEGUN, "the disk is full"), now);
            continue;
          }
          boolean fails = failing.contains(what(one.order()));
          repairs.outcome(
              one.order(),
              new Outcome(
                  fails ? Outcome.Kind.FAILED : Outcome.Kind.DONE, fails ? "told to fail" : "done"),
              now);
        }
      }
      turn(now);
    }
  }

  private static String what(Order order) {
    return (order.purpose() == Order.Purpose.UNDO ? "undo " : "") + order.act().verb();
  }

  private void turn(long now) {
    boolean more = true;
    while (more) {
      repairs.outbox().takeWithdrawn().forEach(verifier::withdraw);
      repairs.outbox().takeConfirmations().forEach(verifier::begin);
      verifier.turn(now).forEach(proof -> repairs.proof(proof, now));
      repairs.turn(now);
      for (Order order : repairs.outbox().takeOrders()) {
        boolean begins = !unwritten.contains(what(order));
        pending.add(new Pending(begins ? now + order.takes().toNanos() : now, order, begins));
      }
      List<Entry> entries = repairs.outbox().takeEntries();
      entries.forEach(this::tell);
      more = !entries.isEmpty();
    }
  }

  private void tell(Entry entry) {
    story.add(
        entry.at() / SECOND
            + "s "
            + entry.type().word()
            + entry.outcome().map(o -> " " + o).orElse("")
            + entry.verb().map(v -> " " + v).orElse("")
            + entry.target().map(t -> " " + t).orElse(""));
  }

  private static final String HOT =
      """
      fault hot on gpu {
        when nvml.temperature >= 88C for 60s
        clear when nvml.temperature < 80C for 5m
        missing freeze
      }
      """;

  private static final String COOL =
      HOT
          + """
          policy cool {
            on hot, within 10s, priority 50, attempts 2 over 1h, mode %s
            try { throttle gpu { power 450W }, takes 2s, confirm nvml.present for 20s, timeout 1m }
            or else { throttle gpu { power 300W }, takes 1s, confirm nvml.present for 5s, timeout 1m }
            give up { page oncall }
          }
          """;

  @Test
  void aRepairIsBegunDoneConfirmedAndUndoneWhenTheFaultClears() {
    given(COOL.formatted("enforce"));

    raise(100, "hot", "cool", EntityId.gpu("n1", 0));
    runTo(200 * SECOND);
    clear(300, "hot", EntityId.gpu("n1", 0));
    runTo(400 * SECOND);

    assertThat(story)
        .containsExactly(
            "100s decision act throttle gpu:n1/0",
            "100s action_started throttle gpu:n1/0",
            "102s action_done done throttle gpu:n1/0",
            "122s confirmed assumed throttle",
            "122s ended",
            "300s reverted done throttle gpu:n1/0");
  }

  @Test
  void aFailedRungIsFollowedByTheNextAndTheLastByGivingUpOnce() {
    given(COOL.formatted("enforce"));
    failing.add("throttle");

    raise(100, "hot", "cool", EntityId.gpu("n1", 0));
    runTo(1000 * SECOND);

    assertThat(story)
        .containsExactly(
            "100s decision act throttle gpu:n1/0",
            "100s action_started throttle gpu:n1/0",
            "102s action_failed failed throttle gpu:n1/0",
            "102s rung_failed throttle",
            "102s action_started throttle gpu:n1/0",
            "103s action_failed failed throttle gpu:n1/0",
            "103s rung_failed throttle",
            "103s gave_up",
            "103s action_started page gpu:n1/0",
            "103s ended",
            "103s action_done done page gpu:n1/0");
  }

  private static final List<String> AT_FIRST =
      List.of(
          "100s decision act throttle gpu:n1/0",
          "100s action_started throttle gpu:n1/0",
          "100s action_failed not_begun throttle gpu:n1/0",
          "100s held hold throttle",
          "100s action_started page gpu:n1/0");

  @Test
  void whatCannotBeWrittenDownIsTriedAgainWithGrowingPausesAndSomebodyIsPagedOnce() {
    given(COOL.formatted("enforce"));
    unwritten.add("throttle");

    raise(100, "hot", "cool", EntityId.gpu("n1", 0));
    raise(101, "hot", "cool", EntityId.gpu("n2", 0));
    runTo(200 * SECOND);
    assertThat(story).startsWith(AT_FIRST.toArray(String[]::new));
    assertThat(story).filteredOn(line -> line.contains("page gpu")).hasSize(2); // and done
    assertThat(story)
        .filteredOn(line -> line.endsWith("action_started throttle gpu:n1/0"))
        .containsExactly(
            "100s action_started throttle gpu:n1/0",
            "105s action_started throttle gpu:n1/0",
            "115s action_started throttle gpu:n1/0",
            "135s action_started throttle gpu:n1/0",
            "175s action_started throttle gpu:n1/0");
    assertThat(story).noneMatch(line -> line.contains("rung_failed") || line.contains("gave_up"));

    unwritten.clear();
    story.clear();
    runTo(300 * SECOND);
    assertThat(story)
        .filteredOn(line -> line.contains("n1") || !line.contains("gpu"))
        .startsWith(
            "235s action_started throttle gpu:n1/0", "237s action_done done throttle gpu:n1/0")
        .contains("257s confirmed assumed throttle");
  }

  @Test
  void whatCannotBeWrittenDownSpendsOneAttemptAndNoOrderOfABudget() {
    given(
        COOL.formatted("enforce")
            + "budget few { applies to all, limit 2 throttle per gpu over 1h }\n");
    EntityId gpu = EntityId.gpu("n1", 0);
    unwritten.add("throttle");

    raise(100, "hot", "cool", gpu);
    runTo(200 * SECOND);
    unwritten.clear();
    runTo(300 * SECOND);
    clear(300, "hot", gpu);
    assertThat(story).contains("257s confirmed assumed throttle");
    raise(310, "hot", "cool", gpu);
    assertThat(story).contains("310s action_started throttle gpu:n1/0");
    runTo(350 * SECOND);
    clear(350, "hot", gpu);
    raise(360, "hot", "cool", gpu);
    assertThat(story).contains("360s gave_up");
  }

  @Test
  void whatEndsThatWasBegunBeforeDoesNotShowThatThereIsSpace() {
    given(COOL.formatted("enforce"));
    raise(100, "hot", "cool", EntityId.gpu("n1", 0));
    unwritten.add("throttle");
    raise(101, "hot", "cool", EntityId.gpu("n2", 0));
    runTo(120 * SECOND);

    assertThat(story)
        .contains("102s action_done done throttle gpu:n1/0")
        .filteredOn(l -> l.contains("started page"))
        .containsExactly("101s action_started page gpu:n2/0");
  }

  @Test
  void whatIsNeverBegunForWantOfSpaceExpiresWithAPage() {
    given(COOL.formatted("enforce").replace("within 10s", "within 10s, expires 2m"));
    unwritten.add("throttle");

    raise(100, "hot", "cool", EntityId.gpu("n1", 0));
    runTo(1000 * SECOND);
    assertThat(story)
        .endsWith(
            "175s held hold throttle",
            "220s expired",
            "220s action_started page gpu:n1/0",
            "220s ended",
            "220s action_done done page gpu:n1/0");
  }

  @Test
  void whatClearsMeanwhileIsNotBegunAnyMore() {
    given(COOL.formatted("enforce"));
    unwritten.add("throttle");

    raise(100, "hot", "cool", EntityId.gpu("n1", 0));
    runTo(106 * SECOND);
    clear(107, "hot", EntityId.gpu("n1", 0));
    unwritten.clear();
    story.clear();
    runTo(1000 * SECOND);
    assertThat(story).containsExactly("110s deadline_missed", "115s ended");
  }

  @Test
  void somebodyIsPagedAgainWhenThereIsNoSpaceAgain() {
    given(COOL.formatted("enforce"));
    unwritten.add("throttle");
    raise(100, "hot", "cool", EntityId.gpu("n1", 0));
    runTo(104 * SECOND);
    unwritten.clear();
    runTo(200 * SECOND);
    unwritten.add("undo throttle");
    clear(200, "hot", EntityId.gpu("n1", 0));
    runTo(230 * SECOND);
    assertThat(story).filteredOn(l -> l.contains("started page")).hasSize(2);
    unwritten.clear();
    runTo(300 * SECOND);

    assertThat(story)
        .filteredOn(line -> line.contains("reverted"))
        .containsExactly(
            "200s reverted failed throttle gpu:n1/0",
            "210s reverted failed throttle gpu:n1/0",
            "220s reverted failed throttle gpu:n1/0",
            "230s reverted done throttle gpu:n1/0");
  }

  @Test
  void observingTellsWhatWouldBeDoneAndTouchesNothing() {
    given(COOL.formatted("observe"));

    raise(100, "hot", "cool", EntityId.gpu("n1", 0));
    runTo(1000 * SECOND);

    assertThat(story).containsExactly("100s decision observe throttle gpu:n1/0", "100s ended");
    assertThat(pending).isEmpty();
  }

  @Test
  void anApprovalThatNobodyGivesExpiresWithAPage() {
    given(COOL.formatted("approve"));

    raise(100, "hot", "cool", EntityId.gpu("n1", 0));
    runTo(10_000 * SECOND);

    assertThat(story)
        .containsExactly(
            "100s held hold throttle gpu:n1/0",
            "110s deadline_missed",
            "3700s expired",
            "3700s action_started page gpu:n1/0",
            "3700s ended",
            "3700s action_done done page gpu:n1/0");
  }

  @Test
  void anApprovedRepairBeginsAndARejectedOneIsLeftToHumans() {
    given(COOL.formatted("approve"));

    raise(100, "hot", "cool", EntityId.gpu("n1", 0));
    raise(100, "hot", "cool", EntityId.gpu("n2", 0));
    Operators operators = repairs.operators();
    assertThat(operators.approve(1, ALICE, 102 * SECOND).kind()).isEqualTo(Answer.Kind.DONE);
    assertThat(operators.approve(1, ALICE, 102 * SECOND).kind()).isEqualTo(Answer.Kind.ALREADY);
    assertThat(operators.approve(7, ALICE, 102 * SECOND).kind()).isEqualTo(Answer.Kind.NO_SUCH);
    turn(103 * SECOND);
    assertThat(operators.approve(1, ALICE, 103 * SECOND).kind())
        .as("it runs already")
        .isEqualTo(Answer.Kind.REFUSED);
    assertThat(operators.reject(2, ALICE, 104 * SECOND).kind()).isEqualTo(Answer.Kind.DONE);
    turn(104 * SECOND);

    assertThat(story)
        .containsExactly(
            "100s held hold throttle gpu:n1/0",
            "100s held hold throttle gpu:n2/0",
            "102s commanded approve gpu:n1/0",
            "103s decision act throttle gpu:n1/0",
            "103s action_started throttle gpu:n1/0",
            "104s commanded reject gpu:n2/0",
            "104s ended");
  }

  @Test
  void whatWasGivenUpIsTouchedAgainOnlyWhenSomebodyResumesIt() {
    given(COOL.formatted("enforce"));
    failing.add("throttle");
    FaultInstance instance = new FaultInstance("hot", EntityId.gpu("n1", 0));

    raise(100, "hot", "cool", instance.entity());
    runTo(1000 * SECOND);
    repairs.proposed(proposals, 1000 * SECOND);
    turn(1000 * SECOND);
    assertThat(story).filteredOn(s -> s.contains("decision act")).hasSize(1);
    failing.clear();
    Operators operators = repairs.operators();
    assertThat(operators.resume(instance, ALICE, 1000 * SECOND).kind()).isEqualTo(Answer.Kind.DONE);
    assertThat(operators.resume(instance, ALICE, 1000 * SECOND).kind())
        .as("nobody gave it up")
        .isEqualTo(Answer.Kind.REFUSED);
    turn(1000 * SECOND);
    runTo(2000 * SECOND);

    assertThat(story.subList(11, story.size()))
        .containsExactly(
            "1000s commanded resume gpu:n1/0",
            "1000s deadline_missed",
            "1000s decision act throttle gpu:n1/0",
            "1000s action_started throttle gpu:n1/0",
            "1002s action_done done throttle gpu:n1/0",
            "1022s confirmed assumed throttle",
            "1022s ended");
  }

  @Test
  void anUndoingThatFailsIsTriedAgainAndPagedOnce() {
    given(COOL.formatted("enforce"));

    raise(100, "hot", "cool", EntityId.gpu("n1", 0));
    runTo(200 * SECOND);
    failing.add("undo throttle");
    clear(300, "hot", EntityId.gpu("n1", 0));
    runTo(320 * SECOND);
    failing.clear();
    runTo(1000 * SECOND);

    assertThat(story.subList(5, story.size()))
        .containsExactly(
            "300s reverted failed throttle gpu:n1/0",
            "300s action_started page gpu:n1/0",
            "300s action_done done page gpu:n1/0",
            "310s reverted failed throttle gpu:n1/0",
            "330s reverted done throttle gpu:n1/0");
  }

  @Test
  void aTrippedBreakerHoldsWhatActsUntilAnOperatorResetsItThenReleasesOneByOne() {
    given(
        HOT
            + """
            breaker storm { trip 50%% of gpus over 5m, page oncall }
            policy fix {
              on hot, within 1h, priority 50, attempts 2 over 1h, mode enforce
              try { reset gpu, takes 30s, confirm nvml.present for 10s, timeout 1m }
              give up { page oncall }
            }
            budget any { limit 4 gpus at once, applies to all }
            """
                .formatted());

    raise(100, "hot", "fix", EntityId.gpu("n1", 0));
    raise(101, "hot", "fix", EntityId.gpu("n1", 1));
    raise(102, "hot", "fix", EntityId.gpu("n2", 0));
    raise(103, "hot", "fix", EntityId.gpu("n2", 1));
    runTo(500 * SECOND);
    repairs.haltCommands().resetBreakers(Optional.empty(), ALICE, 500 * SECOND);
    turn(500 * SECOND);
    runTo(1000 * SECOND);

    assertThat(story)
        .filteredOn(s -> !s.contains("ended") && !s.contains("done"))
        .containsExactly(
            "100s decision act reset gpu:n1/0",
            "100s action_started reset gpu:n1/0",
            "101s decision act reset gpu:n1/1",
            "101s action_started reset gpu:n1/1",
            "102s breaker_tripped",
            "102s action_started page gpu:n2/0",
            "102s held hold reset gpu:n2/0",
            "103s held hold reset gpu:n2/1",
            "140s confirmed assumed reset",
            "141s confirmed assumed reset",
            "500s commanded breaker reset",
            "500s decision act reset gpu:n2/0",
            "500s action_started reset gpu:n2/0",
            "500s held hold reset gpu:n2/1",
            "540s confirmed assumed reset",
            "540s decision act reset gpu:n2/1",
            "540s action_started reset gpu:n2/1",
            "580s confirmed assumed reset");
  }

  @Test
  void attemptsAreBoundedForEachInstance() {
    given(COOL.formatted("enforce"));

    for (int i = 0; i < 3; i++) {
      raise(1000 + i * 300, "hot", "cool", EntityId.gpu("n1", 0));
      clear(1200 + i * 300, "hot", EntityId.gpu("n1", 0));
    }

    assertThat(story).filteredOn(s -> s.contains("decision act")).hasSize(2);
    assertThat(story).filteredOn(s -> s.contains("gave_up")).containsExactly("1600s gave_up");
  }

  @Test
  void oneRepairAtATimePerNodeAndTheBudgetCountsDistinctNodes() {
    given(
        HOT
            + """
            budget small {
              limit 1 node at once
            }
            policy move {
              on hot, priority 50, attempts 2 over 1h, budget small, mode enforce
              try { cordon node, takes 5s, confirm node.cordoned, timeout 1m }
              give up { page oncall }
            }
            """);

    raise(100, "hot", "move", EntityId.gpu("n1", 0));
    raise(101, "hot", "move", EntityId.gpu("n1", 1));
    raise(102, "hot", "move", EntityId.gpu("n2", 0));
    runTo(1000 * SECOND);

    assertThat(story)
        .filteredOn(s -> s.contains("held") || s.contains("decision"))
        .containsExactly(
            "100s decision act cordon node:n1",
            "101s held hold cordon node:n1",
            "102s held hold cordon node:n2",
            "105s decision act cordon node:n1",
            "110s decision act cordon node:n2");
  }
}
