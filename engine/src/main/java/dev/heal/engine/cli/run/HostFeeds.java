package dev.heal.engine.cli.run;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Means;
import dev.heal.dsl.policy.Site;
import dev.heal.engine.actuate.Hands;
import dev.heal.engine.cli.run.feed.ChildFeed;
import dev.heal.engine.cli.run.feed.ChildLedger;
import dev.heal.engine.cli.run.feed.Feed;
import dev.heal.engine.cli.run.feed.GpuFeed;
import dev.heal.engine.cli.run.feed.HealthFeed;
import dev.heal.engine.cli.run.feed.HostFeed;
import dev.heal.engine.cli.run.feed.IngestFeed;
import dev.heal.engine.cli.run.feed.JournalFeed;
import dev.heal.engine.cli.run.feed.KernelFeed;
import dev.heal.engine.cli.run.feed.LogFileFeed;
import dev.heal.engine.cli.run.feed.MetricsFileFeed;
import dev.heal.engine.cli.run.feed.Places;
import dev.heal.engine.cli.run.feed.ScrapeFeed;
import dev.heal.engine.cli.run.feed.ServiceLog;
import dev.heal.engine.cli.run.feed.SourceObserver;
import dev.heal.engine.cli.run.feed.SourceStatus;
import dev.heal.engine.cli.run.feed.Ticker;
import dev.heal.engine.cli.run.feed.UnitFeed;
import dev.heal.engine.cli.run.feed.XidFacts;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.host.LogInterest;
import dev.heal.engine.fact.host.ServiceFacts;
import dev.heal.engine.journal.store.Journal;
import dev.heal.engine.loop.live.LiveLoop;
import dev.heal.engine.source.host.HostFiles;
import dev.heal.engine.source.journald.JournalOptions;
import dev.heal.nvml.NvmlBridge;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** All sources of this host, as its site declares them. */
final class HostFeeds implements AutoCloseable {
  private final CheckedPolicy policies;
  private final String node;
  private final LiveLoop loop;
  private final SourceObserver observer;
  private final Places places;
  private final Ticker ticker;
  private final ChildFeed children;
  private final HealthFeed health;
  private final JournalFeed journald;
  private final LogInterest interest;
  private final Map<EntityId, ServiceFacts> known = new HashMap<>();
  private final List<Feed> feeds = new ArrayList<>();

  /** Joins them to the loop; none begins before {@link #start}. */
  HostFeeds(
      Daemon.Settings settings,
      Journal journal,
      String boot,
      NvmlBridge bridge,
      LiveLoop loop,
      SourceObserver observer) {
    this.policies = settings.policies();
    this.node = settings.node();
    this.loop = loop;
    this.observer = observer;
    this.places = new KeptPlaces(journal.recovery().kept(), loop::keep);
    this.ticker = new Ticker(observer);
    this.interest = new LogInterest(policies);
    this.children =
        new ChildFeed(
            settings.state().toAbsolutePath().toString(),
            new ChildLedger(journal, boot),
            ticker,
            loop,
            observer);
    this.health = new HealthFeed(loop, observer);
    this.journald =
        new JournalFeed(JournalOptions.JOURNALCTL, node, interest, loop, places, observer);
    Site site = policies.site();
    XidFacts xids = new XidFacts(site, node, bridge);
    feeds.add(children);
    feeds.add(health);
    site.services().stream()
        .filter(service -> service.node().filter(node::equals).isPresent())
        .forEach(this::declare);
    feeds.add(new GpuFeed(node, bridge, xids, ticker, loop, observer));
    settings
        .kernelLog()
        .ifPresent(
            device ->
                feeds.add(
                    new KernelFeed(
                        device,
                        node,
                        boot,
                        new LogInterest(policies),
                        xids,
                        loop,
                        places,
                        observer)));
    feeds.add(new ScrapeFeed(policies, node, loop, System::nanoTime, observer));
    feeds.add(new MetricsFileFeed(policies, node, loop, places, observer));
    feeds.add(new HostFeed(site, node, HostFiles.OF_THIS_HOST, this::processes, loop, observer));
    feeds.add(
        new UnitFeed(
            site,
            node,
            Hands.Tools.USUAL.systemBus(),
            HostFiles.OF_THIS_HOST,
            this::facts,
            loop,
            observer));
    feeds.add(journald);
    if (settings.kernelLog().isEmpty()) {
      journald.addKernel(xids);
    }
    settings
        .listen()
        .ifPresent(address -> feeds.add(new IngestFeed(site, node, address, loop, observer)));
  }

  /** What is believed of a service of this host, whoever tells it. */
  private ServiceFacts facts(EntityId service) {
    return known.computeIfAbsent(
        service,
        s ->
            new ServiceFacts(
                s,
                policies.site().services().stream()
                    .filter(one -> EntityId.service(node, one.name()).equals(s))
                    .anyMatch(one -> one.means().health().isPresent())));
  }

  private void declare(Site.Service service) {
    EntityId entity = EntityId.service(node, service.name());
    Means means = service.means();
    ServiceFacts facts = facts(entity);
    ServiceLog log = new ServiceLog(entity, interest, loop);
    if (means.launch().orElse(null) instanceof Means.Launch.Argv launch) {
      children.add(
          LaunchSpec.of(
              service.name(),
              launch,
              System.getenv(),
              Objects.requireNonNullElse(System.getProperty("user.name"), "")),
          facts,
          log);
    }
    if (means.launch().orElse(null) instanceof Means.Launch.Unit unit) {
      journald.add(unit.name(), entity);
    }
    means.health().ifPresent(probe -> health.add(service.name(), probe, facts));
    if (!means.logs().isEmpty()) {
      feeds.add(new LogFileFeed(service.name(), means.logs(), log, loop, places, observer));
    }
  }

  private Map<EntityId, Long> processes() {
    Map<EntityId, Long> processes = new HashMap<>();
    children
        .children()
        .running()
        .forEach((name, id) -> processes.put(EntityId.service(node, name), (long) id.pid()));
    return processes;
  }

  /** The services that heal runs. */
  ChildFeed children() {
    return children;
  }

  /** How all sources are. */
  List<SourceStatus> status() {
    return feeds.stream().flatMap(feed -> feed.status().stream()).toList();
  }

  /**
   * Begins.
   *
   * @throws IOException where a source cannot be begun at all, in the operator's words
   */
  void start() throws IOException {
    for (Feed feed : feeds) {
      feed.start();
    }
  }

  @Override
  public void close() {
    feeds.forEach(Feed::close);
    ticker.close();
  }
}
