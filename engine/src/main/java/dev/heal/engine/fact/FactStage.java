package dev.heal.engine.fact;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.policy.Site;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.engine.fact.FactChange.FaultState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What we believe: takes facts and the time, tells the changes of fault instances and of watched
 * conditions. Has no clock; the same facts and times in the same order give the same changes. Not
 * for several threads.
 */
public final class FactStage {
  /** Watches of steps come after all faults and policies at one instant. */
  private static final int LAST = Integer.MAX_VALUE;

  private final CheckedPolicy policy;
  private final Topology topology;
  private final SeriesStore store;
  private final boolean index;
  private final Map<FaultInstance, FaultCell> faults = new TreeMap<>();
  private final Map<String, Map<EntityId, WatchCell>> watches = new TreeMap<>();
  private final NavigableSet<Cell> timers = new TreeSet<>(Cell.DUE);
  private final Set<EntityId> settled = new HashSet<>();

  /** The cells that read other entities than their own, by their own. */
  private final Map<EntityId, NavigableSet<Cell>> dependent = new HashMap<>();

  /** When the first timer is due; kept apart, as every fact asks. */
  private long firstDue = Long.MAX_VALUE;

  /**
   * The signals of an entity by its name in facts, for the topology of version {@link #namedAs}.
   */
  private final Map<EntityId, Map<String, Series>> named = new HashMap<>();

  private long namedAs;

  private final List<FactChange> started;
  private long now;

  /** Up to when, inclusive, the timers have run. */
  private long ranTo = Long.MIN_VALUE;

  private Fact.@Nullable Event lastEvent;
  private long duplicates;
  private final Restarts restarts = new Restarts();

  /**
   * @param startAt nanoseconds since the epoch; silence of declared signals counts from here
   */
  public FactStage(CheckedPolicy policy, Topology topology, long startAt) {
    this(policy, topology, startAt, true);
  }

  /**
   * @param index whether samples that change nothing are taken without a look at any condition; the
   *     decisions are the same
   */
  public FactStage(CheckedPolicy policy, Topology topology, long startAt, boolean index) {
    this.policy = policy;
    this.topology = topology;
    this.store = new SeriesStore(topology, startAt);
    this.now = startAt;
    this.index = index;
    Changes nothingHeard = new Changes();
    List.copyOf(topology.entities()).forEach(entity -> settle(entity, nothingHeard));
    started = nothingHeard.toList();
  }

  /** The time of the last fact or timer, in nanoseconds since the epoch. */
  public long now() {
    return now;
  }

  /** What holds from the start, before any fact: attributes, mostly. */
  public List<FactChange> atStart() {
    return started;
  }

  /**
   * Takes a fact. Timers due before it run first, at their own time; a fact that comes late is
   * applied now.
   */
  public List<FactChange> accept(Fact fact) {
    Changes changes = Changes.NONE;
    if (fact.at() > now) {
      if (firstDue < fact.at()) {
        changes = new Changes();
        runTimers(fact.at() - 1, changes);
      }
      ranTo = Math.max(ranTo, fact.at() - 1);
      now = fact.at();
    }
    if (index && fact instanceof Fact.Sample sample) {
      Series series = inUse(sample);
      if (series != null && series.absorb(now, sample.at(), sample.value())) {
        return changes.toList();
      }
    }
    EntityId entity = topology.resolve(fact.entity());
    return take(fact, entity, changes == Changes.NONE ? new Changes() : changes);
  }

  /** The signal that the sample is of, where its name was resolved before; two looks into maps. */
  private @Nullable Series inUse(Fact.Sample sample) {
    if (namedAs != topology.version()) {
      namedAs = topology.version();
      named.clear();
    }
    Map<String, Series> signals = named.get(sample.entity());
    if (signals == null) {
      EntityId entity = topology.resolve(sample.entity());
      if (!settled.contains(entity)) {
        return null;
      }
      signals = store.signals(entity);
      named.put(sample.entity(), signals);
    }
    return signals.get(sample.signal());
  }

