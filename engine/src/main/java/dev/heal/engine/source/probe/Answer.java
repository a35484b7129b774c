package dev.heal.engine.source.probe;

import java.util.List;
import java.util.Optional;

/** What a check found, before anybody has looked at the time. */
record Answer(Optional<String> why, List<MetricSample> samples, int malformed) {
  static final Answer HEALTHY = new Answer(Optional.empty(), List.of(), 0);

  static Answer unhealthy(String why) {
    return new Answer(Optional.of(why), List.of(), 0);
  }
}
