package dev.heal.engine.fact;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.policy.Site;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What we believe: takes facts and the time, tells the changes of fault instances and of watched
 * conditions. Has no clock; the same facts and times in the same order give the same changes. Not
 * for several threads.
 */
public final class FactStage {
  /** Facts are kept for at least so long, for conditions that do not exist yet; and at most. */
  private static final Duration SHORTEST_RETENTION = Duration.ofMinutes(5);

  private static final Duration LONGEST_RETENTION = Duration.ofHours(24);

  /** Some 20 MB of text: what one line of a recording may have. */
  private static final long MOST_SAMPLES_AT_ONCE = 1_000_000;

  private final CheckedPolicy policy;
  private final Topology topology;
  private final SeriesStore store;
  private final Cells cells;
  private final Beliefs beliefs;
  private final boolean index;

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
  private final Restarts restarts;

  /** A copy that is being made, and who hears of everything that happens behind it. */
  private @Nullable Copying copying;

  private @Nullable Consumer<Happening> tape;

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
    this.index = index;
    this.restarts = new Restarts();
    this.store = new SeriesStore(topology, startAt, retention(policy));
    this.cells = new Cells(policy, topology, store, Cells.Recall.NOTHING);
    this.beliefs = new Beliefs(topology, store, cells);
    this.now = startAt;
    Changes nothingHeard = new Changes();
    settleAll(nothingHeard);
    started = nothingHeard.toList();
  }

  /** Goes on where another stage stood. */
  private FactStage(
      FactCopy before, Topology topology, CarryOver carryOver, Succession succession) {
    FactCopy.Clock clock = before.clock();
    this.policy = succession.next();
    this.topology = topology;
    this.index = clock.index();
    this.restarts = before.restarts().copy();
    this.now = clock.now();
    this.ranTo = clock.ranTo();
    this.lastEvent = clock.lastEvent().orElse(null);
    this.duplicates = clock.duplicates();
    this.started = List.of();
    this.store = new SeriesStore(topology, clock.startAt(), retention(policy));
    store.goOnWith(before.signals(), before.disturbances(), topology.entities()::contains);
    this.cells = new Cells(policy, topology, store, carryOver);
    this.beliefs = new Beliefs(topology, store, cells);
    Changes unheard = new Changes();
    settleAll(unheard);
    carryOver.steps().forEach(cells::goOn);
    store.settle(ranTo);
    if (!succession.isSameSite()) {
      cells.lookAtAll(moment(), unheard);
    }
    cells.dueAgain();
  }

  private void settleAll(Changes changes) {
    List.copyOf(topology.entities()).forEach(entity -> cells.settle(entity, moment(), changes));
  }

  /** So far back facts are kept, in nanoseconds. */
  private static long retention(CheckedPolicy policy) {
    Duration horizon = policy.horizon();
    Duration least = horizon.compareTo(SHORTEST_RETENTION) < 0 ? SHORTEST_RETENTION : horizon;
    return (least.compareTo(LONGEST_RETENTION) > 0 ? LONGEST_RETENTION : least).toNanos();
  }

  /** The policies whose conditions it knows. */
  public CheckedPolicy policy() {
    return policy;
  }

  public Topology topology() {
    return topology;
  }

  /** What is believed now. */
  public Beliefs beliefs() {
    return beliefs;
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
    if (tape != null) {
      tape.accept(stage -> stage.accept(fact));
    }
    Changes changes = Changes.NONE;
    if (fact.at() > now) {
      if (cells.firstDue() < fact.at()) {
        changes = new Changes();
        runTimers(fact.at() - 1, changes);
      }
      ranTo = Math.max(ranTo, fact.at() - 1);
      now = fact.at();
    }
    if (index && fact instanceof Fact.Sample sample) {
      Series series = inUse(sample);
      if (series != null) {
        beforeChange(series);
        if (series.absorb(now, sample.at(), sample.value())) {
          return changes.toList();
        }
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
      if (!cells.isSettled(entity)) {
        return null;
      }
      signals = store.signals(entity);
      named.put(sample.entity(), signals);
    }
    return signals.get(sample.signal());
  }

  /** A fact that may change something. */
  private List<FactChange> take(Fact fact, EntityId entity, Changes changes) {
    if (!cells.isSettled(entity)) {
      topology.add(entity);
      cells.found(entity, moment(), changes);
    }
    Series series = store.series(entity, fact.signal());
    if (fact instanceof Fact.Event event) {
      if (isDuplicate(event) || isOurStop(event, series)) {
        return changes.toList();
      }
      restarts.heard(event, now).ifPresent(changes::add);
    }
    put(series, fact);
    for (Cell cell : series.readers()) {
      Moment moment =
          fact instanceof Fact.Event event
              ? Moment.event(now, ranTo >= now, event, series)
              : moment().input();
      cells.look(cell, moment, changes);
    }
    cells.dueAgain();
    return changes.toList();
  }

  private void put(Series series, Fact fact) {
    beforeChange(series);
    series.take(now, fact);
    store.alarms().set(series);
  }

  private void beforeChange(Series series) {
    if (copying != null) {
      copying.before(series);
    }
  }

  /**
   * Takes a fact of the past, of which only is asked what it leaves behind: an event is over and
   * raises nothing.
   */
  void acceptPast(Fact fact) {
    goTo(fact.at());
    Changes unheard = new Changes();
    Series series = store.series(fact.entity(), fact.signal());
    if (fact instanceof Fact.Sample sample && series.absorb(now, now, sample.value())) {
      return;
    }
    put(series, fact);
    series.readers().forEach(cell -> cells.look(cell, moment().input(), unheard));
    cells.dueAgain();
  }

  private void goTo(long at) {
    if (at > now) {
      runTimers(at - 1, new Changes());
      ranTo = Math.max(ranTo, at - 1);
      now = at;
    }
  }

  /** An entity was known from that time on. */
  void discover(EntityId entity, long at) {
    goTo(at);
    if (!cells.isSettled(entity)) {
      topology.add(entity);
      cells.found(entity, moment(), new Changes());
    }
  }

  /** Lets time pass to where another stage stands. */
  void passTo(long ranTo, long now) {
    runTimers(ranTo, new Changes());
    this.now = Math.max(this.now, now);
  }

  /** Whether any of its conditions reads the signal. */
  boolean reads(EntityId entity, String signal) {
    Series series = store.find(entity, signal);
    return series != null && !series.readers().isEmpty();
  }

  /** What its cells remember now. */
  List<Memory> memories() {
    return copyAll().memories();
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
    tell(stage -> stage.disturb(entity, caused, at));
    Changes changes = new Changes();
    now = Math.max(now, at);
    NavigableSet<Cell> readers = new TreeSet<>(Cell.ORDER);
    store.disturb(entity, caused).forEach(series -> readers.addAll(series.readers()));
    readers.forEach(cell -> cells.look(cell, moment().input(), changes));
    return changes.toList();
  }

  /**
   * A fault stands that an engine before this one had raised; it ends as any other. One that is not
   * declared any more, or is raised, changes nothing.
   *
   * @param raisedAt nanoseconds since the epoch
   * @param captures what had raised it said, by name
   */
  public List<FactChange> restore(
      FaultInstance instance, long raisedAt, Map<String, String> captures) {
    tell(stage -> stage.restore(instance, raisedAt, captures));
    if (policy.faults().stream().noneMatch(fault -> fault.name().equals(instance.fault()))) {
      return List.of();
    }
    Changes changes = new Changes();
    if (!cells.isSettled(instance.entity())) {
      topology.add(instance.entity());
      cells.found(instance.entity(), moment(), changes);
    }
    FaultCell cell = cells.fault(instance);
    if (cell != null && !cell.isRaised()) {
      cells.restore(cell, moment(), raisedAt, captures, changes);
    }
    return changes.toList();
  }

  /** How many events were heard twice. */
  public long duplicates() {
    return duplicates;
  }

  /**
   * When the next timer is due, in nanoseconds since the epoch; {@link Long#MAX_VALUE}: none is.
   */
  public long nextTimer() {
    return cells.firstDue();
  }

  /** Runs every timer due up to {@code to}, each at its own time, and takes the time to be that. */
  public List<FactChange> advanceTo(long to) {
    tell(stage -> stage.advanceTo(to));
    Changes changes = new Changes();
    runTimers(to, changes);
    now = Math.max(now, to);
    return changes.toList();
  }

  private void runTimers(long to, Changes changes) {
    while (cells.firstDue() <= to) {
      long at = cells.firstDue();
      Cell first = cells.firstDueBy(at);
      if (first != null) {
        now = Math.max(now, at);
        cells.look(first, Moment.timer(now), changes);
      }
      cells.dueAgain();
    }
    ranTo = Math.max(ranTo, to);
  }

  private Moment.Now moment() {
    return new Moment.Now(now, ranTo >= now);
  }

  /** The entities or their relations changed; looks again at all that depends on them. */
  public List<FactChange> topologyChanged() {
    return change(unchanged -> {});
  }

  /** Changes the entities or their relations, and looks again at all that depends on them. */
  public List<FactChange> change(Consumer<Topology> change) {
    tell(stage -> stage.change(change));
    change.accept(topology);
    Changes changes = new Changes();
    cells.topologyChanged(moment(), changes);
    return changes.toList();
  }

  /** Under which the `where` of a policy is watched, on every entity of its kind. */
  public static String whereKey(Policy policy) {
    return "where:" + policy.name();
  }

  /** Under which the {@code where} of a maintenance is watched, on every entity of its kind. */
  public static String whereKey(Site.Maintenance maintenance) {
    return "maintenance:" + maintenance.name();
  }

  /**
   * Watches a condition with nothing but the facts from {@code from} on as evidence; {@link
   * Long#MIN_VALUE}: all facts.
   */
  public List<FactChange> watch(String key, Condition condition, EntityId entity, long from) {
    tell(stage -> stage.watch(key, condition, entity, from));
    Changes changes = new Changes();
    cells.watch(key, condition, entity, from, moment().input(), changes);
    return changes.toList();
  }

  public void unwatch(String key, EntityId entity) {
    tell(
        stage -> {
          stage.unwatch(key, entity);
          return List.of();
        });
    cells.unwatch(key, entity);
  }

  /** Ends an instance: its repair was confirmed, or somebody says so. */
  public List<FactChange> clear(FaultInstance instance, long at, String because) {
    tell(stage -> stage.clear(instance, at, because));
    Changes changes = new Changes();
    if (at > now) {
      runTimers(at - 1, changes);
      now = at;
    }
    FaultCell cell = cells.fault(instance);
    if (cell != null) {
      cells.clear(cell, moment(), because, changes);
    }
    return changes.toList();
  }

  /** Something that happened to a stage, to be repeated on another one. */
  @FunctionalInterface
  public interface Happening {
    /** Lets it happen; tells what changed by it. */
    List<FactChange> on(FactStage stage);
  }

  private void tell(Happening what) {
    if (tape != null) {
      tape.accept(what);
    }
  }

  /**
   * Begins a copy of all that is remembered now, for a stage with other policies.
   *
   * @param heard is told everything that happens from now on, until {@link #endCopy}; the other
   *     stage is to do the same
   */
  public FactCopy beginCopy(Consumer<Happening> heard) {
    tape = heard;
    copying = cells.copy();
    return copy(copying);
  }

  private FactCopy copy(Copying begun) {
    return new FactCopy(
        policy,
        begun,
        topology.found(),
        store.disturbances(),
        restarts.copy(),
        new FactCopy.Clock(
            store.startAt(), now, ranTo, Optional.ofNullable(lastEvent), duplicates, index));
  }

  /**
   * Copies all that is remembered now, at once; empty while another copy is made, where something
   * but facts has told of machines, where a repair of earlier policies follows an instance, or
   * where more is remembered than can be written in one piece.
   */
  public Optional<FactCopy> copyNow() {
    if (copying != null
        || topology.isDiscovered()
        || !cells.former().isEmpty()
        || store.samples() > MOST_SAMPLES_AT_ONCE) {
      return Optional.empty();
    }
    return Optional.of(copy(copyAll()));
  }

  private Copying copyAll() {
    Copying all = cells.copy();
    cells.endCopy();
    all.more(Integer.MAX_VALUE);
    return all;
  }

  /** The conditions that are watched whatever the policies say. */
  public static List<Condition> standingConditions() {
    return StandingFlag.all().stream().map(StandingFlag::condition).toList();
  }

  /** What happens is no longer told. */
  public void endCopy() {
    tape = null;
    copying = null;
    cells.endCopy();
  }

  /** A stage that goes on from a copy with other policies. */
  static FactStage following(
      FactCopy before, Topology topology, CarryOver carryOver, Succession succession) {
    return new FactStage(before, topology, carryOver, succession);
  }

  /**
   * Follows a raised instance as it stands in another stage, under the policies of then, for a
   * repair that runs on; {@link FactChange.FormerCleared} tells its end.
   */
  public void follow(FactStage other, FaultInstance instance) {
    FaultCell former = other.cells.formerFault(instance);
    FaultCell cell = former != null ? former : other.cells.fault(instance);
    if (cell != null) {
      cells.follow(cell);
    }
  }

  /** The repair is over. */
  public void unfollow(FaultInstance instance) {
    cells.unfollow(instance);
  }

  /** Watches what another stage watches, from how it stands there, under a key of its own. */
  public void follow(FactStage other, String otherKey, EntityId entity, String key) {
    WatchCell cell = other.cells.watch(otherKey, entity);
    if (cell != null) {
      cells.goOn(cell.memory().ofStep(key));
    }
  }
}
