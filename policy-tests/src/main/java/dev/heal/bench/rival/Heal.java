package dev.heal.bench.rival;

import dev.heal.bench.stream.PolicyText;
import dev.heal.bench.stream.SampleStream;
import dev.heal.bench.stream.ThresholdRule;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.Topology;
import dev.heal.engine.loop.Simulation;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The whole pipeline: facts, rules, ladders, budgets, the record of each decision with its reason.
 * A firing is a decision of a policy that observes.
 */
public final class Heal implements Contender {
  private final Simulation simulation;

  private Heal(CheckedPolicy policies, Firings firings) {
    this.simulation =
        new Simulation(
            policies,
            new Topology(policies.site()),
            SampleStream.START,
            List.of(),
            entry -> hear(entry, firings));
  }

  private static void hear(Entry entry, Firings firings) {
    if (entry.type() == EntryType.DECISION) {
      firings.fired(
          entry.policy().orElseThrow(), entry.instance().orElseThrow().entity(), entry.at());
    }
  }

  @Override
  public void accept(Fact.Sample sample) {
    simulation.accept(sample);
  }

  @Override
  public void run(Fact.Sample[] samples) {
    for (Fact.Sample sample : samples) {
      simulation.accept(sample);
    }
  }

  @Override
  public void finish(long last) {
    simulation.runTo(last);
  }

  @Override
  public void close() {
    simulation.close();
  }

  /** Checks the text of the same rules once, and builds a session for each run. */
  public static final class Maker implements Contender.Maker {
    private final Map<List<ThresholdRule>, CheckedPolicy> checked = new HashMap<>();

    @Override
    public String name() {
      return "heal";
    }

    @Override
    public Contender open(List<ThresholdRule> rules, Firings firings) {
      return new Heal(
          checked.computeIfAbsent(rules, r -> PolicyText.checked(PolicyText.of(r))), firings);
    }
  }
}
