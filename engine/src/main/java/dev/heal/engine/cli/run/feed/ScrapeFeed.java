package dev.heal.engine.cli.run.feed;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Means;
import dev.heal.dsl.policy.Site;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.host.MetricFacts;
import dev.heal.engine.loop.live.Intake;
import dev.heal.engine.source.inbox.Importance;
import dev.heal.engine.source.probe.Check;
import dev.heal.engine.source.probe.ProbeResult;
import dev.heal.engine.source.probe.ProbeSpec;
import dev.heal.engine.source.probe.Prober;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The metrics that services and jobs of this host expose, as far as policies read them. An endpoint
 * that does not answer is silent: no value is made up for it, and none is kept.
 */
public final class ScrapeFeed implements Feed {
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private record Endpoint(EntityId entity, Means.Metrics.Endpoint metrics, MetricFacts facts) {}

  private final Intake intake;
  private final LongSupplier nanoTime;
  private final Sources sources;
  private final Map<String, Endpoint> endpoints = new HashMap<>();
  private Optional<Prober> prober = Optional.empty();

  /**
   * Asks for nothing where no policy reads a metric.
   *
   * @param node the node of the site that this host is
   * @param nanoTime nanoseconds from anywhere
   */
  public ScrapeFeed(
      CheckedPolicy policies,
      String node,
      Intake intake,
      LongSupplier nanoTime,
      SourceObserver observer) {
    this.intake = intake;
    this.nanoTime = nanoTime;
    this.sources = new Sources(observer);
    MetricFacts ofServices = MetricFacts.of(EntityKind.SERVICE, policies);
    for (Site.Service service : policies.site().services()) {
      if (service.node().filter(node::equals).isPresent()) {
        add(EntityId.service(node, service.name()), service.means(), ofServices);
      }
    }
    MetricFacts ofJobs = MetricFacts.of(EntityKind.JOB, policies);
    for (Site.Job job : policies.site().jobs()) {
      if (job.nodes().contains(node)) {
        add(EntityId.job(job.name()), job.means(), ofJobs);
      }
    }
  }

  private void add(EntityId entity, Means means, MetricFacts facts) {
    if (means.metrics().orElse(null) instanceof Means.Metrics.Endpoint endpoint
        && !facts.names().isEmpty()) {
      String source = "metrics of " + entity;
      endpoints.put(source, new Endpoint(entity, endpoint, facts));
      sources.add(source);
    }
  }

  @Override
  public void start() {
    List<ProbeSpec> probes = new ArrayList<>();
    endpoints.forEach(
        (source, endpoint) ->
            probes.add(
                new ProbeSpec(
                    source,
                    new Check.Scrape(endpoint.metrics().uri(), endpoint.facts().names()),
                    endpoint.metrics().every(),
                    patience(endpoint.metrics().every()))));
    probes.forEach(probe -> intake.expects(probe.name(), probe.every()));
    if (!probes.isEmpty()) {
      prober = Optional.of(new Prober(probes, nanoTime, this::scraped));
    }
  }

  private static Duration patience(Duration every) {
    return every.compareTo(LONGEST) < 0 ? every : LONGEST;
  }

  private void scraped(ProbeResult result) {
    String source = result.probe();
    Endpoint endpoint = Objects.requireNonNull(endpoints.get(source));
    sources.count(source, "scrapes", 1);
    sources.count(source, "malformed lines", result.malformed());
    if (!result.ok()) {
      sources.count(source, "failed scrapes", 1);
      sources.trouble(source, "cannot be read: " + result.why().orElse(""));
      return;
    }
    sources.well(source);
    sources.count(
        source,
        "infinite values",
        result.samples().stream().filter(s -> Double.isInfinite(s.value())).count());
    intake.heard(
        Importance.SAMPLE,
        source,
        stamp -> endpoint.facts().facts(endpoint.entity(), result.samples(), stamp));
  }

  @Override
  public List<SourceStatus> status() {
    return sources.status();
  }

  @Override
  public void close() {
    prober.ifPresent(Prober::close);
  }
}