  /** A fact that may change something. */
  private List<FactChange> take(Fact fact, EntityId entity, Changes changes) {
    if (!settled.contains(entity)) {
      topology.add(entity);
      found(entity, changes);
    }
    Series series = store.series(entity, fact.signal());
    if (fact instanceof Fact.Event event) {
      if (isDuplicate(event) || isOurStop(event, series)) {
        return changes.toList();
      }
      restarts.heard(event, now).ifPresent(changes::add);
    }
    series.take(now, fact);
    store.alarms().set(series);
    for (Cell cell : series.readers()) {
      Moment moment =
          fact instanceof Fact.Event event
              ? Moment.event(now, ranTo >= now, event, series)
              : input();
      look(cell, moment, changes);
    }
    dueAgain();
    return changes.toList();
  }

  /** The same event, of the same instant, twice in a row: two sources saw one thing. */
  private boolean isDuplicate(Fact.Event event) {
    boolean same = !event.fields().isEmpty() && event.equals(lastEvent);
    lastEvent = event;
    if (same) {
      duplicates++;
    }
    return same;
  }

  /** Our own order stops the process: its end is recorded elsewhere, and raises nothing. */
  private static boolean isOurStop(Fact.Event event, Series series) {
    return series.disturbance() == Disturbance.STOPPED && event.signal().equals(SignsOfLife.EXIT);
  }

  /** What our own orders do to an entity from {@code at} on. */
  public List<FactChange> disturb(EntityId entity, Disturbance caused, long at) {
    Changes changes = new Changes();
    now = Math.max(now, at);
    NavigableSet<Cell> readers = new TreeSet<>(Cell.ORDER);
    store.disturb(entity, caused).forEach(series -> readers.addAll(series.readers()));
    readers.forEach(cell -> look(cell, input(), changes));
    return changes.toList();
  }

  /**
   * A fault stands that an engine before this one had raised; it ends as any other. One that is not
   * declared any more, or is raised, changes nothing.
   *
   * @param raisedAt nanoseconds since the epoch
   */
  public List<FactChange> restore(FaultInstance instance, long raisedAt) {
    Changes changes = new Changes();
    EntityId entity = instance.entity();
    if (policy.faults().stream().noneMatch(fault -> fault.name().equals(instance.fault()))) {
      return List.of();
    }
    if (!settled.contains(entity)) {
      topology.add(entity);
      found(entity, changes);
    }
    FaultCell cell = faults.get(instance);
    if (cell != null && !cell.isRaised()) {
      cell.restore(now, raisedAt, changes);
      look(cell, input(), changes);
    }
    return changes.toList();
  }

  /** Whether a fault stands only by what an engine before this one has heard. */
  public boolean awaitsFacts(FaultInstance instance) {
    FaultCell cell = faults.get(instance);
    return cell != null && cell.awaitsFacts();
  }

  /** The last value of a flag; unknown where it was never heard. */
  public Truth flag(EntityId entity, String signal) {
    Series series = store.find(entity, signal);
    return series == null || !series.isHeard() ? Truth.UNKNOWN : Truth.of(series.value() != 0);
  }

  /** The last word of a signal; empty where it was never heard. */
  public Optional<String> word(EntityId entity, String signal) {
    Series series = store.find(entity, signal);
    return series == null || series.word().isEmpty()
        ? Optional.empty()
        : Optional.of(series.word());
  }

  /** Whether a host's sign of life comes as it should. */
  public Pulse pulse(EntityId node, long at) {
    Series series = store.find(node, "heartbeat");
    if (series == null || !series.isHeard()) {
      return Pulse.NEVER_HEARD;
    }
    // silence is three intervals: half of it is one interval and a half
    boolean late = at - series.heardAt() > series.silence().orElse(Long.MAX_VALUE) / 2;
    return late ? Pulse.LATE : Pulse.ON_TIME;
  }

  /** How many events were heard twice. */
  public long duplicates() {
    return duplicates;
  }

  /**
   * When the next timer is due, in nanoseconds since the epoch; {@link Long#MAX_VALUE}: none is.
   */
  public long nextTimer() {
    return firstDue;
  }

  /** Runs every timer due up to {@code to}, each at its own time, and takes the time to be that. */
  public List<FactChange> advanceTo(long to) {
    Changes changes = new Changes();
    runTimers(to, changes);
    now = Math.max(now, to);
    return changes.toList();
  }

