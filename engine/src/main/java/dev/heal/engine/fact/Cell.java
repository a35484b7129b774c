package dev.heal.engine.fact;

import dev.heal.dsl.policy.NumberSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

  /** Of the stage alone: whether it is among those that remember, and whether it was copied. */
  boolean isListed;

  @Nullable Copying copiedBy;

  private boolean readsOthers;
  private final Set<Series> reads = new LinkedHashSet<>();
  private final Map<Series, Set<String>> counts = new HashMap<>();

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

  /**
   * @return whether it is the first time that it reads it
   */
  boolean reads(Series series) {
    return reads.add(series);
  }

  /** Whether it remembers more than what a look at the facts of now would show. */
  abstract boolean remembers();

  /** What it remembers, to go on elsewhere. */
  abstract Memory memory();

  /** Goes on from what a cell of the same, or nearly the same, condition remembered. */
  abstract void recall(Memory memory);

  /** Whether everything heard since {@code instant} of what it reads is still kept. */
  boolean reachesTo(long instant) {
    return reads.stream().allMatch(series -> series.reachesTo(instant));
  }

  /** The events that a count asks for; all that ask the same share them. */
  EventWindow window(Series series, NumberSource.Count count) {
    String meaning = count.meaning();
    boolean asked = !counts.computeIfAbsent(series, s -> new HashSet<>()).add(meaning);
    return series.window(meaning, count, asked);
  }

  void detach() {
    reads.forEach(series -> series.forget(this));
    counts.forEach((series, meanings) -> meanings.forEach(series::leave));
  }
}
