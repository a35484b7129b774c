package dev.heal.engine.schedule;

import dev.heal.dsl.policy.Policy;
import java.time.Duration;

/** The pause before a repetition: doubling from one bound to the other. */
final class Backoff {
  private Backoff() {}

  /** The pause before repetition {@code number}, from 1. */
  static Duration pause(Policy.Repeat repeat, int number) {
    Duration pause = repeat.backoffFrom();
    for (int i = 1; i < number && pause.compareTo(repeat.backoffTo()) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(repeat.backoffTo()) < 0 ? pause : repeat.backoffTo();
  }
}
