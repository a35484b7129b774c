package dev.heal.engine.reload;

import dev.heal.engine.loop.GenerationId;
import java.util.Objects;

/**
 * Policies that are in force.
 *
 * @param since nanoseconds since the epoch
 * @param origin where they come from, in the operator's words
 */
public record Generation(GenerationId id, long since, String origin) {
  public Generation {
    Objects.requireNonNull(id);
    Objects.requireNonNull(origin);
  }

  /** What comes behind it; since when is not known yet. */
  Generation next(PolicyLoader.Loaded loaded) {
    GenerationId next = new GenerationId(id.number() + 1, loaded.digest());
    return new Generation(next, 0, loaded.texts().orElseThrow().origin());
  }

  /** The same, in force since then. */
  Generation since(long at) {
    return new Generation(id, at, origin);
  }

  /** {@code generation 8 (sha256:0123456789ab), from `/etc/heal/policies`}. */
  @Override
  public String toString() {
    return "%s (%s), from %s".formatted(id, id.shortDigest(), origin);
  }
}
