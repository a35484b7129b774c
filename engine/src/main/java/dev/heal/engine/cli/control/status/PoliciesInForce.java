package dev.heal.engine.cli.control.status;

import dev.heal.engine.reload.ReloadStatus;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Which policies decide.
 *
 * @param generation its number
 * @param digest of their files, {@code sha256:…}; empty where there are none
 * @param since when they came into force, nanoseconds since the epoch
 * @param enforcing how many policies act
 * @param approving how many ask first
 * @param observing how many only say what they would do
 * @param notes what else is to be known of them: a generation that was refused, a tune, a key
 * @param reload how loading others stands; empty before the engine has begun to
 */
public record PoliciesInForce(
    long generation,
    String digest,
    long since,
    int enforcing,
    int approving,
    int observing,
    List<String> notes,
    Optional<ReloadStatus> reload) {
  public PoliciesInForce {
    Objects.requireNonNull(digest);
    notes = List.copyOf(notes);
  }

  /** Whether any of them may touch anything. */
  public boolean act() {
    return enforcing + approving > 0;
  }
}
