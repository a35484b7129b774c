package dev.heal.engine.fact;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.policy.Site;
import dev.heal.dsl.vocabulary.EntityKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** All conditions and faults on all entities, and when each is to be looked at without a fact. */
final class Cells {
  /** Watches of steps come after all faults and policies at one instant. */
  static final int LAST = Integer.MAX_VALUE;

  private final CheckedPolicy policy;
  private final Topology topology;
  private final SeriesStore store;
  private final Recall recall;
  private final Map<FaultInstance, FaultCell> faults = new TreeMap<>();
  private final NavigableMap<FaultInstance, FaultCell> raised = new TreeMap<>();

  /** Instances of earlier policies, each followed for the sake of one repair that runs on. */
  private final Map<FaultInstance, FaultCell> former = new TreeMap<>();

  private final Map<String, Map<EntityId, WatchCell>> watches = new TreeMap<>();
  private final NavigableSet<Cell> timers = new TreeSet<>(Cell.DUE);
  private final Set<EntityId> settled = new HashSet<>();

  /** The cells that read other entities than their own, by their own. */
  private final Map<EntityId, NavigableSet<Cell>> dependent = new HashMap<>();

  /** Those that remember more than the facts of now would show. */
  private final Set<Cell> remembering = new HashSet<>();

  private @Nullable Copying copying;

  /** When the first timer is due; kept apart, as every fact asks. */
  private long firstDue = Long.MAX_VALUE;

  /** Whether a cell goes on from what another one remembered. */
  interface Recall {
    /** Nothing is known of before: each cell is looked at when it begins. */
    Recall NOTHING = (cells, cell, now, changes) -> false;

    /**
     * Lets a cell that is bound already go on from before.
     *
     * @return false where nothing is remembered: then it is looked at
     */
    boolean recall(Cells cells, Cell cell, Moment.Now now, Changes changes);
  }

  Cells(CheckedPolicy policy, Topology topology, SeriesStore store, Recall recall) {
    this.policy = policy;
    this.topology = topology;
    this.store = store;
    this.recall = recall;
  }

  /** {@link Long#MAX_VALUE}: no timer is due. */
  long firstDue() {
    return firstDue;
  }

  void dueAgain() {
    firstDue =
        Math.min(timers.isEmpty() ? Long.MAX_VALUE : timers.first().due, store.alarms().nextAt());
  }

  /** The first cell that is due by {@code at}, once what has fallen silent was told; or none. */
  @Nullable Cell firstDueBy(long at) {
    while (store.alarms().nextAt() <= at) {
      ring(store.alarms().ring(), at);
    }
    return !timers.isEmpty() && timers.first().due <= at ? timers.first() : null;
  }

  /** A signal may have fallen silent: then all that read it are looked at, each in its turn. */
  private void ring(Series series, long at) {
    if (series.silentAt() > at) {
      store.alarms().set(series);
      return;
    }
    for (Cell cell : series.readers()) {
      if (cell.due > at) {
        setDue(cell, at);
      }
    }
  }

  void look(Cell cell, Moment moment, Changes changes) {
    beforeChange(cell);
    setDue(cell, cell.look(moment, changes));
    list(cell);
    dueAgain();
  }

  private void setDue(Cell cell, long due) {
    if (due != cell.due) {
      beforeChange(cell);
      timers.remove(cell);
      cell.due = due;
      if (due != Long.MAX_VALUE) {
        timers.add(cell);
      }
    }
  }

  private void list(Cell cell) {
    if (cell instanceof FaultCell fault && fault.isFormer()) {
      return; // only its repair asks for it
    }
    if (cell.remembers() != cell.isListed) {
      cell.isListed = !cell.isListed;
      if (cell.isListed) {
        remembering.add(cell);
      } else {
        remembering.remove(cell);
      }
    }
    if (cell instanceof FaultCell fault && fault.isRaised() != fault.isListedRaised) {
      fault.isListedRaised = fault.isRaised();
      if (fault.isRaised()) {
        raised.put(fault.instance(), fault);
      } else {
        raised.remove(fault.instance());
      }
    }
  }

