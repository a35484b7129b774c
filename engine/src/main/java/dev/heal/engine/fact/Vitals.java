package dev.heal.engine.fact;

import java.util.Collections;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * What is heard of an entity.
 *
 * @param heardAt when anything was heard last; empty: never
 * @param speaking how many of its signals come as they should, or have no time in which they should
 * @param silent those that are overdue
 * @param healthy what is said of it, where something says so
 */
public record Vitals(
    EntityId entity,
    OptionalLong heardAt,
    int speaking,
    NavigableSet<String> silent,
    Truth healthy) {
  public Vitals {
    Objects.requireNonNull(entity);
    Objects.requireNonNull(healthy);
    silent = Collections.unmodifiableNavigableSet(new TreeSet<>(silent));
  }

  /** Whether something of it is overdue and nothing comes: not the same as well. */
  public boolean isSilent() {
    return speaking == 0 && !silent.isEmpty();
  }
}
