package dev.heal.nvml.metric;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A value of a metric, in the metric's unit. */
public sealed interface Value {
  /** Of a gauge: it goes up and down. */
  record Gauge(double value) implements Value {}

  /** Of a counter: it only grows, and starts at 0 again after a driver reload or a reset. */
  record Count(long value) implements Value {}

  record Flag(boolean on) implements Value {}

  /** Some of a closed set, sorted; may be empty. */
  record Words(List<String> words) implements Value {
    public Words {
      List<String> sorted = new ArrayList<>(words);
      Collections.sort(sorted);
      words = List.copyOf(sorted);
    }

    /** Joined by commas. */
    public String joined() {
      return String.join(",", words);
    }
  }
}