  private void runTimers(long to, Changes changes) {
    while (firstDue <= to) {
      long at = firstDue;
      while (store.alarms().nextAt() <= at) {
        ring(store.alarms().ring(), at);
      }
      if (!timers.isEmpty() && timers.first().due <= at) {
        now = Math.max(now, at);
        look(timers.first(), Moment.timer(now), changes);
      }
      dueAgain();
    }
    ranTo = Math.max(ranTo, to);
  }

  /** A signal may have fallen silent: then all that read it are looked at, each in its turn. */
  private void ring(Series series, long at) {
    if (series.silentAt() > at) {
      store.alarms().set(series);
      return;
    }
    for (Cell cell : series.readers()) {
      if (cell.due > at) {
        timers.remove(cell);
        cell.due = at;
        timers.add(cell);
      }
    }
  }

  private void dueAgain() {
    firstDue =
        Math.min(timers.isEmpty() ? Long.MAX_VALUE : timers.first().due, store.alarms().nextAt());
  }

  private Moment input() {
    return Moment.input(now, ranTo >= now);
  }

  private void look(Cell cell, Moment moment, Changes changes) {
    long due = cell.look(moment, changes);
    if (due != cell.due) {
      timers.remove(cell);
      cell.due = due;
      if (due != Long.MAX_VALUE) {
        timers.add(cell);
      }
    }
    dueAgain();
  }

  /** The entities or their relations changed; looks again at all that depends on them. */
  public List<FactChange> topologyChanged() {
    Changes changes = new Changes();
    topologyChanged(changes);
    return changes.toList();
  }

  private void topologyChanged(Changes changes) {
    NavigableSet<Cell> all = new TreeSet<>(Cell.ORDER);
    dependent.values().forEach(all::addAll);
    bindAgain(all, changes);
    for (EntityId entity : List.copyOf(topology.entities())) {
      settle(entity, changes);
    }
  }

  /** Only those that are on the same hosts can read an entity that is found. */
  private void found(EntityId entity, Changes changes) {
    NavigableSet<Cell> near = new TreeSet<>(Cell.ORDER);
    for (EntityKind kind : EntityKind.values()) {
      for (EntityId other : topology.related(entity, kind)) {
        near.addAll(dependent.getOrDefault(other, new TreeSet<>(Cell.ORDER)));
      }
    }
    bindAgain(near, changes);
    settle(entity, changes);
  }

  private void bindAgain(NavigableSet<Cell> cells, Changes changes) {
    for (Cell cell : cells) {
      cell.bind(store);
      look(cell, input(), changes);
    }
  }

  /** Begins to watch a new entity. */
  private void settle(EntityId entity, Changes changes) {
    if (!settled.add(entity)) {
      return;
    }
    int order = 0;
    for (Fault fault : policy.faults()) {
      if (fault.entity() == entity.kind()) {
        FaultCell cell = new FaultCell(order, fault, entity);
        faults.put(cell.instance(), cell);
        begin(cell, changes);
      }
      order++;
    }
    for (Policy rule : policy.policies()) {
      if (rule.entity() == entity.kind() && rule.where().isPresent()) {
        String key = whereKey(rule);
        begin(put(order, key, entity, rule.where().get(), Series.NEVER), changes);
      }
      order++;
    }
    for (Site.Maintenance maintenance : policy.maintenances()) {
      if (maintenance.where().isPresent() && maintenance.whereOn() == entity.kind()) {
        String key = whereKey(maintenance);
        begin(put(order, key, entity, maintenance.where().get(), Series.NEVER), changes);
      }
      order++;
    }
    for (StandingFlag flag : StandingFlag.of(entity.kind())) {
      begin(put(order, flag.key(), entity, flag.condition(), Series.NEVER), changes);
    }
  }

  private void begin(Cell cell, Changes changes) {
    cell.bind(store);
    if (cell.dependsOnTopology()) {
      dependent.computeIfAbsent(cell.entity, e -> new TreeSet<>(Cell.ORDER)).add(cell);
    }
    look(cell, input(), changes);
  }

