package dev.heal.engine.loop;

import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.engine.decide.Estate;
import dev.heal.engine.fact.Disturbance;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FactChange;
import dev.heal.engine.fact.FactStage;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.fact.Pulse;
import dev.heal.engine.fact.Truth;
import dev.heal.engine.schedule.Evidence;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;

/**
 * Stage {@code fact} as the later stages see it. Changes that they cause wait in {@link #caused}.
 */
final class StageViews implements Evidence, Estate {
  private FactStage facts;
  final Deque<FactChange> caused = new ArrayDeque<>();

  /** No belief changes by the mere passing of time behind this moment. */
  long believedUntil = Long.MAX_VALUE;

  StageViews(FactStage facts) {
    this.facts = facts;
  }

  /** Another stage is looked at from now on. */
  void look(FactStage next) {
    facts = next;
  }

  @Override
  public void watch(String key, Condition condition, EntityId entity, long from) {
    caused.addAll(facts.watch(key, condition, entity, from));
  }

  @Override
  public void unwatch(String key, EntityId entity) {
    facts.unwatch(key, entity);
  }

  @Override
  public Truth truth(String key, EntityId entity) {
    return facts.beliefs().truth(key, entity);
  }

  @Override
  public boolean heard(Condition condition, EntityId entity) {
    return facts.beliefs().heard(condition, entity);
  }

  @Override
  public Truth flag(EntityId entity, String signal) {
    return facts.beliefs().flag(entity, signal);
  }

  @Override
  public Optional<String> word(EntityId entity, String signal) {
    return facts.beliefs().word(entity, signal);
  }

  @Override
  public Pulse pulse(EntityId node, long now) {
    return facts.beliefs().pulse(node, Math.min(now, believedUntil));
  }

  @Override
  public void disturb(EntityId entity, Disturbance disturbance, long now) {
    cause(facts.disturb(entity, disturbance, Math.min(now, believedUntil)), now);
  }

  /** What repairs cause behind the last fact happens when they cause it. */
  private void cause(List<FactChange> changes, long now) {
    changes.forEach(change -> caused.add(now > believedUntil ? change.told(now) : change));
  }

  @Override
  public boolean isRaised(FaultInstance instance) {
    return facts.beliefs().isRaised(instance);
  }

  @Override
  public boolean awaitsFacts(FaultInstance instance) {
    return facts.beliefs().awaitsFacts(instance);
  }

  @Override
  public Truth stillHolds(FaultInstance instance) {
    return facts.beliefs().stillHolds(instance);
  }

  @Override
  public boolean isStillRaised(FaultInstance instance) {
    return facts.beliefs().isStillRaised(instance);
  }

  @Override
  public void unfollow(FaultInstance instance) {
    facts.unfollow(instance);
  }

  @Override
  public void repaired(FaultInstance instance, long now, String because) {
    cause(facts.clear(instance, Math.min(now, believedUntil), because), now);
  }

  @Override
  public NavigableSet<EntityId> all(EntityKind kind) {
    return facts.topology().all(kind);
  }

  @Override
  public NavigableSet<EntityId> related(EntityId entity, EntityKind kind) {
    return facts.topology().related(entity, kind);
  }

  @Override
  public NavigableSet<EntityId> inside(EntityId entity) {
    return facts.topology().inside(entity);
  }

  @Override
  public Optional<String> attribute(EntityId entity, String name) {
    return facts.topology().attribute(entity, name);
  }
}
