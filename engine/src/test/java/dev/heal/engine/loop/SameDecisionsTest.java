package dev.heal.engine.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.check.Checker;
import dev.heal.dsl.check.ImportResolver;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.TestCase;
import dev.heal.dsl.text.SourceFile;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.FactStage;
import dev.heal.engine.fact.Topology;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

/**
 * The index and the rule session may be left out, or thrown away, at any moment, and the policies
 * may be loaded anew: generated streams give the same steps to the letter.
 */
class SameDecisionsTest {
  private static final int SEEDS = Integer.getInteger("heal.same.seeds", 60);
  private static final long SECOND = 1_000_000_000L;

  private static final String POLICIES =
      """
      heal 1
      node n1 {
        pool "a"
        heartbeat every 5s
        gpu 0
        gpu 1
      }
      node n2 {
        pool "b"
        heartbeat every 5s
        gpu 0
      }
      node n3 { pool "b", heartbeat every 5s }
      service llm on n1 { gpus 0..1, unit "llm.service", profile lean { env ["A=1"] } }
      service web on n2 { gpus 0..0, unit "web.service", profile lean { env ["A=1"] } }
      pager oncall { webhook "https://example.org" }
      fault hot on gpu { when nvml.temperature >= 88C for 3s, clear when nvml.temperature < 80C for 2s, missing freeze }
      fault busy on node { when avg(cpu.used) > 60% over 10s, missing forget }
      fault slow on node { when (net.rtt >= 50ms and heartbeat alive) for 2s, clear when net.rtt < 20ms, missing raise }
      fault down on node { when heartbeat silent for 15s, severity critical, suppresses [bad, hot, crashed] same node within 20s }
      fault bad on gpu { when xid in [79, 119], suppresses [hot, crashed] same gpu, cured when nvml.present for 5s }
      fault storm on gpu { when count(xid in [13, 31]) >= 3 over 20s, clear after 30s }
      fault crashed on service { when process exits with signal in [SIGSEGV], settle 3s }
      budget b { limit 2 nodes over 1m, limit 1 reset per node over 2m, keep 30% of nodes healthy }
      breaker all { trip 80% of gpus over 1m }
      policy reset_it {
        on bad, within 1m, priority 80, attempts 3 over 10m, budget b, mode enforce
        where node.pool == "a"
        try { cordon node, takes 1s, confirm node.cordoned, timeout 5s }
        then { reset gpu, takes 5s, confirm nvml.present for 3s, timeout 20s, repeat 1 backoff 2s..4s }
        then { uncordon node, takes 1s, confirm node.schedulable, timeout 5s }
        give up { page oncall }
      }
      policy look_at_it {
        on bad, within 1m, priority 70, attempts 3 over 10m, budget b
        try { reset gpu, takes 5s, confirm nvml.present for 3s, timeout 20s }
        give up { page oncall }
      }
      policy cool {
        on hot, within 30s, priority 50, cooldown 20s per gpu, attempts 4 over 10m, mode enforce
        where node.cpu.used < 90%
        try { throttle gpu { power 450W }, takes 1s, confirm nvml.temperature < 85C for 2s, timeout 10s }
        give up { page oncall }
      }
      policy calm {
        on busy, within 30s, priority 20, attempts 4 over 10m, mode enforce
        try { degrade service { to profile "lean" }, takes 2s, confirm service.healthy, timeout 8s }
        give up { page oncall }
      }
      policy move {
        on down, within 30s, priority 100, attempts 4 over 10m, budget b, mode enforce
        try { fence node, takes 3s, confirm node.fenced, timeout 10s }
        then { migrate service, takes 10s, confirm service.healthy, timeout 20s }
        give up { page oncall }
      }
      policy revive {
        on crashed, within 15s, priority 60, soak 30s, attempts 3 over 5m, mode enforce
        try { restart service, takes 4s, confirm service.healthy for 4s, timeout 10s }
        or else { restart service { fresh }, takes 1s, confirm service.healthy for 4s, timeout 10s }
        give up { page oncall }
      }
      """;

  /** What an operator may write besides: it changes nothing that the streams are about. */
  private static final List<String> BESIDES =
      List.of(
          "",
          "# a comment\n",
          "fault tired on service { when process.rss >= 90GiB for 1m, clear when process.rss < 80GiB, missing freeze }\n"
              + "policy rest { on tired, try { restart service, confirm service.healthy } }\n",
          "let much = 99GiB\nfault fat on service { when process.rss >= much for 1h, clear when process.rss < 1GiB, missing freeze }\n"
              + "policy slim { on fat, try { restart service, confirm service.healthy } }\n");

  private static final List<CheckedPolicy> GENERATIONS =
      BESIDES.stream().map(SameDecisionsTest::checked).toList();

  private static final CheckedPolicy CHECKED = GENERATIONS.get(0);

