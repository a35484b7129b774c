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
import org.junit.jupiter.api.Test;

/** What becomes of repairs, and of what they did, when the policies are loaded anew. */
class ReloadedRepairsTest {
  private static final long SECOND = 1_000_000_000L;

  private static final String SITE =
      """
      heal 1
      node n1 {
        pool "a"
        gpu 0
        gpu 1
        gpu 2
        gpu 3
      }
      pager oncall { webhook "https://example.org" }
      """;

  private static final String THERMAL =
      """
      fault hot on gpu {
        when nvml.temperature >= 88C for 2s
        clear when nvml.temperature < 80C for 2s
        missing freeze
      }
      policy cool {
        on hot, within 10m, attempts 2 over 1h, mode enforce
        try { throttle gpu { power 300W }, takes 1s, confirm nvml.temperature < 85C, timeout 1m }
        then { throttle gpu { power 250W }, takes 1s, confirm nvml.temperature < 80C, timeout 1m }
        give up { page oncall }
      }
      """;

  private static final String OTHER =
      "fault cold on gpu { when nvml.temperature < 5C for 1m, missing freeze }\n";

  private final List<String> lines = new ArrayList<>();
  private final List<Order> orders = new ArrayList<>();
  private Engine engine = begin(SITE + THERMAL);
  private long generation = 1;
  private double now;

  private static CheckedPolicy checked(String text) {
    CheckResult result =
        Checker.check(List.of(new SourceFile("t.heal", text)), ImportResolver.NONE);
    assertThat(result.policy()).as(result.diagnostics().toString()).isPresent();
    return result.policy().orElseThrow();
  }

  private static Engine begin(String text) {
    CheckedPolicy policies = checked(text);
    return new Engine(policies, new Topology(policies.site()), 0, Past.NONE);
  }

  private static long nanos(double second) {
    return Math.round(second * SECOND);
  }

  private void take() {
    Engine.Step step = engine.take();
    step.entries().forEach(entry -> lines.add(line(entry)));
    orders.addAll(step.orders());
  }

  private static String line(Entry entry) {
    return "%ss %s%s%s%s"
        .formatted(
            entry.at() / SECOND,
            entry.type().word(),
            entry.verb().map(verb -> " " + verb).orElse(""),
            entry
                .target()
                .or(() -> entry.instance().map(i -> i.entity()))
                .map(e -> " " + e)
                .orElse(""),
            ": " + entry.because());
  }

  /** Samples of one GPU, one a second, both ends included. */
  private void temperature(int gpu, double value, int from, int to) {
    for (int second = from; second <= to; second++) {
      hear(new Fact.Sample(nanos(second), EntityId.gpu("n1", gpu), "nvml.temperature", value));
    }
  }

  private void together(int gpus, int from, int to) {
    for (int second = from; second <= to; second++) {
      for (int gpu = 0; gpu < gpus; gpu++) {
        temperature(gpu, 95, second, second);
      }
    }
  }

  private void hear(Fact fact) {
    now = Math.max(now, fact.at() / 1e9);
    engine.accept(fact);
    take();
  }

  private void xid(int gpu, int code, int second) {
    hear(
        new Fact.Event(
            nanos(second), EntityId.gpu("n1", gpu), "xid", Map.of("code", Integer.toString(code))));
  }

  private void runTo(double second) {
    now = second;
    engine.runTo(nanos(second));
    take();
  }

  private void reload(String text) {
    reload(text, false);
  }

  private void reload(String text, boolean callOff) {
    now += 0.1;
    Preparation next = engine.prepare(new GenerationId(++generation, ""), nanos(now));
    while (!next.copy(3)) {
      assertThat(next.isHopeless()).isFalse();
    }
    next.build(CompiledPolicies.of(checked(text)));
    next.catchUp();
    now += 0.1;
    engine.swap(callOff, nanos(now));
    take();
  }

  private void done(Order order) {
    now += 0.1;
    engine.ended(order.id(), new Outcome(Outcome.Kind.DONE, "done"), nanos(now));
    take();
  }

