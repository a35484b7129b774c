package dev.heal.engine.fact;

import dev.heal.dsl.policy.CheckedPolicy;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that a stage remembers at one moment: the facts that are kept, and how each instance
 * stands. It is made on the thread of the stage, in parts; once it is whole, any thread may use it.
 */
public final class FactCopy {
  private final CheckedPolicy policies;
  private final Copying copying;
  private final Topology.Found found;
  private final Map<EntityId, Disturbance> disturbances;
  private final Restarts restarts;
  private final Clock clock;

  /**
   * Where the stage stood.
   *
   * @param startAt from when on declared signals are missed
   * @param ranTo up to when, inclusive, its timers had run
   */
  record Clock(
      long startAt,
      long now,
      long ranTo,
      Optional<Fact.Event> lastEvent,
      long duplicates,
      boolean index) {}

  FactCopy(
      CheckedPolicy policies,
      Copying copying,
      Topology.Found found,
      Map<EntityId, Disturbance> disturbances,
      Restarts restarts,
      Clock clock) {
    this.policies = policies;
    this.copying = copying;
    this.found = found;
    this.disturbances = disturbances;
    this.restarts = restarts;
    this.clock = clock;
  }

  /**
   * A copy in plain values, to be written down.
   *
   * @param entities all that are known, in the order in which they became known
   * @param declaredLate since when intervals are declared, of those that were not from the start
   */
  public record Kept(
      Clock clock,
      List<EntityId> entities,
      Map<EntityId, Map<String, Long>> declaredLate,
      List<Series.Remembered> signals,
      List<Memory> memories,
      Map<EntityId, Disturbance> disturbances,
      Restarts.Kept restarts) {}

  /** In plain values; once it is whole, by any thread. */
  public Kept kept() {
    return new Kept(
        clock,
        found.entities(),
        found.declared().declaredLate(),
        signals().stream().map(Series.Remembered::trimmed).toList(),
        memories(),
        disturbances,
        restarts.kept());
  }

  /** What was kept of a stage with these policies. */
  public static FactCopy of(Kept kept, CheckedPolicy policies) {
    Topology topology = Topology.of(policies.site(), kept.entities(), kept.declaredLate());
    SeriesStore none = new SeriesStore(topology, kept.clock().startAt(), 0);
    return new FactCopy(
        policies,
        new Copying(kept.memories(), kept.signals(), none),
        new Topology.Found(kept.entities(), List.of(), topology),
        kept.disturbances(),
        Restarts.of(kept.restarts()),
        kept.clock());
  }

  /** A stage with the same policies, as if there had never been another. */
  public FactStage sameStage() {
    Succession same = Succession.of(policies, policies);
    Topology topology =
        Topology.of(policies.site(), found.entities(), found.declared().declaredLate());
    return FactStage.following(this, topology, CarryOver.of(this, policies, same, topology), same);
  }

  /**
   * Copies further parts, {@code most} at the most; on the thread of the stage.
   *
   * @return whether it is whole
   */
  public boolean more(int most) {
    return copying.more(most);
  }

  /** The policies of the stage that was copied. */
  public CheckedPolicy policies() {
    return policies;
  }

  Clock clock() {
    return clock;
  }

  List<Series.Remembered> signals() {
    return copying.signals();
  }

  List<Memory> memories() {
    return copying.memories();
  }

  Map<EntityId, Disturbance> disturbances() {
    return disturbances;
  }

  Restarts restarts() {
    return restarts;
  }

  /** The machines of the next policies, with those that were found. */
  Topology topology(CheckedPolicy next) {
    Set<EntityId> heard = heard();
    return Topology.following(next.site(), found, heard::contains, clock.now());
  }

  /** The machines of the next policies as they were before the first fact that is kept. */
  Topology firstTopology(CheckedPolicy next) {
    return Topology.following(next.site(), found, nobody -> false, clock.now());
  }

  private Set<EntityId> heard() {
    Set<EntityId> heard = new HashSet<>();
    for (Series.Remembered signal : signals()) {
      if (signal.isHeard()) {
        heard.add(signal.entity());
      }
    }
    return heard;
  }

  /**
   * A stage with the next policies, as it would stand at the moment of the copy: what means the
   * same goes on, the rest is computed from the facts that are kept. Nothing is told of it.
   */
  public FactStage stage(Succession succession) {
    CheckedPolicy next = succession.next();
    Topology topology = topology(next);
    CarryOver carryOver = CarryOver.of(this, next, succession, topology);
    return FactStage.following(this, topology, carryOver, succession);
  }
}