  private static CheckedPolicy checked(String besides) {
    String text = POLICIES.replace("heal 1\n", "heal 1\n" + besides);
    CheckResult result =
        Checker.check(List.of(new SourceFile("t.heal", text)), ImportResolver.NONE);
    assertThat(result.policy()).as(result.diagnostics().toString()).isPresent();
    return result.policy().orElseThrow();
  }

  private static List<Entry> run(
      List<Fact> facts, boolean index, IntPredicate rebuild, List<TestCase.Target> failing) {
    List<Entry> entries = new ArrayList<>();
    Topology topology = new Topology(CHECKED.site());
    FactStage stage = new FactStage(CHECKED, topology, 0, index);
    try (Simulation simulation = new Simulation(stage, failing, entries::add)) {
      for (int i = 0; i < facts.size(); i++) {
        simulation.accept(facts.get(i));
        if (rebuild.test(i)) {
          simulation.rebuildRules();
        }
      }
      simulation.finish(3_600 * SECOND);
    }
    return entries;
  }

  /** In every fourth stream restarts fail. */
  private static List<TestCase.Target> failing(int seed) {
    return seed % 4 == 0
        ? List.of(new TestCase.Target("restart", Optional.empty(), Optional.empty()))
        : List.of();
  }

  private int checkpoints;
  private int underWay;

  /** The same, where another engine goes on from what one has written down, every now and then. */
  private List<Entry> relayed(List<Fact> facts, Random dice, List<TestCase.Target> failing)
      throws IOException {
    List<Entry> entries = new ArrayList<>();
    FactStage stage = new FactStage(CHECKED, new Topology(CHECKED.site()), 0);
    Simulation simulation = new Simulation(stage, failing, entries::add);
    try {
      for (Fact fact : facts) {
        simulation.accept(fact);
        Optional<Checkpoint> taken =
            dice.nextInt(40) == 0 ? simulation.checkpoint() : Optional.empty();
        if (taken.isPresent()) {
          String written = taken.get().json();
          checkpoints++;
          underWay += written.contains("CONFIRMING") ? 1 : 0;
          simulation.close();
          Checkpoint read = Checkpoint.parse(written, CHECKED);
          assertThat(read.json().equals(written)).as("what is read is what was written").isTrue();
          simulation = new Simulation(read, failing, entries::add);
        }
      }
      simulation.finish(3_600 * SECOND);
    } finally {
      simulation.close();
    }
    return entries;
  }

  @Test
  void theSameStepsComeOutWhenOthersGoOnFromCheckpoints() throws IOException {
    for (int seed = 0; seed < SEEDS; seed += 3) {
      List<Fact> facts = new Stream(seed).facts();
      List<TestCase.Target> failing = failing(seed);
      same(
          "from checkpoints, seed " + seed,
          relayed(facts, new Random(seed), failing),
          run(facts, true, i -> false, failing));
    }
    assertThat(checkpoints).as("checkpoints").isGreaterThan(2 * SEEDS);
    assertThat(underWay).as("where a repair was under way").isGreaterThan(SEEDS / 3);
  }

  private int reloads;

  /** The same, where the policies are loaded anew every now and then, in small parts. */
  private List<Entry> reloading(List<Fact> facts, Random dice, List<TestCase.Target> failing) {
    List<Entry> entries = new ArrayList<>();
    FactStage stage = new FactStage(CHECKED, new Topology(CHECKED.site()), 0);
    try (Simulation simulation = new Simulation(stage, failing, entries::add)) {
      Optional<Preparation> open = Optional.empty();
      boolean built = false;
      long now = 0;
      for (int i = 0; i < facts.size() - 1; i++) {
        simulation.accept(facts.get(i));
        now = Math.max(now, facts.get(i).at());
        int face = dice.nextInt(3);
        if (facts.get(i + 1).at() <= now) {
          continue; // a stamp of its own
        }
        now++;
        if (open.isEmpty()) {
          open = Optional.of(simulation.prepare(new GenerationId(2, ""), now));
        } else if (!built && open.get().copy(40 * face + 20)) {
          open.get().build(CompiledPolicies.of(GENERATIONS.get(dice.nextInt(GENERATIONS.size()))));
          built = true;
        } else if (built && face == 0) {
          open.get().catchUp();
        } else if (built && face == 1) {
          simulation.swap(open.get(), now);
          entries.removeIf(entry -> entry.type() == EntryType.RELOADED && ++reloads > 0);
          open = Optional.empty();
          built = false;
        }
      }
      simulation.accept(facts.get(facts.size() - 1));
      simulation.finish(3_600 * SECOND);
    }
    return entries;
  }

  @Test
  void theSameStepsComeOutWhenThePoliciesAreLoadedAnew() {
    for (int seed = 0; seed < SEEDS; seed++) {
      List<Fact> facts = new Stream(seed).facts();
      List<TestCase.Target> failing = failing(seed);
      same(
          "with policies loaded anew, seed " + seed,
          reloading(facts, new Random(seed), failing),
          run(facts, true, i -> false, failing));
    }
    assertThat(reloads).as("reloads").isGreaterThan(5 * SEEDS);
  }

