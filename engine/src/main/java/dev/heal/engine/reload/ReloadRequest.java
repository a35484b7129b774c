package dev.heal.engine.reload;

import java.util.Optional;

/**
 * What is to be loaded.
 *
 * @param trigger why, in the operator's words: {@code files changed}, {@code heal reload by ann}
 * @param dryRun goes through all stages but the swap
 * @param source where from; empty: the files that the engine was started with
 */
public record ReloadRequest(String trigger, boolean dryRun, Optional<PolicyLoader.Source> source) {
  /** The usual files, into force. */
  public static ReloadRequest because(String trigger) {
    return new ReloadRequest(trigger, false, Optional.empty());
  }

  /** All but the swap. */
  public ReloadRequest dry() {
    return new ReloadRequest(trigger, true, source);
  }

  /** Texts from elsewhere: an older generation, a bundle. */
  public ReloadRequest from(PolicyLoader.Source other) {
    return new ReloadRequest(trigger, dryRun, Optional.of(other));
  }
}