  /** Under which the `where` of a policy is watched, on every entity of its kind. */
  public static String whereKey(Policy policy) {
    return "where:" + policy.name();
  }

  /** Under which the {@code where} of a maintenance is watched, on every entity of its kind. */
  public static String whereKey(Site.Maintenance maintenance) {
    return "maintenance:" + maintenance.name();
  }

  private WatchCell put(int order, String key, EntityId entity, Condition condition, long from) {
    WatchCell cell = new WatchCell(order, key, entity, condition, from);
    watches.computeIfAbsent(key, k -> new TreeMap<>()).put(entity, cell);
    return cell;
  }

  /**
   * Watches a condition with nothing but the facts from {@code from} on as evidence; {@link
   * Long#MIN_VALUE}: all facts.
   */
  public List<FactChange> watch(String key, Condition condition, EntityId entity, long from) {
    unwatch(key, entity);
    Changes changes = new Changes();
    begin(put(LAST, key, entity, condition, from), changes);
    return changes.toList();
  }

  public void unwatch(String key, EntityId entity) {
    Map<EntityId, WatchCell> ofKey = watches.get(key);
    WatchCell cell = ofKey == null ? null : ofKey.remove(entity);
    if (ofKey != null && ofKey.isEmpty()) {
      watches.remove(key);
    }
    if (cell != null) {
      timers.remove(cell);
      dueAgain();
      dependent.getOrDefault(entity, new TreeSet<>(Cell.ORDER)).remove(cell);
      cell.detach();
    }
  }

  /** Unknown where nobody watches. */
  public Truth truth(String key, EntityId entity) {
    WatchCell cell = watches.getOrDefault(key, Map.of()).get(entity);
    return cell == null ? Truth.UNKNOWN : cell.truth();
  }

  /** Whether any fact was ever heard of a signal. */
  public boolean heard(EntityId entity, String signal) {
    Series series = store.find(entity, signal);
    return series != null && series.isHeard();
  }

  /** Whether any fact was ever heard of what a condition reads on the entity. */
  public boolean heard(Condition condition, EntityId entity) {
    return new Heard(store, entity).any(condition);
  }

  /** What is heard of each entity now, sorted. */
  public List<Vitals> vitals(long at) {
    return topology.entities().stream().map(entity -> store.vitals(entity, at)).toList();
  }

  /** Ends an instance: its repair was confirmed, or somebody says so. */
  public List<FactChange> clear(FaultInstance instance, long at, String because) {
    Changes changes = new Changes();
    if (at > now) {
      runTimers(at - 1, changes);
      now = at;
    }
    FaultCell cell = faults.get(instance);
    if (cell != null) {
      cell.clear(now, because, changes);
      look(cell, input(), changes);
    }
    return changes.toList();
  }

  /** Whether the level that raised the instance was true when it was looked at last. */
  public Truth stillHolds(FaultInstance instance) {
    FaultCell cell = faults.get(instance);
    return cell == null ? Truth.UNKNOWN : cell.holds();
  }

  public boolean isRaised(FaultInstance instance) {
    FaultCell cell = faults.get(instance);
    return cell != null && cell.isRaised();
  }

  /** A fault instance that is not clear. */
  public record Standing(
      FaultInstance instance, FaultState state, long raisedAt, Map<String, String> captures) {
    public Standing {
      captures = Map.copyOf(captures);
    }
  }

  /** The raised instances, sorted: from them a rule session is built anew. */
  public List<Standing> raised() {
    return faults.values().stream()
        .filter(FaultCell::isRaised)
        .map(c -> new Standing(c.instance(), c.state(), c.raisedAt(), c.captures()))
        .toList();
  }

  /** A watched condition that holds. */
  public record Holding(String key, EntityId entity) {}

  /** The watched conditions that hold, sorted. */
  public List<Holding> holding() {
    List<Holding> found = new ArrayList<>();
    watches.forEach(
        (key, cells) ->
            cells.forEach(
                (entity, cell) -> {
                  if (cell.truth() == Truth.TRUE) {
                    found.add(new Holding(key, entity));
                  }
                }));
    return found;
  }
}
