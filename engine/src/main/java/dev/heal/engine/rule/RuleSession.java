package dev.heal.engine.rule;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Policy;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
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
  private final Proposals proposals;
  private boolean told;

  /** The compiled rules of a set of policies; sessions of it are cheap. */
  public static final class Rules {
    private final KieBase base;
    private final Map<String, String> policyOf;
    private final Map<String, Integer> rank = new HashMap<>();

    public Rules(CheckedPolicy policies) {
      PolicyModel model = PolicyModel.of(policies);
      KieBaseConfiguration configuration = KieServices.get().newKieBaseConfiguration();
      configuration.setOption(EventProcessingOption.CLOUD);
      base = KieBaseBuilder.createKieBaseFromModel(model.model(), configuration);
      policyOf = model.policyOf();
      for (Policy policy : PolicyModel.ranked(policies)) {
        rank.put(policy.name(), rank.size());
      }
    }

    public RuleSession open() {
      return new RuleSession(this);
    }
  }

  private RuleSession(Rules rules) {
    proposals = new Proposals(rules.rank);
    KieSessionConfiguration configuration = KieServices.get().newKieSessionConfiguration();
    configuration.setOption(ClockTypeOption.PSEUDO);
    session = rules.base.newKieSession(configuration, null);
    ((RuleEventManager) session).addEventListener(new Sink(rules.policyOf, proposals));
  }

  /** Hands on what a rule found, and that it is no longer so. */
  private record Sink(Map<String, String> policyOf, Proposals proposals)
      implements RuleEventListener {
    @Override
    public void onAfterMatchFire(Match match) {
      RaisedFault raised = (RaisedFault) match.getDeclarationValue(SuppressionModel.CHILD);
      String policy = policyOf.get(match.getRule().getName());
      if (policy == null) {
        proposals.suppress(raised.instance(), reason(match));
      } else {
        proposals.take(policy, raised.instance());
      }
    }

    @Override
    public void onDeleteMatch(Match match) {
      RaisedFault raised = (RaisedFault) match.getDeclarationValue(SuppressionModel.CHILD);
      String policy = policyOf.get(match.getRule().getName());
      if (policy == null) {
        proposals.release(raised.instance(), reason(match));
      } else {
        proposals.leave(policy, raised.instance());
      }
    }

    private static Proposals.Reason reason(Match match) {
      Suppressing parent = (Suppressing) match.getDeclarationValue(SuppressionModel.PARENT);
      Related shared = (Related) match.getDeclarationValue(SuppressionModel.SHARED);
      return new Proposals.Reason(parent.instance(), parent.getStatement(), shared.getTo());
    }
  }

  public void raised(FaultInstance instance) {
    insert(new RaisedFault(instance.fault(), instance.entity()));
  }

  public void cleared(FaultInstance instance) {
    delete(new RaisedFault(instance.fault(), instance.entity()));
  }

  /** The {@code where} of the policy began, or ceased, to hold on the entity. */
  public void where(String policy, EntityId entity, boolean holds) {
    set(new Holds(policy, entity), holds);
  }

  /**
   * A raised fault began, or ceased, to suppress its children.
   *
   * @param statement by which {@code suppresses} of the fault, from 1
   */
  public void suppressing(FaultInstance parent, int statement, boolean active) {
    set(new Suppressing(parent.fault(), statement, parent.entity()), active);
  }

  /**
   * The entity began, or ceased, to have to do with another. Only {@code same …} reads it: told for
   * the entities with a fault that suppresses or is suppressed, and the kinds that they may share.
   */
  public void related(EntityId entity, EntityId to, boolean holds) {
    set(new Related(entity, to), holds);
  }

  private void set(Object fact, boolean holds) {
    if (holds) {
      insert(fact);
    } else {
      delete(fact);
    }
  }

  private void insert(Object fact) {
    if (!handles.containsKey(fact)) {
      handles.put(fact, session.insert(fact));
      told = true;
    }
  }

  private void delete(Object fact) {
    FactHandle handle = handles.remove(fact);
    if (handle != null) {
      session.delete(handle);
      told = true;
    }
  }

  /**
   * Every proposal that the facts call for now, by rank of the policy, then by instance. A view:
   * good until something else is told.
   */
  public NavigableSet<Proposal> current() {
    match();
    return proposals.current();
  }

  /**
   * Grows whenever a proposal came, went, came anew or is suppressed by another; the same number
   * means the same {@link #current}. Costs nothing where nothing was told.
   */
  public long version() {
    match();
    return proposals.version();
  }

  private void match() {
    if (told) {
      session.fireAllRules();
      told = false;
    }
  }

  @Override
  public void close() {
    session.dispose();
  }
}
