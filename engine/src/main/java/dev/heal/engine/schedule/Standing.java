package dev.heal.engine.schedule;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.engine.decide.Estate;
import dev.heal.engine.decide.Ladder;
import dev.heal.engine.decide.Situation;
import dev.heal.engine.decide.Times;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.fact.Pulse;
import dev.heal.engine.fact.Truth;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** How everything stands: raised faults, open ladders, what nodes say of themselves. */
final class Standing implements Situation {
  private static final int LEAST_NODES_TO_SUSPECT = 3;

  /** When the engine hears again, not all nodes are heard at the same instant. */
  private static final Duration UNTIL_ALL_ARE_BACK = Duration.ofSeconds(30);

  private final Estate estate;
  private final Evidence evidence;
  private final Ledgers ledgers;
  private final Map<String, Policy> policies = new HashMap<>();
  private final Map<String, Fault> faults = new HashMap<>();
  private final Set<String> suppressible = new HashSet<>();
  private final Set<String> bySilence = new HashSet<>();

  private long trustFrom = Long.MIN_VALUE;

  final NavigableMap<FaultInstance, Episode> episodes = new TreeMap<>();
  final NavigableMap<Long, Ladder> ladders = new TreeMap<>();

  Standing(CheckedPolicy checked, Estate estate, Evidence evidence, Ledgers ledgers) {
    this.estate = estate;
    this.evidence = evidence;
    this.ledgers = ledgers;
    checked.policies().forEach(policy -> policies.put(policy.name(), policy));
    for (Fault fault : checked.faults()) {
      faults.put(fault.name(), fault);
      fault.suppresses().forEach(s -> suppressible.addAll(s.children()));
      if (isBySilence(fault.when())) {
        bySilence.add(fault.name());
      }
    }
  }

  private static boolean isBySilence(Condition condition) {
    if (condition instanceof Condition.Silent silent) {
      return silent.reading().signal().entity() == EntityKind.NODE
          && silent.reading().signal().name().equals("heartbeat");
    }
    return condition.parts().stream().anyMatch(Standing::isBySilence);
  }

  /** The policy of that name, where it is declared. */
  Optional<Policy> find(String name) {
    return Optional.ofNullable(policies.get(name));
  }

  @Override
  public Policy policy(String name) {
    Policy policy = policies.get(name);
    if (policy == null) {
      throw new IllegalArgumentException("no policy " + name);
    }
    return policy;
  }

  Map<String, Policy> policies() {
    return policies;
  }

  Fault fault(FaultInstance instance) {
    Fault fault = faults.get(instance.fault());
    if (fault == null) {
      throw new IllegalArgumentException("no fault " + instance.fault());
    }
    return fault;
  }

  /** Whether some fault may turn out to be the root of this one. */
  boolean isSuppressible(FaultInstance instance) {
    return suppressible.contains(instance.fault());
  }

  /** Whether no raised fault counts this one among its consequences. */
  boolean isRoot(FaultInstance instance) {
    return !isSuppressible(instance)
        || episodes.keySet().stream().noneMatch(parent -> isParent(parent, instance));
  }

  private boolean isParent(FaultInstance parent, FaultInstance child) {
    return !parent.equals(child)
        && fault(parent).suppresses().stream()
            .filter(s -> s.children().contains(child.fault()))
            .anyMatch(
                s ->
                    estate.related(parent.entity(), s.relation()).stream()
                        .anyMatch(estate.related(child.entity(), s.relation())::contains));
  }

  @Override
  public Collection<Ladder> begun() {
    return ladders.values().stream().filter(l -> l.begun() && !l.ended()).toList();
  }

  @Override
  public NavigableSet<EntityId> down(EntityKind kind, long now) {
    NavigableSet<EntityId> down = new TreeSet<>();
    for (FaultInstance raised : episodes.keySet()) {
      if (raised.entity().kind() == kind
          && fault(raised).severity() == Fault.FaultSeverity.CRITICAL) {
        down.add(raised.entity());
      }
    }
    for (Ladder ladder : begun()) {
      ladder.currentRung().steps().stream()
          .filter(step -> step.act().destructive())
          .filter(step -> step.act().target().filter(kind::equals).isPresent())
          .forEach(step -> down.addAll(ladder.targets(step.act(), estate)));
    }
    for (EntityId entity : estate.all(kind)) {
      if (evidence.flag(entity, "healthy") == Truth.FALSE
          || evidence.flag(entity, "cordoned") == Truth.TRUE) {
        down.add(entity);
      }
    }
    return down;
  }

  @Override
  public Optional<Long> lastEnd(Policy policy, EntityId entity) {
    return ledgers.history().lastEnd(policy, entity);
  }

  @Override
  public boolean holds(String key, EntityId entity) {
    return evidence.truth(key, entity) == Truth.TRUE;
  }

  @Override
  public Optional<String> cordonedByOthers(EntityId node) {
    if (evidence.flag(node, "cordoned") != Truth.TRUE || ledgers.cordons().isOurs(node)) {
      return Optional.empty();
    }
    return Optional.of(
        "%s is cordoned by %s"
            .formatted(node, evidence.word(node, "cordoned_by").orElse("somebody else")));
  }

  @Override
  public Optional<String> suspicion(Ladder ladder, long now) {
    if (!bySilence.contains(ladder.instance().fault())) {
      return Optional.empty();
    }
    for (EntityId node : estate.related(ladder.instance().entity(), EntityKind.NODE)) {
      if (evidence.pulse(node, now) == Pulse.NEVER_HEARD) {
        return Optional.of(
            "no heartbeat of %s was heard since the start: perhaps the engine is deaf"
                .formatted(node));
      }
    }
    List<Pulse> monitored =
        estate.all(EntityKind.NODE).stream()
            .map(node -> evidence.pulse(node, now))
            .filter(pulse -> pulse != Pulse.NEVER_HEARD)
            .toList();
    long late = monitored.stream().filter(pulse -> pulse == Pulse.LATE).count();
    if (monitored.size() >= LEAST_NODES_TO_SUSPECT && late * 2 > monitored.size()) {
      trustFrom = Times.after(now, UNTIL_ALL_ARE_BACK);
      return Optional.of(
          "%d of %d nodes fell silent together: the engine suspects itself"
              .formatted(late, monitored.size()));
    }
    return now < trustFrom
        ? Optional.of("most nodes were silent together: the others may still come back")
        : Optional.empty();
  }
}
