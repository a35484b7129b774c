package dev.heal.bench.rival;

import dev.heal.bench.stream.SampleStream;
import dev.heal.bench.stream.ThresholdRule;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.evrete.KnowledgeService;
import org.evrete.api.ActivationMode;
import org.evrete.api.FactHandle;
import org.evrete.api.Knowledge;
import org.evrete.api.StatefulSession;

/**
 * Evrete, with one {@link Reading} a signal, updated in place. It has no negation, so the state of
 * each rule on each entity is a fact of its own.
 */
public final class Evrete implements Contender {
  private final StatefulSession session;
  private final Map<EntityId, Map<String, Known>> readings = new HashMap<>();

  private record Known(Reading reading, FactHandle handle) {}

  /**
   * In the default mode a rule whose action updates a fact delays the other rules that the same
   * reading has made true until the next reading, and they fire late; in the continuous mode not.
   */
  private static final ActivationMode MODE = ActivationMode.CONTINUOUS;

  private Evrete(Knowledge knowledge, List<ThresholdRule> rules, Firings firings) {
    session = knowledge.newStatefulSession(MODE);
    session.set(EvreteRules.FIRINGS, firings);
    for (ThresholdRule rule : rules) {
      for (int gpu = 0; gpu < SampleStream.GPUS; gpu++) {
        session.insert(new Watch(rule.policy(), EntityId.gpu("n1", gpu)));
      }
    }
    session.fire();
  }

  @Override
  public void accept(Fact.Sample sample) {
    Map<String, Known> ofEntity = readings.computeIfAbsent(sample.entity(), e -> new HashMap<>());
    Known known = ofEntity.get(sample.signal());
    if (known == null) {
      Reading reading = new Reading(sample.entity(), sample.signal(), sample.value(), sample.at());
      ofEntity.put(sample.signal(), new Known(reading, session.insert0(reading, false)));
    } else {
      known.reading.set(sample.value(), sample.at());
      session.update(known.handle, known.reading);
    }
    session.fire();
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
    session.close();
  }

  /** Builds the rules once, and a session for each run. */
  public static final class Maker implements Contender.Maker {
    private final KnowledgeService service = new KnowledgeService();
    private final Map<List<ThresholdRule>, Knowledge> built = new HashMap<>();

    @Override
    public String name() {
      return "Evrete";
    }

    @Override
    public boolean hasThreads() {
      return true;
    }

    @Override
    public int slowness() {
      return 20;
    }

    @Override
    public Contender open(List<ThresholdRule> rules, Firings firings) {
      return new Evrete(
          built.computeIfAbsent(rules, r -> EvreteRules.knowledge(service, r)), rules, firings);
    }

    @Override
    public void close() {
      service.shutdown();
    }
  }
}
