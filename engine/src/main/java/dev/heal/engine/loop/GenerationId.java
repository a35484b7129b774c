package dev.heal.engine.loop;

import java.util.Objects;

/**
 * Which policies are in force.
 *
 * @param number grows by one with each generation that is tried, from 1
 * @param digest of all their files, {@code sha256:…}; empty where nobody says
 */
public record GenerationId(long number, String digest) {
  private static final int SHORT = "sha256:".length() + 12;

  /** The one that an engine begins with, where nobody says more. */
  public static final GenerationId FIRST = new GenerationId(1, "");

  public GenerationId {
    Objects.requireNonNull(digest);
    if (number < 1) {
      throw new IllegalArgumentException("generations are numbered from 1: " + number);
    }
  }

  /** The start of the digest, as people compare it. */
  public String shortDigest() {
    return digest.substring(0, Math.min(SHORT, digest.length()));
  }

  /** {@code generation 8}. */
  @Override
  public String toString() {
    return "generation " + number;
  }
}