  private void beforeChange(Cell cell) {
    if (copying != null) {
      copying.before(cell);
    }
  }

  /** Begins to copy what is remembered: the copy shows this moment, however long it takes. */
  Copying copy() {
    Copying begun = new Copying(remembering, store);
    copying = begun;
    return begun;
  }

  void endCopy() {
    copying = null;
  }

  /** Only those that are on the same hosts can read an entity that is found. */
  void found(EntityId entity, Moment.Now now, Changes changes) {
    NavigableSet<Cell> near = new TreeSet<>(Cell.ORDER);
    for (EntityKind kind : EntityKind.values()) {
      for (EntityId other : topology.related(entity, kind)) {
        near.addAll(dependent.getOrDefault(other, new TreeSet<>(Cell.ORDER)));
      }
    }
    bindAgain(near, now, changes);
    settle(entity, now, changes);
  }

  /** The entities or their relations changed. */
  void topologyChanged(Moment.Now now, Changes changes) {
    NavigableSet<Cell> all = new TreeSet<>(Cell.ORDER);
    dependent.values().forEach(all::addAll);
    bindAgain(all, now, changes);
    for (EntityId entity : List.copyOf(topology.entities())) {
      settle(entity, now, changes);
    }
  }

  private void bindAgain(NavigableSet<Cell> cells, Moment.Now now, Changes changes) {
    for (Cell cell : cells) {
      beforeChange(cell);
      cell.bind(store);
      look(cell, now.input(), changes);
    }
  }

  boolean isSettled(EntityId entity) {
    return settled.contains(entity);
  }

  /** Begins to watch a new entity. */
  void settle(EntityId entity, Moment.Now now, Changes changes) {
    if (!settled.add(entity)) {
      return;
    }
    int order = 0;
    for (Fault fault : policy.faults()) {
      if (fault.entity() == entity.kind()) {
        FaultCell cell = new FaultCell(order, fault, entity);
        faults.put(cell.instance(), cell);
        begin(cell, now, changes);
      }
      order++;
    }
    for (Policy rule : policy.policies()) {
      if (rule.entity() == entity.kind() && rule.where().isPresent()) {
        begin(put(order, FactStage.whereKey(rule), entity, rule.where().get()), now, changes);
      }
      order++;
    }
    for (Site.Maintenance maintenance : policy.maintenances()) {
      if (maintenance.where().isPresent() && maintenance.whereOn() == entity.kind()) {
        String key = FactStage.whereKey(maintenance);
        begin(put(order, key, entity, maintenance.where().get()), now, changes);
      }
      order++;
    }
    for (StandingFlag flag : StandingFlag.of(entity.kind())) {
      begin(put(order, flag.key(), entity, flag.condition()), now, changes);
    }
  }

  private void begin(Cell cell, Moment.Now now, Changes changes) {
    bind(cell);
    if (!recall.recall(this, cell, now, changes)) {
      look(cell, now.input(), changes);
    }
  }

  private void bind(Cell cell) {
    cell.bind(store);
    if (cell.dependsOnTopology()) {
      dependent.computeIfAbsent(cell.entity, e -> new TreeSet<>(Cell.ORDER)).add(cell);
    }
  }

  private WatchCell put(int order, String key, EntityId entity, Condition condition) {
    return put(order, key, entity, condition, Series.NEVER);
  }

  private WatchCell put(int order, String key, EntityId entity, Condition condition, long from) {
    WatchCell cell = new WatchCell(order, key, entity, condition, from);
    watches.computeIfAbsent(key, k -> new TreeMap<>()).put(entity, cell);
    return cell;
  }

  /** Watches for a step of a repair, and looks. */
  void watch(
      String key, Condition condition, EntityId entity, long from, Moment moment, Changes changes) {
    unwatch(key, entity);
    WatchCell cell = put(LAST, key, entity, condition, from);
    bind(cell);
    look(cell, moment, changes);
  }

