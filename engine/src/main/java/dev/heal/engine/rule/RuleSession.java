package dev.heal.engine.rule;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Policy;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.drools.modelcompiler.KieBaseBuilder;
import org.kie.api.KieBase;
import org.kie.api.KieBaseConfiguration;
import org.kie.api.KieServices;
import org.kie.api.conf.EventProcessingOption;
import org.kie.api.runtime.KieSession;
import org.kie.api.runtime.KieSessionConfiguration;
import org.kie.api.runtime.conf.ClockTypeOption;
import org.kie.api.runtime.rule.FactHandle;
import org.kie.api.runtime.rule.Match;
import org.kie.internal.event.rule.RuleEventListener;
import org.kie.internal.event.rule.RuleEventManager;

/**
 * The policies that match now. A function of the facts that were told and not taken back: {@link
 * #current} is the same whatever the way to them was.
 *
 * <p>Not safe for use by several threads.
 */
public final class RuleSession implements AutoCloseable {
  private final KieSession session;
  private final Map<Object, FactHandle> handles = new HashMap<>();
  private final NavigableSet<Proposal> current;

  /** The compiled rules of a set of policies; sessions of it are cheap. */
  public static final class Rules {
    private final CheckedPolicy policies;
    private final KieBase base;

    public Rules(CheckedPolicy policies) {
      this.policies = policies;
      KieBaseConfiguration configuration = KieServices.get().newKieBaseConfiguration();
      configuration.setOption(EventProcessingOption.CLOUD);
      this.base = KieBaseBuilder.createKieBaseFromModel(PolicyModel.of(policies), configuration);
    }

    public RuleSession open() {
      return new RuleSession(this);
    }
  }

  private RuleSession(Rules rules) {
    Map<String, Integer> rank = new HashMap<>();
    for (Policy policy : PolicyModel.ranked(rules.policies)) {
      rank.put(policy.name(), rank.size());
    }
    current =
        new TreeSet<>(
            Comparator.comparingInt((Proposal p) -> rank.getOrDefault(p.policy(), -1))
                .thenComparing(Proposal::instance));
    KieSessionConfiguration configuration = KieServices.get().newKieSessionConfiguration();
    configuration.setOption(ClockTypeOption.PSEUDO);
    session = rules.base.newKieSession(configuration, null);
    ((RuleEventManager) session)
        .addEventListener(
            new RuleEventListener() {
              @Override
              public void onAfterMatchFire(Match match) {
                current.add(proposal(match));
              }

              @Override
              public void onDeleteMatch(Match match) {
                current.remove(proposal(match));
              }
            });
  }

  private static Proposal proposal(Match match) {
    String name = match.getRule().getName();
    RaisedFault raised = (RaisedFault) match.getDeclarationValue("$raised");
    return new Proposal(
        name.substring(0, name.indexOf(' ')),
        new FaultInstance(raised.getFault(), raised.getEntity()),
        Optional.empty());
  }

  public void raised(FaultInstance instance) {
    insert(new RaisedFault(instance.fault(), instance.entity()));
  }

  public void cleared(FaultInstance instance) {
    delete(new RaisedFault(instance.fault(), instance.entity()));
  }

  /** The {@code where} of the policy began, or ceased, to hold on the entity. */
  public void where(String policy, EntityId entity, boolean holds) {
    if (holds) {
      insert(new Holds(policy, entity));
    } else {
      delete(new Holds(policy, entity));
    }
  }

  private void insert(Object fact) {
    if (!handles.containsKey(fact)) {
      handles.put(fact, session.insert(fact));
    }
  }

  private void delete(Object fact) {
    FactHandle handle = handles.remove(fact);
    if (handle != null) {
      session.delete(handle);
    }
  }

  /** Every proposal that the facts call for now, by rank of the policy, then by instance. */
  public NavigableSet<Proposal> current() {
    session.fireAllRules();
    return java.util.Collections.unmodifiableNavigableSet(new TreeSet<>(current));
  }

  @Override
  public void close() {
    session.dispose();
  }
}
