package dev.heal.engine.schedule;

import dev.heal.dsl.policy.CheckedPolicy;
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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
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
  private Declared declared;

  /** What repairs that outlive their policies, and acts that still stand, were declared by. */
  private final Map<String, Policy> formerPolicies = new HashMap<>();

  private final Map<String, Fault> formerFaults = new HashMap<>();

  private long trustFrom = Long.MIN_VALUE;

  final NavigableMap<FaultInstance, Episode> episodes = new TreeMap<>();
  final NavigableMap<Long, Ladder> ladders = new TreeMap<>();

  Standing(CheckedPolicy checked, Estate estate, Evidence evidence, Ledgers ledgers) {
    this.estate = estate;
    this.evidence = evidence;
    this.ledgers = ledgers;
    this.declared = Declared.by(checked);
  }

  /** Other policies are in force from now on; what somebody still needs of before is kept. */
  void follow(Declared next, Set<String> neededPolicies, Set<String> neededFaults) {
    keep(declared.policies(), next.policies(), neededPolicies, formerPolicies);
    keep(declared.faults(), next.faults(), neededFaults, formerFaults);
    declared = next;
  }

  private static <T> void keep(
      Map<String, T> before, Map<String, T> next, Set<String> needed, Map<String, T> former) {
    if (!former.isEmpty()) {
      former.keySet().retainAll(needed);
    }
    for (String name : needed) {
      T one = before.get(name);
      if (next.containsKey(name)) {
        former.remove(name);
      } else if (one != null) {
        former.put(name, one);
      }
    }
  }

  /** The policy of that name, where it is declared. */
  Optional<Policy> find(String name) {
    return Optional.ofNullable(declared.policies().get(name));
  }

  /** All that are in force, by name. */
  List<Policy> policies() {
    return declared.policies().values().stream()
        .sorted(Comparator.comparing(Policy::name))
        .toList();
  }

  /** Until when silence proves nothing; the beginning of time where it does. */
  long trustFrom() {
    return trustFrom;
  }

  void trustFrom(long from) {
    trustFrom = from;
  }

  /** A policy that is in force. */
  Policy policy(String name) {
    Policy policy = declared.policies().get(name);
    if (policy == null) {
      throw new IllegalArgumentException("no policy " + name);
    }
    return policy;
  }

  /** A policy that is in force, or was when it acted. */
  Optional<Policy> everKnown(String name) {
    return Optional.ofNullable(declared.policies().get(name))
        .or(() -> Optional.ofNullable(formerPolicies.get(name)));
  }

  /** The fault of that name, where it is declared. */
  Optional<Fault> findFault(String name) {
    return Optional.ofNullable(declared.faults().get(name));
  }

  /** A fault that is in force. */
  Fault fault(FaultInstance instance) {
    Fault fault = declared.faults().get(instance.fault());
    if (fault == null) {
      throw new IllegalArgumentException("no fault " + instance.fault());
    }
    return fault;
  }

  /** Whether events raise the fault that an order is for, whether it is in force or was. */
  boolean isByEvent(Order order) {
    Ladder ladder = ladders.get(order.ladder());
    if (ladder != null) {
      return ladder.fault().event();
    }
    String name = order.instance().fault();
    return Optional.ofNullable(declared.faults().get(name))
        .or(() -> Optional.ofNullable(formerFaults.get(name)))
        .filter(Fault::event)
        .isPresent();
  }

  /** Whether some fault may turn out to be the root of this one. */
  boolean isSuppressible(FaultInstance instance) {
    return declared.suppressible().contains(instance.fault());
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
  public List<Ladder> begun() {
    List<Ladder> begun = new ArrayList<>();
    for (Ladder ladder : ladders.values()) {
      if (ladder.begun() && !ladder.ended()) {
        begun.add(ladder);
      }
    }
    return begun;
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
    if (!declared.bySilence().contains(ladder.instance().fault())) {
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
