package dev.heal.engine.cli.run.feed;

import dev.heal.dsl.policy.Means;
import dev.heal.engine.fact.host.ServiceFacts;
import dev.heal.engine.loop.live.Intake;
import dev.heal.engine.source.child.ChildSpec;
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

/** The health checks of all services of this host. */
public final class HealthFeed implements Feed {
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final Map<String, ServiceFacts> services = new HashMap<>();
  private final List<ProbeSpec> probes = new ArrayList<>();
  private final Intake intake;
  private final Sources sources;
  private Optional<Prober> prober = Optional.empty();

  /** Begins without services. */
  public HealthFeed(Intake intake, SourceObserver observer) {
    this.intake = intake;
    this.sources = new Sources(observer);
  }

  /**
   * Adds a service, before the start.
   *
   * @param name tells services apart
   */
  public void add(String name, Means.Probe probe, ServiceFacts facts) {
    services.put(name, facts);
    sources.add(source(name));
    probes.add(new ProbeSpec(name, check(name, probe), probe.every(), patience(probe)));
  }

  private static String source(String service) {
    return "health " + service;
  }

  /** An answer that does not come before the next check is due is none. */
  private static Duration patience(Means.Probe probe) {
    return probe.every().compareTo(LONGEST) < 0 ? probe.every() : LONGEST;
  }

  private static Check check(String name, Means.Probe probe) {
    return probe.match(
        new Means.Probe.Cases<Check>() {
          @Override
          public Check http(Means.Probe.Http http) {
            return new Check.Http(http.uri());
          }

          @Override
          public Check tcp(Means.Probe.Tcp tcp) {
            return new Check.Tcp(tcp.host(), tcp.port());
          }

          @Override
          public Check command(Means.Probe.Command command) {
            return new Check.Command(
                new ChildSpec("health " + name, command.argv(), System.getenv(), Optional.empty()));
          }
        });
  }

  @Override
  public void start() {
    probes.forEach(probe -> intake.expects(source(probe.name()), probe.every()));
    if (!probes.isEmpty()) {
      prober = Optional.of(new Prober(probes, System::nanoTime, this::answered));
    }
  }

  private void answered(ProbeResult result) {
    ServiceFacts facts = Objects.requireNonNull(services.get(result.probe()));
    intake.heard(
        Importance.HEALTH,
        source(result.probe()),
        stamp -> facts.checked(result.ok(), result.latency().toNanos(), stamp));
    sources.count(source(result.probe()), result.ok() ? "well" : "not well", 1);
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
