package dev.heal.engine.loop;

import dev.heal.engine.fact.Beliefs;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FactChange;
import dev.heal.engine.fact.FactStage;
import dev.heal.engine.fact.Truth;
import dev.heal.engine.rule.RuleSession;

/**
 * One generation of policies at work: its conditions with all that they remember, and the rules
 * that match them. It is a function of the facts that came, so another thread may build one and
 * hand it over.
 */
final class Ruling implements AutoCloseable {
  private static final String WHERE = "where:";

  private final FactStage facts;
  private final RuleSession session;
  private final Suppressions suppressions;

  /** Begins with a session to which nothing was told. */
  Ruling(FactStage facts) {
    this(facts, new RuleSession.Rules(facts.policy()));
  }

  /**
   * The same, with rules that are compiled already.
   *
   * @param rules of the policies of the stage
   */
  Ruling(FactStage facts, RuleSession.Rules rules) {
    this.facts = facts;
    this.session = rules.open();
    this.suppressions =
        new Suppressions(
            facts.policy(), new StageViews(facts), () -> facts.topology().version(), session);
  }

  FactStage facts() {
    return facts;
  }

  RuleSession session() {
    return session;
  }

  Suppressions suppressions() {
    return suppressions;
  }

  /** Tells the rules all that is so now. */
  void tellAll() {
    for (Beliefs.Standing standing : facts.beliefs().raised()) {
      session.raised(standing.instance());
      suppressions.raised(standing.instance(), standing.raisedAt());
    }
    for (Beliefs.Holding holding : facts.beliefs().holding()) {
      where(holding.key(), holding.entity(), Truth.TRUE);
    }
  }

  /** Tells the rules what has changed. */
  void tell(FactChange change) {
    if (change instanceof FactChange.FaultMoved moved) {
      if (moved.raises()) {
        session.raised(moved.instance());
        suppressions.raised(moved.instance(), moved.at());
      } else if (moved.clears()) {
        session.cleared(moved.instance());
        suppressions.cleared(moved.instance());
      }
    } else if (change instanceof FactChange.ConditionMoved moved) {
      where(moved.key(), moved.entity(), moved.truth());
    }
  }

  private void where(String key, EntityId entity, Truth truth) {
    if (key.startsWith(WHERE)) {
      session.where(key.substring(WHERE.length()), entity, truth == Truth.TRUE);
    }
  }

  @Override
  public void close() {
    session.close();
  }
}