  @Test
  void theSameStepsComeOutWithoutTheIndexAndWithSessionsThrownAway() {
    Map<String, Integer> seen = new HashMap<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      List<Fact> facts = new Stream(seed).facts();
      List<TestCase.Target> failing = failing(seed);
      Random dice = new Random(seed);

      List<Entry> usual = run(facts, true, i -> false, failing);

      same("without the index, seed " + seed, run(facts, false, i -> false, failing), usual);
      same(
          "with sessions thrown away, seed " + seed,
          run(facts, true, i -> dice.nextInt(6) == 0, failing),
          usual);
      usual.forEach(entry -> seen.merge(entry.type().word(), 1, Integer::sum));
    }
    // or the streams would prove nothing
    assertThat(seen.keySet())
        .contains(
            "fault_raised", "fault_cleared", "fault_repeated", "decision", "suppressed", "held")
        .contains("action_started", "action_done", "confirmed", "rung_failed", "gave_up")
        .contains("reverted", "deadline_missed", "breaker_tripped", "passed_over");
  }

  /** Shows the first step that differs, not all of them. */
  private static void same(String what, List<Entry> steps, List<Entry> usual) {
    for (int i = 0; i < Math.min(steps.size(), usual.size()); i++) {
      assertThat(steps.get(i)).as(what + ", step " + i).isEqualTo(usual.get(i));
    }
    assertThat(steps).as(what).hasSameSizeAs(usual);
  }

  /** Two minutes of facts: levels that wander, silences, events, late facts, equal times. */
  private static final class Stream {
    private final Random random;
    private final List<Fact> facts = new ArrayList<>();
    private final Map<String, Double> levels = new HashMap<>();

    Stream(int seed) {
      random = new Random(seed);
    }

    List<Fact> facts() {
      for (int second = 0; second < 120; second++) {
        for (String node : List.of("n1", "n2", "n3")) {
          node(second, node);
        }
        for (String gpu : List.of("n1/0", "n1/1", "n2/0")) {
          gpu(second, gpu);
        }
        service(second, "n1/llm");
        service(second, "n2/web");
      }
      return facts;
    }

    private void node(int second, String name) {
      EntityId node = EntityId.parse("node:" + name).orElseThrow();
      boolean quiet = (second / 30 + name.hashCode() + random.nextInt(1)) % 5 == 0;
      if (second % 5 == 0 && !quiet) {
        add(new Fact.Event(at(second), node, "heartbeat", Map.of()));
      }
      add(new Fact.Sample(at(second), node, "cpu.used", wander(name + "cpu", 0.2, 1)));
      if (random.nextInt(10) > 0) {
        add(new Fact.Sample(at(second), node, "net.rtt", wander(name + "rtt", 0, 0.1)));
      }
      if (random.nextInt(300) == 0) {
        add(new Fact.Event(at(second), node, "boot", Map.of()));
      }
    }

    private void gpu(int second, String name) {
      EntityId gpu = EntityId.parse("gpu:" + name).orElseThrow();
      if (random.nextInt(20) > 0) {
        add(new Fact.Sample(at(second), gpu, "nvml.temperature", wander(name, 70, 95)));
        add(new Fact.Sample(at(second), gpu, "nvml.present", random.nextInt(15) > 0 ? 1 : 0));
      }
      if (random.nextInt(40) == 0) {
        String code = List.of("79", "119", "13", "31").get(random.nextInt(4));
        for (int i = random.nextInt(4); i >= 0; i--) {
          add(new Fact.Event(at(second), gpu, "xid", Map.of("code", code, "line", "l" + i)));
        }
      }
    }

    private void service(int second, String name) {
      EntityId service = EntityId.parse("service:" + name).orElseThrow();
      if (second % 2 == 0) {
        add(new Fact.Sample(at(second), service, "healthy", random.nextInt(8) > 0 ? 1 : 0));
      }
      if (random.nextInt(30) == 0) {
        add(new Fact.Event(at(second), service, "exit", Map.of("exit_signal", "SIGSEGV")));
      }
    }

    private double wander(String name, double from, double to) {
      double step = (random.nextDouble() - 0.5) * (to - from) / 3;
      double before = levels.getOrDefault(name, (from + to) / 2);
      double after = Math.min(to, Math.max(from, before + step));
      levels.put(name, after);
      return random.nextInt(60) == 0 ? Double.NaN : after;
    }

    /** Mostly on the second; some are late, some between. */
    private long at(int second) {
      int dice = random.nextInt(20);
      return second * SECOND - (dice == 0 ? 2 * SECOND : dice == 1 ? SECOND / 3 : 0);
    }

    private void add(Fact fact) {
      facts.add(fact.at() < 0 ? new Fact.Event(0, fact.entity(), "heartbeat", Map.of()) : fact);
    }
  }
}
