package dev.heal.engine.reload;

import java.time.Duration;
import java.util.Optional;

/**
 * What is to be loaded.
 *
 * @param trigger why, in the operator's words: {@code files changed}, {@code heal reload by ann}
 * @param dryRun goes through all stages but the swap
 * @param callOff whether repairs that run stop before their next step
 * @param source where from; empty: the files that the engine was started with
 * @param staging of policies that are new or changed; empty: as the reloader does it
 */
public record ReloadRequest(
    String trigger,
    boolean dryRun,
    boolean callOff,
    Optional<PolicyLoader.Source> source,
    Optional<Staging> staging) {
  /**
   * Policies that are new or changed only observe for a while, and then do what they say, unless
   * they would have acted too often.
   *
   * @param most so often may each want to act in that time
   */
  public record Staging(Duration length, int most) {
    /** At once. */
    public static final Staging NONE = new Staging(Duration.ZERO, 0);

    public Staging {
      if (length.isNegative() || most < 0) {
        throw new IllegalArgumentException(length + ", " + most);
      }
    }

    boolean isNone() {
      return length.isZero();
    }
  }

  /** The usual files, into force. */
  public static ReloadRequest because(String trigger) {
    return new ReloadRequest(trigger, false, false, Optional.empty(), Optional.empty());
  }

  /** All but the swap. */
  public ReloadRequest dry() {
    return new ReloadRequest(trigger, true, callOff, source, staging);
  }

  /** Texts from elsewhere: an older generation, a bundle. */
  public ReloadRequest from(PolicyLoader.Source other) {
    return new ReloadRequest(trigger, dryRun, callOff, Optional.of(other), staging);
  }

  /** Repairs that run stop before their next step: {@code heal rollback --cancel}. */
  public ReloadRequest callingOff() {
    return new ReloadRequest(trigger, dryRun, true, source, staging);
  }

  /** {@code heal reload --observe-changed 1h}. */
  public ReloadRequest staged(Staging how) {
    return new ReloadRequest(trigger, dryRun, callOff, source, Optional.of(how));
  }
}
