package dev.heal.engine.fact;

import dev.heal.dsl.vocabulary.Signal;
import dev.heal.dsl.vocabulary.SignalKind;
import java.util.Set;

/**
 * The levels that go wrong on an entity merely because our own order stops it: its process, its
 * health, its sign of life.
 */
final class SignsOfLife {
  private static final Set<String> LEVELS =
      Set.of(
          "process.running",
          "health.ok",
          "health.latency",
          "healthy",
          "running",
          "nvml.present",
          "schedulable");

  /** What the end of a process says. */
  static final String EXIT = "exit";

  private SignsOfLife() {}

  static boolean holds(Signal signal) {
    return signal.kind() == SignalKind.HEARTBEAT || LEVELS.contains(signal.name());
  }
}
