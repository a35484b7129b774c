package dev.heal.engine.loop;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Fault;
import dev.heal.engine.decide.Estate;
import dev.heal.engine.decide.Times;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.schedule.Repairs;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One root cause, one repair: which raised parent keeps a child from starting anything. */
final class Suppressions {
  private final CheckedPolicy policies;
  private final Estate estate;
  private final Map<FaultInstance, Long> raised = new TreeMap<>();

  Suppressions(CheckedPolicy policies, Estate estate) {
    this.policies = policies;
    this.estate = estate;
  }

  void raised(FaultInstance instance, long at) {
    raised.put(instance, at);
  }

  void cleared(FaultInstance instance) {
    raised.remove(instance);
  }

  Optional<FaultInstance> of(FaultInstance child, Repairs repairs, long now) {
    for (Map.Entry<FaultInstance, Long> parent : raised.entrySet()) {
      for (Fault.Suppression suppression : policies.fault(parent.getKey().fault()).suppresses()) {
        if (suppression.children().contains(child.fault())
            && !parent.getKey().equals(child)
            && share(parent.getKey().entity(), child.entity(), suppression)
            && active(parent, suppression, repairs, now)) {
          return Optional.of(parent.getKey());
        }
      }
    }
    return Optional.empty();
  }

  private boolean share(EntityId parent, EntityId child, Fault.Suppression suppression) {
    return estate.related(parent, suppression.relation()).stream()
        .anyMatch(estate.related(child, suppression.relation())::contains);
  }

  private static boolean active(
      Map.Entry<FaultInstance, Long> parent,
      Fault.Suppression suppression,
      Repairs repairs,
      long now) {
    return repairs.suppresses(parent.getKey())
        || suppression.within().filter(w -> now < Times.after(parent.getValue(), w)).isPresent();
  }
}
