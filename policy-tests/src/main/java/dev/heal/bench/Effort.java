package dev.heal.bench;

import java.time.Duration;

/** How much work a run is: figures to keep, a look while developing, or a test that all works. */
enum Effort {
  FULL(1, Duration.ofSeconds(2)),
  QUICK(10, Duration.ofMillis(300)),
  TEST(500, Duration.ZERO);

  private final int divisor;
  private final Duration perFigure;

  Effort(int divisor, Duration perFigure) {
    this.divisor = divisor;
    this.perFigure = perFigure;
  }

  /** A number of repetitions or samples, made smaller where little is asked for; at least 1. */
  int of(int full) {
    return Math.max(1, full / divisor);
  }

  /** For how long a figure is measured again and again, at least. */
  Duration perFigure() {
    return perFigure;
  }
}
