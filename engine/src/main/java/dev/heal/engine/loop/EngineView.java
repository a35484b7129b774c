package dev.heal.engine.loop;

import dev.heal.engine.decide.Halt;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Vitals;
import dev.heal.engine.schedule.FaultView;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.RepairView;
import dev.heal.engine.schedule.StandingAct;
import java.util.List;
import java.util.Locale;

/**
 * An engine between two inputs, for people to see: all of one moment.
 *
 * @param at that moment, nanoseconds since the epoch
 * @param halts what keeps the hands still
 * @param windows declared maintenances whose time is now
 * @param orders that have not ended
 * @param acts what was done and is to be taken back
 * @param unresolved names in facts that the site does not explain
 * @param duplicates how many events were heard twice
 */
public record EngineView(
    long at,
    List<Halt> halts,
    List<Window> windows,
    List<FaultView> faults,
    List<RepairView> repairs,
    List<OpenOrder> orders,
    List<StandingAct> acts,
    List<EntityView> entities,
    List<EntityId> unresolved,
    long duplicates) {
  public EngineView {
    halts = List.copyOf(halts);
    windows = List.copyOf(windows);
    faults = List.copyOf(faults);
    repairs = List.copyOf(repairs);
    orders = List.copyOf(orders);
    acts = List.copyOf(acts);
    entities = List.copyOf(entities);
    unresolved = List.copyOf(unresolved);
  }

  /** A declared maintenance that is on. */
  public record Window(String name, long until) {}

  /**
   * An order that the hands have.
   *
   * @param since when it was given
   */
  public record OpenOrder(Order order, long since) {}

  /** How an entity is, as far as anybody knows. */
  public enum State {
    /** An order is carried out on it, or its proof is awaited. */
    REPAIRING,
    FAULTY,
    /** It says so itself, and no fault of the policies does. */
    UNHEALTHY,
    /** What should come of it does not: nobody knows. */
    SILENT,
    /** Nothing was ever heard of it. */
    UNHEARD,
    /** It comes as it should, and nothing says that it is well. */
    NO_FAULT,
    HEALTHY;

    /** {@code no_fault}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** An entity, with what is heard of it. */
  public record EntityView(State state, Vitals vitals) {
    public EntityId entity() {
      return vitals.entity();
    }
  }
}
