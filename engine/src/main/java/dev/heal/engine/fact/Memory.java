package dev.heal.engine.fact;

import dev.heal.dsl.policy.Condition;
import dev.heal.engine.fact.FactChange.FaultState;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one cell remembers, as it was at one moment: enough to go on elsewhere as if nothing had
 * happened.
 */
sealed interface Memory {
  /** When it was to be looked at without a fact. */
  long due();

  /** Since when what has held: of a fault, what raises it. */
  List<HeldSince> held();

  /**
   * Of a fault instance.
   *
   * @param raisedAt and {@code lastEvent}: {@link Series#NEVER} where there was none
   * @param event the last event that raised it
   * @param ending since when what ends it has held
   * @param awaitsFacts whether it stands only by what an engine before this one has heard
   * @param level whether its condition, without its {@code for}, held at the last look
   */
  record OfFault(
      FaultInstance instance,
      FaultState state,
      long raisedAt,
      long lastEvent,
      Optional<Fact.Event> event,
      Map<String, String> captures,
      List<HeldSince> held,
      List<HeldSince> ending,
      boolean awaitsFacts,
      Truth level,
      long due)
      implements Memory {
    public OfFault {
      held = List.copyOf(held);
      ending = List.copyOf(ending);
    }

    boolean isRaised() {
      return state == FaultState.RAISED || state == FaultState.CLEARING;
    }

    /** That of an instance that is clear, and always was. */
    static OfFault nothing(FaultInstance instance) {
      return new OfFault(
          instance,
          FaultState.CLEAR,
          Series.NEVER,
          Series.NEVER,
          Optional.empty(),
          Map.of(),
          List.of(),
          List.of(),
          false,
          Truth.UNKNOWN,
          Long.MAX_VALUE);
    }

    /** The same, raised at another time. */
    OfFault at(long raised) {
      return new OfFault(
          instance,
          state,
          raised,
          lastEvent,
          event,
          captures,
          held,
          ending,
          awaitsFacts,
          level,
          due);
    }

    /** The same of an instance of another name. */
    OfFault of(FaultInstance other) {
      return new OfFault(
          other,
          state,
          raisedAt,
          lastEvent,
          event,
          captures,
          held,
          ending,
          awaitsFacts,
          level,
          due);
    }
  }

  /**
   * Of a condition that is watched.
   *
   * @param ofStep whether a step of a repair asks for it, and not a policy
   * @param from facts with an earlier own time are no evidence
   */
  record OfWatch(
      boolean ofStep,
      String key,
      EntityId entity,
      Condition condition,
      long from,
      Truth truth,
      List<HeldSince> held,
      long due)
      implements Memory {
    public OfWatch {
      held = List.copyOf(held);
    }

    /** The same, asked for by a step of a repair. */
    OfWatch ofStep(String otherKey) {
      return new OfWatch(true, otherKey, entity, condition, from, truth, held, due);
    }
  }
}
