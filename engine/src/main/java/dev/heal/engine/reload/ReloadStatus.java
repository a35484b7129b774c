package dev.heal.engine.reload;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How loading stands, for {@code heal status} and metrics.
 *
 * @param inForce the generation in force
 * @param last what became of the last attempt; empty before the first
 * @param refusedSince since when what lies there is refused, in nanoseconds since the epoch; empty
 *     where what lies there is in force
 * @param loaded how many generations came into force since the start
 * @param refused how many attempts were refused since the start
 * @param times how long each stage took, the last time that it was reached
 * @param pause for how long the loop took nothing else in at the last swap
 */
public record ReloadStatus(
    Generation inForce,
    Optional<ReloadResult> last,
    Optional<Long> refusedSince,
    long loaded,
    long refused,
    Map<Stage, Duration> times,
    Optional<Duration> pause) {
  public ReloadStatus {
    times = Map.copyOf(times);
  }

  /** Of an engine that has just begun. */
  static ReloadStatus of(Generation first) {
    return new ReloadStatus(
        first, Optional.empty(), Optional.empty(), 0, 0, Map.of(), Optional.empty());
  }

  /** Whether the last attempt went well: {@code heal_policy_reload_success}. */
  public boolean isFine() {
    return last.filter(ReloadResult::isRefused).isEmpty();
  }
}