  private Answer.Kind say(String... words) {
    now += 0.1;
    List<String> all = new ArrayList<>(List.of(words));
    all.add("by=ann");
    Answer answer = engine.command(all, nanos(now));
    take();
    return answer.kind();
  }

  private Order lastOrder() {
    return orders.get(orders.size() - 1);
  }

  private List<String> since(int line) {
    return lines.subList(line, lines.size());
  }

  @Test
  void aRepairThatRunsFinishesByThePoliciesThatBeganIt() {
    temperature(0, 95, 0, 3);
    int before = lines.size();

    reload(SITE + OTHER);
    done(lastOrder());
    temperature(0, 82, 4, 5);
    assertThat(lastOrder().act().settings().toString()).contains("250");
    done(lastOrder());
    temperature(0, 79, 6, 6);
    runTo(7);

    assertThat(since(before))
        .containsExactly(
            "3s reloaded: generation 2 is in force: fault `cold` new; fault `hot` gone; policy"
                + " `cool` gone",
            "3s fault_cleared gpu:n1/0: generation 2 has no such fault",
            "3s action_done throttle gpu:n1/0: done",
            "4s confirmed throttle gpu:n1/0: it holds",
            "4s action_started throttle gpu:n1/0: rung 1, step 2",
            "5s action_done throttle gpu:n1/0: done",
            "6s confirmed throttle gpu:n1/0: it holds",
            "6s ended gpu:n1/0: its last step is confirmed");
    assertThat(lastOrder().purpose()).as("what it did is undone").isEqualTo(Order.Purpose.UNDO);
  }

  @Test
  void aRepairThatRunsStopsWhereItsOwnFaultHasCleared() {
    temperature(0, 95, 0, 3);
    reload(SITE + OTHER);
    int before = lines.size();

    temperature(0, 70, 4, 7); // its `clear when` is not in force, and still counts for it
    done(lastOrder());
    temperature(0, 70, 8, 9);

    assertThat(since(before))
        .containsExactly(
            "7s action_done throttle gpu:n1/0: done",
            "8s confirmed throttle gpu:n1/0: it holds",
            "8s ended gpu:n1/0: the fault cleared before the step began");
  }

  @Test
  void aRepairThatIsCalledOffStopsBeforeItsNextStep() {
    temperature(0, 95, 0, 3);
    reload(SITE + THERMAL + "# as it was\n", true);
    int before = lines.size();

    temperature(0, 82, 4, 4);
    done(lastOrder());
    temperature(0, 82, 5, 9);

    assertThat(since(before))
        .as("the policy that would take it is the one that was called off")
        .containsExactly(
            "4s action_done throttle gpu:n1/0: done",
            "5s confirmed throttle gpu:n1/0: it holds",
            "5s ended gpu:n1/0: called off with the policies that began it");
  }

  @Test
  void whatIsCalledOffIsForThePolicyInForce() {
    temperature(0, 95, 0, 3);
    reload(SITE + THERMAL.replace("300W", "310W"), true);
    int before = lines.size();

    temperature(0, 82, 4, 4);
    done(lastOrder());
    temperature(0, 82, 5, 5);

    assertThat(since(before))
        .containsExactly(
            "4s action_done throttle gpu:n1/0: done",
            "5s confirmed throttle gpu:n1/0: it holds",
            "5s ended gpu:n1/0: called off with the policies that began it",
            "5s decision throttle gpu:n1/0: policy `cool`, priority 50, within 10m",
            "5s action_started throttle gpu:n1/0: rung 1, step 1");
    assertThat(lastOrder().act().settings().toString()).contains("310");
  }

  @Test
  void aRepairThatIsCalledOffGivesNothingUp() {
    temperature(0, 95, 0, 3);
    reload(SITE + THERMAL + "# as it was\n", true);
    int before = lines.size();
    int ordered = orders.size();

    now += 0.1;
    engine.ended(lastOrder().id(), new Outcome(Outcome.Kind.FAILED, "no permission"), nanos(now));
    take();

    assertThat(since(before))
        .containsExactly(
            "3s action_failed throttle gpu:n1/0: no permission",
            "3s rung_failed throttle gpu:n1/0: no permission",
            "3s ended gpu:n1/0: called off with the policies that began it");
    assertThat(orders).as("nobody is paged").hasSize(ordered);
  }

