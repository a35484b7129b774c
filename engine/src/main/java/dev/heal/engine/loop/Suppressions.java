package dev.heal.engine.loop;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.engine.decide.Estate;
import dev.heal.engine.decide.Times;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.rule.RuleSession;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Tells the rules what suppression depends on: which raised parents suppress now, and what the
 * entities have to do with each other. The rules decide which children that keeps from starting.
 *
 * <p>Relations are told only of entities with a raised fault that suppresses or is suppressed.
 */
final class Suppressions {
  private final Estate estate;
  private final LongSupplier topologyVersion;
  private final RuleSession session;
  private final Map<String, List<Fault.Suppression>> suppressing = new HashMap<>();

  /** The kinds of entities that a fault may share with its parents or children. */
  private final Map<String, Set<EntityKind>> sharing = new HashMap<>();

  private final Map<FaultInstance, Parent> parents = new TreeMap<>();
  private final Map<EntityId, Set<String>> raised = new TreeMap<>();
  private final Map<EntityId, NavigableSet<EntityId>> related = new HashMap<>();
  private long relatedAs;
  private long toldAt = Long.MIN_VALUE;

  /** A raised instance that may suppress, and by which statements it was told to. */
  private record Parent(long raisedAt, Set<Integer> active) {}

  /**
   * Begins with nothing raised.
   *
   * @param topologyVersion grows whenever the answers of {@code estate} may have changed
   */
  Suppressions(
      CheckedPolicy policies, Estate estate, LongSupplier topologyVersion, RuleSession session) {
    this.estate = estate;
    this.topologyVersion = topologyVersion;
    this.session = session;
    this.relatedAs = topologyVersion.getAsLong();
    for (Fault fault : policies.faults()) {
      if (!fault.suppresses().isEmpty()) {
        suppressing.put(fault.name(), fault.suppresses());
      }
      for (Fault.Suppression suppression : fault.suppresses()) {
        share(fault.name(), suppression.relation());
        suppression.children().forEach(child -> share(child, suppression.relation()));
      }
    }
  }

  private void share(String fault, EntityKind kind) {
    sharing.computeIfAbsent(fault, f -> new TreeSet<>()).add(kind);
  }

  void raised(FaultInstance instance, long at) {
    if (suppressing.containsKey(instance.fault())) {
      parents.put(instance, new Parent(at, new TreeSet<>()));
    }
    if (sharing.containsKey(instance.fault())) {
      raised.computeIfAbsent(instance.entity(), e -> new TreeSet<>()).add(instance.fault());
      relate(instance.entity());
    }
  }

  void cleared(FaultInstance instance) {
    Parent parent = parents.remove(instance);
    if (parent != null) {
      parent.active.forEach(statement -> session.suppressing(instance, statement, false));
    }
    if (sharing.containsKey(instance.fault())) {
      raised.computeIfPresent(
          instance.entity(),
          (e, faults) -> {
            faults.remove(instance.fault());
            return faults.isEmpty() ? null : faults;
          });
      relate(instance.entity());
    }
  }

  /** Tells what the entity has to do with others now, as far as its faults make that matter. */
  private void relate(EntityId entity) {
    NavigableSet<EntityId> now = new TreeSet<>();
    for (String fault : raised.getOrDefault(entity, Set.of())) {
      for (EntityKind kind : sharing.getOrDefault(fault, Set.of())) {
        now.addAll(estate.related(entity, kind));
      }
    }
    NavigableSet<EntityId> before = related.getOrDefault(entity, new TreeSet<>());
    before.stream()
        .filter(to -> !now.contains(to))
        .forEach(to -> session.related(entity, to, false));
    now.stream()
        .filter(to -> !before.contains(to))
        .forEach(to -> session.related(entity, to, true));
    if (now.isEmpty()) {
      related.remove(entity);
    } else {
      related.put(entity, now);
    }
  }

  /**
   * Tells what is so at {@code now}.
   *
   * @param repairing whether a raised parent's repair is due, running or confirmed
   */
  void tell(Predicate<FaultInstance> repairing, long now) {
    toldAt = now;
    if (relatedAs != topologyVersion.getAsLong()) {
      relatedAs = topologyVersion.getAsLong();
      List.copyOf(raised.keySet()).forEach(this::relate);
    }
    parents.forEach((instance, parent) -> tell(instance, parent, repairing.test(instance), now));
  }

  private void tell(FaultInstance instance, Parent parent, boolean repairing, long now) {
    List<Fault.Suppression> statements = suppressing.getOrDefault(instance.fault(), List.of());
    for (int i = 0; i < statements.size(); i++) {
      boolean active = repairing || now < end(parent, statements.get(i));
      int statement = i + 1;
      if (active ? parent.active.add(statement) : parent.active.remove(statement)) {
        session.suppressing(instance, statement, active);
      }
    }
  }

  /** When the {@code within} of the statement is over; the beginning of time where it has none. */
  private static long end(Parent parent, Fault.Suppression statement) {
    return statement.within().map(w -> Times.after(parent.raisedAt, w)).orElse(Long.MIN_VALUE);
  }

  /** The time of the last {@link #tell}. */
  long toldAt() {
    return toldAt;
  }

  /** When {@link #tell} has something new to say by the mere passing of time. */
  long nextAt() {
    long next = Times.NEVER;
    for (Map.Entry<FaultInstance, Parent> parent : parents.entrySet()) {
      for (Fault.Suppression statement :
          suppressing.getOrDefault(parent.getKey().fault(), List.of())) {
        long end = end(parent.getValue(), statement);
        next = end > toldAt ? Math.min(next, end) : next;
      }
    }
    return next;
  }
}
