package dev.heal.engine.loop.live;

import dev.heal.engine.fact.EntityId;
import dev.heal.engine.journal.Change;
import dev.heal.engine.journal.Recovery;
import dev.heal.engine.schedule.Interim;
import dev.heal.engine.schedule.Stood;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Keeps in the journal which faults stand, how far their repairs have come, which cordons are ours
 * and what is in force for a time, so that the next engine goes on with them. For one thread.
 */
public final class StoodKeeper {
  private static final String PREFIX = "stood ";
  private static final String CORDONS = "cordons";
  private static final String INTERIM = "interim";
  private static final String BETWEEN = "\t";

  private Map<String, String> kept = new TreeMap<>();

  /** Begins with what the engine before has kept. */
  StoodKeeper(Recovery recovery) {
    recovery
        .kept()
        .forEach(
            (name, value) -> {
              if (name.startsWith(PREFIX) || name.equals(CORDONS) || name.equals(INTERIM)) {
                kept.put(name, value);
              }
            });
  }

  /** What an engine before has kept. */
  public static List<Stood> of(Recovery recovery) {
    List<Stood> stood = new ArrayList<>();
    new StoodKeeper(recovery)
        .kept.entrySet().stream()
            .filter(one -> one.getKey().startsWith(PREFIX))
            .map(Map.Entry::getValue)
            .map(value -> Stood.parse(Arrays.asList(value.split(BETWEEN))))
            .flatMap(Optional::stream)
            .forEach(stood::add);
    return stood;
  }

  /** The nodes whose cordon was ours. */
  public static NavigableSet<EntityId> cordons(Recovery recovery) {
    NavigableSet<EntityId> cordons = new TreeSet<>();
    Optional.ofNullable(recovery.kept().get(CORDONS)).stream()
        .flatMap(value -> Arrays.stream(value.split(BETWEEN)))
        .map(EntityId::parse)
        .flatMap(Optional::stream)
        .forEach(cordons::add);
    return cordons;
  }

  /** What of the policies was otherwise than their files say; none where nothing was kept. */
  public static Interim interim(Recovery recovery) {
    return Optional.ofNullable(recovery.kept().get(INTERIM))
        .flatMap(value -> Interim.parse(Arrays.asList(value.split(BETWEEN))))
        .orElse(Interim.NONE);
  }

  /** What has changed since this was asked last. */
  List<Change> changes(List<Stood> now, NavigableSet<EntityId> cordons, Interim interim) {
    Map<String, String> next = new TreeMap<>();
    for (Stood one : now) {
      next.put(
          PREFIX + one.instance().fault() + " " + one.instance().entity(),
          String.join(BETWEEN, one.words()));
    }
    if (!cordons.isEmpty()) {
      next.put(
          CORDONS, cordons.stream().map(EntityId::toString).collect(Collectors.joining(BETWEEN)));
    }
    if (!interim.isNone()) {
      next.put(INTERIM, String.join(BETWEEN, interim.words()));
    }
    List<Change> changes = new ArrayList<>();
    next.forEach(
        (name, value) -> {
          if (!value.equals(kept.get(name))) {
            changes.add(new Change.Kept(name, Optional.of(value)));
          }
        });
    kept.keySet().stream()
        .filter(name -> !next.containsKey(name))
        .forEach(name -> changes.add(new Change.Kept(name, Optional.empty())));
    kept = next;
    return changes;
  }
}
