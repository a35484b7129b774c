package dev.heal.engine.cli.run.feed;

import dev.heal.dsl.policy.Site;
import dev.heal.engine.fact.host.HostFacts;
import dev.heal.engine.loop.live.Intake;
import dev.heal.engine.source.inbox.Importance;
import dev.heal.engine.source.probe.Check;
import dev.heal.engine.source.probe.ProbeResult;
import dev.heal.engine.source.probe.ProbeSpec;
import dev.heal.engine.source.probe.Prober;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * {@code net.rtt}: how long the network takes from this host to its reference host and back. Where
 * no answer comes in time nothing was measured, and that is silence.
 */
public final class ReferenceFeed implements Feed {
  private static final String SOURCE = "reference host";

  /**
   * So the next answer comes before the signal counts as silent, which is after three intervals.
   */
  private static final int INTERVALS_OF_PATIENCE = 2;

  private static final Duration LONGEST = Duration.ofSeconds(3);

  private final HostFacts facts;
  private final Optional<Site.Reference> reference;
  private final Intake intake;
  private final Sources sources;
  private Optional<Prober> prober = Optional.empty();

  /**
   * Measures nothing where the site names no reference host for this one.
   *
   * @param node the node of the site that this host is
   */
  public ReferenceFeed(Site site, String node, Intake intake, SourceObserver observer) {
    this.facts = new HostFacts(node);
    this.reference =
        site.nodes().stream()
            .filter(one -> one.name().equals(node))
            .flatMap(one -> one.reference().stream())
            .findFirst();
    this.intake = intake;
    this.sources = new Sources(observer);
    reference.ifPresent(to -> sources.add(SOURCE));
  }

  @Override
  public void start() {
    reference.ifPresent(this::measure);
  }

  private void measure(Site.Reference to) {
    intake.expects(SOURCE, to.every());
    Check check = new Check.RoundTrip(to.host(), to.port());
    ProbeSpec probe = new ProbeSpec(to.host() + ":" + to.port(), check, to.every(), patience(to));
    prober = Optional.of(new Prober(List.of(probe), System::nanoTime, this::measured));
  }

  private static Duration patience(Site.Reference to) {
    Duration patience = to.every().multipliedBy(INTERVALS_OF_PATIENCE);
    return patience.compareTo(LONGEST) < 0 ? patience : LONGEST;
  }

  private void measured(ProbeResult result) {
    if (result.ok()) {
      intake.heard(
          Importance.SAMPLE,
          SOURCE,
          stamp -> List.of(facts.roundTrip(result.latency().toNanos(), stamp)));
      sources.well(SOURCE);
    } else {
      sources.count(SOURCE, "not answered", 1);
      sources.trouble(SOURCE, result.probe() + ": " + result.why().orElseThrow());
    }
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