  @Test
  void whatOlderPoliciesBeganIsNotCalledOff() {
    temperature(0, 95, 0, 3);
    reload(SITE + THERMAL.replace("300W", "310W"));
    reload(SITE + THERMAL, true);
    int before = lines.size();

    temperature(0, 82, 4, 4);
    done(lastOrder());
    temperature(0, 82, 5, 5);

    assertThat(since(before))
        .containsExactly(
            "4s action_done throttle gpu:n1/0: done",
            "5s confirmed throttle gpu:n1/0: it holds",
            "5s action_started throttle gpu:n1/0: rung 1, step 2");
  }

  @Test
  void theWhereOfARepairThatRunsIsItsOwn() {
    String where = THERMAL.replace("mode enforce", "mode enforce, where node.cpu.used < 90%");
    engine = begin(SITE + where);
    hear(new Fact.Sample(0, EntityId.node("n1"), "cpu.used", 0.5));
    temperature(0, 95, 0, 3);
    reload(SITE + where.replace("cpu.used < 90%", "cpu.used < 10%"));
    int before = lines.size();

    hear(new Fact.Sample(nanos(4), EntityId.node("n1"), "cpu.used", 0.5));
    temperature(0, 82, 4, 4);
    done(lastOrder());
    temperature(0, 82, 5, 5);

    assertThat(since(before))
        .containsExactly(
            "4s action_done throttle gpu:n1/0: done",
            "5s confirmed throttle gpu:n1/0: it holds",
            "5s action_started throttle gpu:n1/0: rung 1, step 2");
  }

  @Test
  void anApprovalOutlivesACommentAndNotAChange() {
    String approve = THERMAL.replace("mode enforce", "mode approve");
    engine = begin(SITE + approve);
    temperature(0, 95, 0, 3);
    assertThat(lines).last().asString().contains("waits for `heal approve 1`");

    reload(SITE + "# somebody looked at it\n" + approve);
    assertThat(say("approve", "1")).isEqualTo(Answer.Kind.DONE);
    take();
    assertThat(orders).hasSize(1);

    temperature(1, 95, 4, 7);
    assertThat(lines).last().asString().contains("waits for `heal approve 2`");
    int before = lines.size();
    reload(SITE + approve.replace("300W", "310W"));
    assertThat(say("approve", "2")).as("of before").isEqualTo(Answer.Kind.NO_SUCH);
    take();
    assertThat(since(before))
        .anyMatch(line -> line.contains("ended gpu:n1/1: `cool` was changed"))
        .last()
        .asString()
        .contains("waits for `heal approve 3`");
  }

  @Test
  void attemptsAreCountedAcrossGenerations() {
    String once = THERMAL.replace("attempts 2 over 1h", "attempts 1 over 1h");
    engine = begin(SITE + once);
    temperature(0, 95, 0, 3);
    done(lastOrder());
    temperature(0, 70, 4, 8); // it clears, and all is undone
    reload(SITE + once.replace("300W", "310W"));
    int before = lines.size();

    temperature(0, 95, 9, 12);

    assertThat(since(before))
        .anyMatch(line -> line.contains("gave_up gpu:n1/0: attempts 1 over 1h are spent"));
  }

  @Test
  void aBudgetRemembersWhatPoliciesThatAreGoneHaveSpent() {
    String budget =
        "budget few { limit 1 gpus over 1h }\n"
            + THERMAL.replace("mode enforce", "budget few, mode enforce");
    engine = begin(SITE + budget);
    temperature(0, 95, 0, 3);
    reload(SITE + budget.replace("cool", "chill"));
    int before = lines.size();

    temperature(1, 95, 4, 7);

    assertThat(since(before)).anyMatch(line -> line.contains("budget `few`: 1 of 1 gpu over 1h"));
  }

