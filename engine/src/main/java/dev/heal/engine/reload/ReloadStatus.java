package dev.heal.engine.reload;

import dev.heal.dsl.policy.Tune;
import dev.heal.engine.reload.ReloadResult.Outcome;
import dev.heal.engine.schedule.Deviations;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How loading stands, for {@code heal status} and metrics.
 *
 * @param inForce the generation in force
 * @param tunes what may be set, with the values that the files give
 * @param deviations what is in force otherwise than the files say
 * @param last what became of the last attempt; empty before the first
 * @param refusedSince since when what lies there is refused, in nanoseconds since the epoch; empty
 *     where what lies there is in force
 * @param loaded how many times others came into force since the start
 * @param refused how many attempts were refused since the start
 * @param times how long each stage took, the last time that it was reached
 */
public record ReloadStatus(
    Generation inForce,
    List<Tune> tunes,
    Deviations deviations,
    Optional<ReloadResult> last,
    Optional<Long> refusedSince,
    long loaded,
    long refused,
    Map<Stage, Duration> times) {
  public ReloadStatus {
    tunes = List.copyOf(tunes);
    times = Map.copyOf(times);
  }

  /** Of an engine that has just begun. */
  static ReloadStatus of(InForce first) {
    return new ReloadStatus(
        first.generation(),
        first.tunes(),
        first.deviations(),
        Optional.empty(),
        Optional.empty(),
        0,
        0,
        Map.of());
  }

  /**
   * Behind one more attempt to load policies.
   *
   * @param files whether those that lie in the files of the engine
   */
  ReloadStatus after(ReloadResult result, boolean files, InForce now, long at) {
    Optional<Long> since =
        switch (result.outcome()) {
          case REFUSED -> files ? refusedSince.or(() -> Optional.of(at)) : refusedSince;
          case TRIED -> refusedSince;
          case IN_FORCE, NOTHING_NEW -> Optional.empty();
        };
    return new ReloadStatus(
        now.generation(),
        now.tunes(),
        now.deviations(),
        Optional.of(result),
        since,
        loaded + (result.outcome() == Outcome.IN_FORCE ? 1 : 0),
        refused + (result.isRefused() ? 1 : 0),
        with(result.times()));
  }

  /** Behind something that loaded nothing: what lies in the files stands as it did. */
  ReloadStatus aside(ReloadResult result, InForce now) {
    return new ReloadStatus(
        now.generation(),
        now.tunes(),
        now.deviations(),
        last,
        refusedSince,
        loaded,
        refused,
        with(result.times()));
  }

  private Map<Stage, Duration> with(Map<Stage, Duration> more) {
    Map<Stage, Duration> all = new EnumMap<>(Stage.class);
    all.putAll(times);
    all.putAll(more);
    return all;
  }

  /** Whether the last attempt went well: {@code heal_policy_reload_success}. */
  public boolean isFine() {
    return last.filter(ReloadResult::isRefused).isEmpty();
  }

  /** For how long the loop took nothing else in at the last swap. */
  public Optional<Duration> pause() {
    return Optional.ofNullable(times.get(Stage.SWAP));
  }
}
