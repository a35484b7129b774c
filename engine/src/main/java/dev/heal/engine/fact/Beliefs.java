package dev.heal.engine.fact;

import dev.heal.dsl.policy.Condition;
import dev.heal.engine.fact.FactChange.FaultState;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;

/** What a {@link FactStage} believes now, for those who ask; a view, that changes nothing. */
public final class Beliefs {
  private final Topology topology;
  private final SeriesStore store;
  private final Cells cells;

  Beliefs(Topology topology, SeriesStore store, Cells cells) {
    this.topology = topology;
    this.store = store;
    this.cells = cells;
  }

  /** Whether a fault stands only by what an engine before this one has heard. */
  public boolean awaitsFacts(FaultInstance instance) {
    FaultCell cell = cells.fault(instance);
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

  /** Unknown where nobody watches. */
  public Truth truth(String key, EntityId entity) {
    WatchCell cell = cells.watch(key, entity);
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

  /** Whether the level that raised the instance was true when it was looked at last. */
  public Truth stillHolds(FaultInstance instance) {
    FaultCell cell = cells.fault(instance);
    return cell == null ? Truth.UNKNOWN : cell.holds();
  }

  /** What raised the instance said, by name; nothing where it is clear. */
  public Map<String, String> captures(FaultInstance instance) {
    FaultCell cell = cells.fault(instance);
    return cell == null ? Map.of() : cell.captures();
  }

  public boolean isRaised(FaultInstance instance) {
    FaultCell cell = cells.fault(instance);
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
    return cells.raised().values().stream().map(Beliefs::standing).toList();
  }

  /** The same, only which; a view. */
  public NavigableSet<FaultInstance> raisedInstances() {
    return cells.raised().navigableKeySet();
  }

  private static Standing standing(FaultCell cell) {
    return new Standing(cell.instance(), cell.state(), cell.raisedAt(), cell.captures());
  }

  /** How an instance stands; clear where there is none. */
  public FaultState state(FaultInstance instance) {
    FaultCell cell = cells.fault(instance);
    return cell == null ? FaultState.CLEAR : cell.state();
  }

  /** A watched condition that holds. */
  public record Holding(String key, EntityId entity) {}

  /** The watched conditions that hold, sorted. */
  public List<Holding> holding() {
    return cells.holding();
  }

  /** Whether an instance of earlier policies, which is followed, is still raised. */
  public boolean isStillRaised(FaultInstance instance) {
    FaultCell cell = cells.formerFault(instance);
    return cell != null && cell.isRaised();
  }
}
