package dev.heal.engine.journal;

import dev.heal.engine.decide.Halt;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.record.Entry;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/** One thing that the journal is to remember. All times are nanoseconds since the epoch. */
public sealed interface Change {
  /**
   * An entry.
   *
   * @param incident the number of the incident it belongs to
   * @param generation of the policies that were in force
   * @param place {@code file:line} of the policy
   */
  record Noted(Entry entry, OptionalLong incident, OptionalLong generation, Optional<String> place)
      implements Change {
    public Noted {
      Objects.requireNonNull(entry);
    }
  }

  /** A spell of a raised fault begins; its number is new. */
  record IncidentOpened(long number, FaultInstance instance, long since) implements Change {
    public IncidentOpened {
      Objects.requireNonNull(instance);
      requirePositive(number);
    }
  }

  /**
   * What is known of an incident has changed.
   *
   * @param until when the fault cleared; empty while it stands
   */
  record IncidentMoved(long number, IncidentState state, OptionalLong until) implements Change {
    public IncidentMoved {
      Objects.requireNonNull(state);
      requirePositive(number);
    }
  }

  /** An order is to be carried out; nothing was touched yet. */
  record OrderPlanned(OrderPlan plan, long at) implements Change {
    public OrderPlanned {
      Objects.requireNonNull(plan);
    }
  }

  /**
   * The hands are about to move: durable before they do. An order starts once; a reversible one is
   * to be undone from here on.
   *
   * @param memento what the act will replace, where it is known already
   */
  record OrderStarted(long id, long at, Optional<String> memento) implements Change {
    public OrderStarted {
      requirePositive(id);
    }
  }

  /** What the act is about to replace, of an order that has started: durable before it is. */
  record OrderRemembered(long id, String memento) implements Change {
    public OrderRemembered {
      Objects.requireNonNull(memento);
      requirePositive(id);
    }
  }

  /**
   * What became of an order.
   *
   * @param state an end
   * @param undoPending whether it stands and is to be undone some day
   */
  record OrderEnded(long id, long at, OrderState state, String because, boolean undoPending)
      implements Change {
    public OrderEnded {
      requirePositive(id);
      if (!state.isEnd() || because.isBlank()) {
        throw new IllegalArgumentException("an order ends with an end, and says why: " + state);
      }
    }
  }

  /** What the order did was taken back, or is void: there is nothing left to undo. */
  record OrderUndone(long id, long at) implements Change {
    public OrderUndone {
      requirePositive(id);
    }
  }

  /**
   * A small thing that the next start is to find again: how far a log was read, which process a
   * service is. It is durable together with what was decided in its batch.
   *
   * @param name tells such things apart
   * @param value empty where it is to be forgotten
   */
  record Kept(String name, Optional<String> value) implements Change {
    public Kept {
      Objects.requireNonNull(value);
      if (name.isBlank()) {
        throw new IllegalArgumentException("what is kept has a name");
      }
    }
  }

  /** What keeps the hands still has changed: all that stands now. */
  record HaltsMoved(List<Halt> halts) implements Change {
    public HaltsMoved {
      halts = List.copyOf(halts);
    }
  }

  /** Repairs were begun to be considered; the number of the last. */
  record LaddersNumbered(long last) implements Change {
    public LaddersNumbered {
      requirePositive(last);
    }
  }

  private static void requirePositive(long number) {
    if (number <= 0) {
      throw new IllegalArgumentException("numbers begin with 1: " + number);
    }
  }
}