  @Test
  void aTrippedBreakerStaysTrippedUntilItIsReset() {
    String policies =
        THERMAL
                .replaceAll("throttle gpu \\{ power .*W }", "reset gpu")
                .replace("mode enforce", "budget few, mode enforce")
            + "budget few { limit 3 gpus over 1h }\n";
    engine = begin(SITE + policies + "breaker storm { trip 50% of gpus over 10m }\n");
    together(3, 0, 3);
    assertThat(lines).anyMatch(line -> line.contains("breaker_tripped"));
    int ordered = orders.size();

    reload(SITE + policies);
    temperature(3, 95, 4, 7);
    assertThat(orders).as("the breaker is declared no longer, and still holds").hasSize(ordered);

    assertThat(say("breaker", "reset")).isEqualTo(Answer.Kind.DONE);
    assertThat(orders.size()).isGreaterThan(ordered);
  }

  @Test
  void whatAChangeOfPoliciesUndoesIsUndoneOneByOne() {
    String brief = THERMAL.replaceAll("\n  then .*", "");
    engine = begin(SITE + brief);
    together(4, 0, 3);
    List.copyOf(orders).forEach(this::done);
    for (int gpu = 0; gpu < 4; gpu++) {
      temperature(gpu, 84, 5, 5);
    }
    assertThat(lines.stream().filter(line -> line.contains("s confirmed "))).hasSize(4);
    orders.clear();

    reload(SITE + OTHER);
    for (int gpu = 0; gpu < 4; gpu++) {
      assertThat(orders).as("undone at once").hasSize(gpu + 1);
      assertThat(lastOrder().purpose()).isEqualTo(Order.Purpose.UNDO);
      runTo(now + 60);
      done(lastOrder());
    }
    assertThat(orders).hasSize(4).extracting(Order::target).doesNotHaveDuplicates();
  }

  @Test
  void whatWasGivenUpStaysGivenUp() {
    temperature(0, 95, 0, 3);
    engine.ended(lastOrder().id(), new Outcome(Outcome.Kind.FAILED, "no"), nanos(3.5));
    take();
    assertThat(lines).anyMatch(line -> line.contains("gave_up"));
    int before = lines.size();

    reload(SITE + THERMAL.replace("300W", "310W"));
    temperature(0, 95, 4, 20);

    assertThat(since(before)).hasSize(1).allMatch(line -> line.contains("reloaded"));
  }

  @Test
  void anEventFaultWhoseCodesNoLongerHoldTheEventIsOver() {
    String bus =
        """
        fault bus on gpu { when xid in [79, 119], clear after 1h }
        policy look {
          on bus, within 10m, mode observe
          try { cordon node, takes 1s, confirm node.cordoned, timeout 1m }
          give up { page oncall }
        }
        """;
    engine = begin(SITE + bus);
    xid(0, 79, 1);
    xid(1, 119, 2);
    int before = lines.size();

    reload(SITE + bus.replace("[79, 119]", "[79, 48]"));

    assertThat(since(before))
        .filteredOn(line -> line.contains("fault_"))
        .containsExactly(
            "2s fault_cleared gpu:n1/1: it does not hold with the numbers of generation 2");
  }

  @Test
  void machinesThatAreDeclaredNoLongerAreGone() {
    String silent =
        "fault down on node { when heartbeat silent for 15s }\n"
            + "policy tell { on down, within 1m, mode observe, try { cordon node, takes 1s,"
            + " confirm node.cordoned, timeout 1m }, give up { page oncall } }\n";
    String two = SITE + "node n2 { heartbeat every 5s }\n" + silent;
    engine = begin(two);
    runTo(20);
    assertThat(lines).anyMatch(line -> line.contains("fault_raised node:n2"));
    int before = lines.size();

    reload(SITE + silent);

    assertThat(since(before))
        .filteredOn(line -> line.contains("fault_"))
        .containsExactly("20s fault_cleared node:n2: generation 2 does not know node:n2");
  }
}
