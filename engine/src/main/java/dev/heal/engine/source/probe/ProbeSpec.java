package dev.heal.engine.source.probe;

import java.time.Duration;
import java.util.Objects;

/**
 * A question and when to ask it.
 *
 * @param name tells probes apart
 * @param every from the end of one run to the start of the next
 * @param timeout after this, it is a failure; what was started is ended
 */
public record ProbeSpec(String name, Check check, Duration every, Duration timeout) {
  public ProbeSpec {
    Objects.requireNonNull(check);
    if (name.isEmpty() || every.isNegative() || every.isZero()) {
      throw new IllegalArgumentException("probe `" + name + "` every " + every);
    }
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("probe `" + name + "` with a time-out of " + timeout);
    }
  }
}
