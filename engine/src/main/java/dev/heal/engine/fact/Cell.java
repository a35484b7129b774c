package dev.heal.engine.fact;

import dev.heal.dsl.policy.NumberSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** One condition or fault on one entity: what is looked at when a fact or a timer calls. */
abstract class Cell {
  /** Order of declaration, then of entities: what is due at one instant runs in this order. */
  static final Comparator<Cell> ORDER =
      Comparator.<Cell>comparingInt(c -> c.order)
          .thenComparing(c -> c.name)
          .thenComparing(c -> c.entity);

  /** At one instant first what is due earlier, then by {@link #ORDER}. */
  static final Comparator<Cell> DUE =
      Comparator.<Cell>comparingLong(c -> c.due).thenComparing(ORDER);

  final int order;
  final String name;
  final EntityId entity;

  /** When to look without a fact; changed by the stage alone, which keeps cells sorted by it. */
  long due = Long.MAX_VALUE;

  private boolean readsOthers;
  private final Set<Series> reads = new LinkedHashSet<>();
  private final Map<Series, Map<String, EventWindow>> windows = new HashMap<>();

  Cell(int order, String name, EntityId entity) {
    this.order = order;
    this.name = name;
    this.entity = entity;
  }

  /** Builds the nodes; again after each change of the topology where it reads other entities. */
  abstract void bind(SeriesStore store);

  /** Looks, tells the changes, and gives back when to look again. */
  abstract long look(Moment moment, Changes changes);

  void readsOthers() {
    readsOthers = true;
  }

  boolean dependsOnTopology() {
    return readsOthers;
  }

  void reads(Series series) {
    reads.add(series);
  }

  /** A count keeps its events when the nodes are built anew. */
  EventWindow window(Series series, NumberSource.Count count) {
    return windows
        .computeIfAbsent(series, s -> new HashMap<>())
        .computeIfAbsent(
            count.meaning(),
            meaning -> {
              EventWindow made = new EventWindow(count.event().tests(), count.window().toNanos());
              series.add(made);
              return made;
            });
  }

  void detach() {
    reads.forEach(series -> series.readers.remove(this));
    windows.forEach((series, made) -> made.values().forEach(series::remove));
  }
}
