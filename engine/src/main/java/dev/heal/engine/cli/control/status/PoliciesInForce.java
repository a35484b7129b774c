package dev.heal.engine.cli.control.status;

import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * Which policies decide.
 *
 * @param generation its number; empty where policies have none
 * @param digest of their files, hexadecimal
 * @param since when they came into force, nanoseconds since the epoch
 * @param enforcing how many policies act
 * @param approving how many ask first
 * @param observing how many only say what they would do
 * @param notes what else is to be known of them: a generation that was refused, a tune, a key
 */
public record PoliciesInForce(
    OptionalLong generation,
    String digest,
    long since,
    int enforcing,
    int approving,
    int observing,
    List<String> notes) {
  public PoliciesInForce {
    Objects.requireNonNull(digest);
    notes = List.copyOf(notes);
  }

  /** Whether any of them may touch anything. */
  public boolean act() {
    return enforcing + approving > 0;
  }
}
