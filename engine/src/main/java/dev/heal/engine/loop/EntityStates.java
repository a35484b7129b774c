package dev.heal.engine.loop;

import dev.heal.engine.decide.Ladder;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Truth;
import dev.heal.engine.fact.Vitals;
import dev.heal.engine.loop.EngineView.EntityView;
import dev.heal.engine.loop.EngineView.State;
import dev.heal.engine.schedule.FaultView;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.RepairView;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What is to be said of entities. Missing data never means healthy. */
final class EntityStates {
  private final Set<EntityId> repairing = new HashSet<>();
  private final Set<EntityId> faulty = new HashSet<>();

  EntityStates(
      List<FaultView> faults, List<RepairView> repairs, List<EngineView.OpenOrder> orders) {
    faults.forEach(fault -> faulty.add(fault.instance().entity()));
    orders.stream()
        .map(EngineView.OpenOrder::order)
        .filter(order -> order.purpose() != Order.Purpose.NOTICE)
        .forEach(order -> repairing.add(order.target()));
    repairs.stream()
        .filter(repair -> repair.phase() == Ladder.Phase.CONFIRMING)
        .forEach(repair -> repairing.add(repair.instance().entity()));
  }

  List<EntityView> of(List<Vitals> all) {
    return all.stream().map(vitals -> new EntityView(state(vitals), vitals)).toList();
  }

  private State state(Vitals vitals) {
    if (repairing.contains(vitals.entity())) {
      return State.REPAIRING;
    }
    if (faulty.contains(vitals.entity())) {
      return State.FAULTY;
    }
    if (vitals.healthy() == Truth.FALSE) {
      return State.UNHEALTHY;
    }
    if (vitals.isSilent()) {
      return State.SILENT;
    }
    if (vitals.heardAt().isEmpty()) {
      return State.UNHEARD;
    }
    return vitals.healthy() == Truth.TRUE ? State.HEALTHY : State.NO_FAULT;
  }
}
