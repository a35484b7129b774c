package dev.heal.engine.reload;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.engine.schedule.Interim;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an engine begins with: policies that were loaded, and what of them was otherwise for a time
 * when the engine before ended. A tune whose time is over, or whose value its range forbids now,
 * does not count again.
 *
 * @param policies to begin with: as the texts say, but for what is otherwise
 * @param interim what is otherwise
 * @param dropped what was otherwise and is no longer, a line each: written down once the loop runs
 */
public record Beginning(
    PolicyLoader.Loaded loaded, CheckedPolicy policies, Interim interim, List<String> dropped) {
  public Beginning {
    dropped = List.copyOf(dropped);
  }

  /** All as the texts say. */
  public static Beginning of(PolicyLoader.Loaded loaded) {
    return of(loaded, Interim.NONE, 0);
  }

  /**
   * Begins behind an engine.
   *
   * @param loaded policies that were not refused
   * @param before what was otherwise
   * @param now nanoseconds since the epoch
   */
  public static Beginning of(PolicyLoader.Loaded loaded, Interim before, long now) {
    Variant variant = Variant.atStart(loaded, before.deviations(), now);
    Map<String, Integer> would = new TreeMap<>(before.wouldHaveActed());
    would.keySet().retainAll(variant.deviations().trials().keySet());
    return new Beginning(
        loaded, variant.policies(), new Interim(variant.deviations(), would), variant.dropped());
  }
}