  /** Goes on with a watch as it was remembered; under another key where it says so. */
  void goOn(Memory.OfWatch before) {
    WatchCell cell = put(LAST, before.key(), before.entity(), before.condition(), before.from());
    bind(cell);
    goOn(cell, before);
  }

  /** Lets a cell that is bound go on from a memory, to the instant of its timer. */
  void goOn(Cell cell, Memory before) {
    cell.recall(before);
    setDue(cell, before.due());
    list(cell);
  }

  /** Lets a cell go on from one whose condition had other numbers. */
  void recount(
      FaultCell cell, Memory.OfFault before, Memory.OfFault past, Moment.Now now, Changes changes) {
    cell.recount(before, past, now.input(), changes);
    look(cell, now.input(), changes);
  }

  /** An engine before this one had raised the instance. */
  void restore(
      FaultCell cell,
      Moment.Now now,
      long raisedAt,
      Map<String, String> captures,
      Changes changes) {
    beforeChange(cell);
    cell.restore(now.now(), raisedAt, captures, changes);
    look(cell, now.input(), changes);
  }

  /** Ends an instance. A level that still holds is raised again. */
  void clear(FaultCell cell, Moment.Now now, String because, Changes changes) {
    beforeChange(cell);
    cell.clear(now.now(), because, changes);
    look(cell, now.input(), changes);
  }

  void unwatch(String key, EntityId entity) {
    Map<EntityId, WatchCell> ofKey = watches.get(key);
    WatchCell cell = ofKey == null ? null : ofKey.remove(entity);
    if (ofKey != null && ofKey.isEmpty()) {
      watches.remove(key);
    }
    if (cell != null) {
      end(cell);
    }
  }

  private void end(Cell cell) {
    beforeChange(cell);
    timers.remove(cell);
    remembering.remove(cell);
    dueAgain();
    dependent.getOrDefault(cell.entity, new TreeSet<>(Cell.ORDER)).remove(cell);
    cell.detach();
  }

  /** Follows the instance of a cell of another stage, under its policies, from how it is now. */
  void follow(FaultCell before) {
    unfollow(before.instance());
    FaultCell cell = before.former();
    former.put(cell.instance(), cell);
    bind(cell);
    goOn(cell, before.memory());
    dueAgain();
  }

  /** No repair needs the instance of earlier policies any more. */
  void unfollow(FaultInstance instance) {
    FaultCell cell = former.remove(instance);
    if (cell != null) {
      end(cell);
    }
  }

  @Nullable FaultCell fault(FaultInstance instance) {
    return faults.get(instance);
  }

  @Nullable FaultCell formerFault(FaultInstance instance) {
    return former.get(instance);
  }

  List<FaultCell> former() {
    return List.copyOf(former.values());
  }

  /** The raised instances; a view. */
  NavigableMap<FaultInstance, FaultCell> raised() {
    return raised;
  }

  @Nullable WatchCell watch(String key, EntityId entity) {
    return watches.getOrDefault(key, Map.of()).get(entity);
  }

  /** The watched conditions that hold, sorted. */
  List<Beliefs.Holding> holding() {
    List<Beliefs.Holding> found = new ArrayList<>();
    watches.forEach(
        (key, cells) ->
            cells.forEach(
                (entity, cell) -> {
                  if (cell.truth() == Truth.TRUE) {
                    found.add(new Beliefs.Holding(key, entity));
                  }
                }));
    return found;
  }

  /** Looks at everything: what it depends on besides facts may be another. */
  void lookAtAll(Moment.Now now, Changes changes) {
    NavigableSet<Cell> all = new TreeSet<>(Cell.ORDER);
    all.addAll(faults.values());
    watches.values().forEach(cells -> all.addAll(cells.values()));
    all.forEach(cell -> look(cell, now.input(), changes));
  }
}
