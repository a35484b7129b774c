package dev.heal.engine.source.probe;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A run of a probe.
 *
 * @param latency of the run; of {@link Check.RoundTrip}, that of the network alone
 * @param why what is wrong, for the operator; empty where it is healthy
 * @param samples of a scrape
 * @param malformed lines of a scrape that could not be read
 */
public record ProbeResult(
    String probe,
    Duration latency,
    Optional<String> why,
    List<MetricSample> samples,
    int malformed) {
  public ProbeResult {
    Objects.requireNonNull(latency);
    Objects.requireNonNull(why);
    samples = List.copyOf(samples);
  }

  /** Whether it is healthy. */
  public boolean ok() {
    return why.isEmpty();
  }
}
