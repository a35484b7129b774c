package dev.heal.engine.fact;

import dev.heal.dsl.vocabulary.Signal;
import dev.heal.dsl.vocabulary.Vocabulary;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The signals in use, by entity and name. */
final class SeriesStore {
  /** A signal is silent after this many of its intervals. */
  private static final int INTERVALS = 3;

  private final Topology topology;
  private final long startAt;
  private final Map<EntityId, Map<String, Series>> all = new HashMap<>();
  private final Map<EntityId, Disturbance> disturbances = new HashMap<>();
  private final Alarms alarms = new Alarms();
  private int serials;

  SeriesStore(Topology topology, long startAt) {
    this.topology = topology;
    this.startAt = startAt;
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
    return known != null
        ? known
        : of(entity, name, Vocabulary.standard().signal(entity.kind(), name));
  }

  private Series of(EntityId entity, String name, Optional<Signal> signal) {
    Map<String, Series> ofEntity = signals(entity);
    Series known = ofEntity.get(name);
    if (known != null) {
      return known;
    }
    Optional<Duration> declared = topology.interval(entity, name);
    Optional<Duration> interval = declared.or(() -> signal.flatMap(Signal::interval));
    Series made =
        new Series(
            ++serials,
            interval
                .map(i -> OptionalLong.of(INTERVALS * i.toNanos()))
                .orElse(OptionalLong.empty()),
            declared.isPresent() ? startAt : Series.NEVER);
    made.disturb(disturbances.getOrDefault(entity, Disturbance.NONE));
    ofEntity.put(name, made);
    alarms.set(made);
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
