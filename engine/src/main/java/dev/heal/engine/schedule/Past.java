package dev.heal.engine.schedule;

import dev.heal.engine.decide.Halt;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.record.Entry;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * What an engine takes over from the one before it.
 *
 * @param lastOrder the number of the last order that was ever given, 0 for none: none comes twice
 * @param lastLadder the same of ladders: an old approval never reaches another repair
 * @param halts what still keeps the hands still
 * @param stood faults that were raised, and how far their repairs had come
 * @param entries what was decided and done last, in order: attempts, cooldowns and budgets count it
 * @param cordons the nodes whose cordon is ours, however old it is
 * @param interim what of the policies is otherwise than their files say, for a time
 */
public record Past(
    long lastOrder,
    long lastLadder,
    List<Halt> halts,
    List<Stood> stood,
    List<Entry> entries,
    NavigableSet<EntityId> cordons,
    Interim interim) {
  /** Of the first engine. */
  public static final Past NONE = new Past(0, 0, List.of(), List.of(), List.of());

  public Past {
    halts = List.copyOf(halts);
    stood = List.copyOf(stood);
    entries = List.copyOf(entries);
    cordons = Collections.unmodifiableNavigableSet(new TreeSet<>(cordons));
    if (lastOrder < 0 || lastLadder < 0) {
      throw new IllegalArgumentException(lastOrder + " orders, " + lastLadder + " ladders");
    }
  }

  /** The same, where no cordon is ours and all is in force as the files say. */
  public Past(
      long lastOrder, long lastLadder, List<Halt> halts, List<Stood> stood, List<Entry> entries) {
    this(lastOrder, lastLadder, halts, stood, entries, new TreeSet<>(), Interim.NONE);
  }

  /** The same, with what was in force for a time. */
  public Past with(Interim other) {
    return new Past(lastOrder, lastLadder, halts, stood, entries, cordons, other);
  }

  /** The same, where the cordons of these nodes are ours. */
  public Past with(Collection<EntityId> ours) {
    return new Past(lastOrder, lastLadder, halts, stood, entries, new TreeSet<>(ours), interim);
  }
}
