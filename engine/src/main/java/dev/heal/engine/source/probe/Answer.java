package dev.heal.engine.source.probe;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a check found, before anybody has looked at the time.
 *
 * @param nanos how long it took, where the check knows it better than whoever asked
 */
record Answer(Optional<String> why, List<MetricSample> samples, int malformed, OptionalLong nanos) {
  static final Answer HEALTHY = scraped(List.of(), 0);

  static Answer unhealthy(String why) {
    return new Answer(Optional.of(why), List.of(), 0, OptionalLong.empty());
  }

  static Answer scraped(List<MetricSample> samples, int malformed) {
    return new Answer(Optional.empty(), samples, malformed, OptionalLong.empty());
  }

  static Answer after(long nanos) {
    return new Answer(Optional.empty(), List.of(), 0, OptionalLong.of(nanos));
  }
}
