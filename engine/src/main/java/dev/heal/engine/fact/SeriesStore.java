package dev.heal.engine.fact;

import dev.heal.dsl.vocabulary.Signal;
import dev.heal.dsl.vocabulary.Vocabulary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The signals in use, by entity and name. */
final class SeriesStore {
  /** A signal is silent after this many of its intervals. */
  private static final int INTERVALS = 3;

  private final Topology topology;
  private final long startAt;
  private final long retention;
  private final Map<EntityId, Map<String, Series>> all = new HashMap<>();

  /** In the order in which they came into use: a series of serial n stands at n - 1. */
  private final List<Series> inOrder = new ArrayList<>();

  private final Map<EntityId, Disturbance> disturbances = new HashMap<>();
  private final Alarms alarms = new Alarms();

  /**
   * @param startAt from when on a signal is missed that the site declares
   * @param retention nanoseconds for which facts are kept for conditions that do not exist yet
   */
  SeriesStore(Topology topology, long startAt, long retention) {
    this.topology = topology;
    this.startAt = startAt;
    this.retention = retention;
  }

  /**
   * Goes on with the signals of another store, as they were at one moment.
   *
   * @param isKnown whether the entity is still one
   */
  void goOnWith(
      List<Series.Remembered> before,
      Map<EntityId, Disturbance> caused,
      Predicate<EntityId> isKnown) {
    disturbances.putAll(caused);
    for (Series.Remembered one : before) {
      if (isKnown.test(one.entity())) {
        make(one.entity(), one.signal(), signal(one.entity(), one.signal()), one.declaredFrom())
            .goOnWith(one);
      }
    }
  }

  /**
   * All is built that goes on from before: the alarms are set, and what is left is forgotten.
   *
   * @param ranTo up to when, inclusive, timers have run: those alarms have rung
   */
  void settle(long ranTo) {
    for (Series series : inOrder) {
      series.forgetBefore();
      if (series.silentAt() > ranTo) {
        alarms.set(series);
      }
    }
  }

  /** How many samples are kept of all of them. */
  long samples() {
    return inOrder.stream().mapToLong(series -> series.samples().size()).sum();
  }

  /** How many there are. */
  int size() {
    return inOrder.size();
  }

  /** The one that came into use as the {@code index}-th, from 0. */
  Series get(int index) {
    return inOrder.get(index);
  }

  long startAt() {
    return startAt;
  }

  Map<EntityId, Disturbance> disturbances() {
    return Map.copyOf(disturbances);
  }

  Topology topology() {
    return topology;
  }

  /** When the signals in use fall silent. */
  Alarms alarms() {
    return alarms;
  }

  /** The signal, where some condition reads it. */
  @Nullable Series find(EntityId entity, String signal) {
    Map<String, Series> known = all.get(entity);
    return known == null ? null : known.get(signal);
  }

  /** All that are in use of an entity, by name; grows with what is asked for. */
  Map<String, Series> signals(EntityId entity) {
    return all.computeIfAbsent(entity, e -> new HashMap<>());
  }

  Series series(EntityId entity, Signal signal) {
    return of(entity, signal.name(), Optional.of(signal));
  }

  Series series(EntityId entity, String name) {
    Series known = find(entity, name);
    return known != null ? known : of(entity, name, signal(entity, name));
  }

  private static Optional<Signal> signal(EntityId entity, String name) {
    return Vocabulary.standard().signal(entity.kind(), name);
  }

  private Series of(EntityId entity, String name, Optional<Signal> signal) {
    Series known = find(entity, name);
    if (known != null) {
      return known;
    }
    Series made = make(entity, name, signal, Series.NEVER);
    alarms.set(made);
    return made;
  }

  private Series make(EntityId entity, String name, Optional<Signal> signal, long from) {
    Optional<Duration> declared = topology.interval(entity, name);
    Optional<Duration> interval = declared.or(() -> signal.flatMap(Signal::interval));
    long missedFrom =
        from == Series.NEVER ? topology.declaredLate(entity, name).orElse(startAt) : from;
    Series made =
        new Series(
            inOrder.size() + 1,
            entity,
            name,
            interval
                .map(i -> OptionalLong.of(INTERVALS * i.toNanos()))
                .orElse(OptionalLong.empty()),
            declared.isPresent() ? missedFrom : Series.NEVER,
            retention);
    made.disturb(disturbances.getOrDefault(entity, Disturbance.NONE));
    signals(entity).put(name, made);
    inOrder.add(made);
    return made;
  }

  /** What is heard of an entity. */
  Vitals vitals(EntityId entity, long at) {
    long heardAt = Series.NEVER;
    int speaking = 0;
    NavigableSet<String> silent = new TreeSet<>();
    for (Map.Entry<String, Series> one : all.getOrDefault(entity, Map.of()).entrySet()) {
      Series series = one.getValue();
      heardAt = Math.max(heardAt, series.heardAt());
      if (series.silentAt() <= at) {
        silent.add(one.getKey());
      } else if (series.isHeard()) {
        speaking++;
      }
    }
    Series healthy = find(entity, "healthy");
    Truth health =
        healthy == null || !healthy.isHeard() || healthy.silentAt() <= at
            ? Truth.UNKNOWN
            : Truth.of(healthy.value() != 0);
    OptionalLong heard = heardAt == Series.NEVER ? OptionalLong.empty() : OptionalLong.of(heardAt);
    return new Vitals(entity, heard, speaking, silent, health);
  }

  /** What our own orders do to the entity now; the signals of it that some condition reads. */
  Collection<Series> disturb(EntityId entity, Disturbance caused) {
    if (caused == Disturbance.NONE) {
      disturbances.remove(entity);
    } else {
      disturbances.put(entity, caused);
    }
    Collection<Series> known = all.getOrDefault(entity, Map.of()).values();
    known.forEach(series -> series.disturb(caused));
    return known;
  }
}
