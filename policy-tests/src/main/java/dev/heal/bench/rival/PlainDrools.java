package dev.heal.bench.rival;

import dev.heal.bench.stream.ThresholdRule;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.drools.model.impl.ModelImpl;
import org.drools.modelcompiler.KieBaseBuilder;
import org.kie.api.KieBase;
import org.kie.api.KieServices;
import org.kie.api.runtime.KieSession;
import org.kie.api.runtime.rule.FactHandle;

/**
 * Drools as one would use it without heal, in the form that builds and runs fastest: an executable
 * model in memory, one {@link Reading} a signal, updated in place.
 */
public final class PlainDrools implements Contender {
  private final KieSession session;
  private final Map<EntityId, Map<String, Known>> readings = new HashMap<>();

  private record Known(Reading reading, FactHandle handle) {}

  private PlainDrools(KieBase base, Firings firings) {
    session = base.newKieSession();
    session.setGlobal(PlainDroolsRules.FIRINGS, firings);
  }

  @Override
  public void accept(Fact.Sample sample) {
    Map<String, Known> ofEntity = readings.computeIfAbsent(sample.entity(), e -> new HashMap<>());
    Known known = ofEntity.get(sample.signal());
    if (known == null) {
      Reading reading = new Reading(sample.entity(), sample.signal(), sample.value(), sample.at());
      ofEntity.put(sample.signal(), new Known(reading, session.insert(reading)));
    } else {
      known.reading.set(sample.value(), sample.at());
      session.update(known.handle, known.reading, "value", "at");
    }
    session.fireAllRules();
  }

  @Override
  public void run(Fact.Sample[] samples) {
    for (Fact.Sample sample : samples) {
      accept(sample);
    }
  }

  @Override
  public void finish(long last) {}

  @Override
  public void close() {
    session.dispose();
  }

  /** Builds the rules once, and a session for each run. */
  public static final class Maker implements Contender.Maker {
    private final Map<List<ThresholdRule>, KieBase> built = new HashMap<>();

    @Override
    public String name() {
      return "plain Drools";
    }

    @Override
    public Contender open(List<ThresholdRule> rules, Firings firings) {
      return new PlainDrools(built.computeIfAbsent(rules, Maker::build), firings);
    }

    private static KieBase build(List<ThresholdRule> rules) {
      ModelImpl model = PlainDroolsRules.model(rules);
      return KieBaseBuilder.createKieBaseFromModel(
          model, KieServices.get().newKieBaseConfiguration());
    }
  }
}
