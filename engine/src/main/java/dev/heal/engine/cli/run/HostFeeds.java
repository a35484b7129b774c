package dev.heal.engine.cli.run;

import com.sun.net.httpserver.HttpHandler;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Means;
import dev.heal.dsl.policy.Site;
import dev.heal.engine.actuate.Hands;
import dev.heal.engine.cli.run.feed.ChildFeed;
import dev.heal.engine.cli.run.feed.ChildLedger;
import dev.heal.engine.cli.run.feed.Feed;
import dev.heal.engine.cli.run.feed.GpuFeed;
import dev.heal.engine.cli.run.feed.IngestFeed;
import dev.heal.engine.cli.run.feed.KernelFeed;
import dev.heal.engine.cli.run.feed.Places;
import dev.heal.engine.cli.run.feed.ServiceLog;
import dev.heal.engine.cli.run.feed.SourceObserver;
import dev.heal.engine.cli.run.feed.SourceStatus;
import dev.heal.engine.cli.run.feed.Ticker;
import dev.heal.engine.cli.run.feed.XidFacts;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.host.LogInterest;
import dev.heal.engine.fact.host.ServiceFacts;
import dev.heal.engine.fact.host.SignalsInUse;
import dev.heal.engine.journal.store.Journal;
import dev.heal.engine.loop.live.LiveLoop;
import dev.heal.nvml.NvmlBridge;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * All sources of this host, as its site declares them. Some are there whatever the site says; the
 * others are begun anew where another site comes into force, each where it was left.
 */
final class HostFeeds implements AutoCloseable {
  /** What is believed of a service, and whether anything checks its health. */
  private record Believed(ServiceFacts facts, boolean checked) {}

  private final String node;
  private final LiveLoop loop;
  private final SourceObserver observer;
  private final Ticker ticker;
  private final ChildFeed children;
  private final LogInterest interest;
  private final XidFacts xids;
  private final Optional<IngestFeed> ingest;
  private final SiteFeeds.Joint joint;
  private final Map<EntityId, Believed> known = new ConcurrentHashMap<>();
  private final List<Feed> lasting = new ArrayList<>();
  private volatile CheckedPolicy policies;
  private volatile SiteFeeds declared;

  /**
   * Joins them to the loop; none begins before {@link #start}.
   *
   * @param tools of this host
   * @param gives what others can have where heartbeats are taken, by its path
   */
  HostFeeds(
      Daemon.Settings settings,
      Hands.Tools tools,
      CheckedPolicy policies,
      Map<String, HttpHandler> gives,
      Journal journal,
      String boot,
      NvmlBridge bridge,
      LiveLoop loop,
      SourceObserver observer) {
    this.policies = policies;
    this.node = settings.node();
    this.loop = loop;
    this.observer = observer;
    this.ticker = new Ticker(observer);
    this.interest = new LogInterest(policies);
    this.xids = new XidFacts(policies.site(), node, bridge);
    Places places = new KeptPlaces(journal.recovery().kept(), loop::keep);
    this.children =
        new ChildFeed(
            settings.state().toAbsolutePath().toString(),
            new ChildLedger(journal, boot),
            ticker,
            loop,
            observer);
    this.ingest =
        settings
            .listen()
            .map(address -> new IngestFeed(policies.site(), node, address, gives, loop, observer));
    lasting.add(children);
    lasting.add(new GpuFeed(node, this::hasGpus, bridge, xids, ticker, loop, observer));
    settings
        .kernelLog()
        .ifPresent(
            device ->
                lasting.add(
                    new KernelFeed(device, node, boot, interest, xids, loop, places, observer)));
    ingest.ifPresent(lasting::add);
    Optional<XidFacts> kernelLines =
        settings.kernelLog().isEmpty() ? Optional.of(xids) : Optional.empty();
    this.joint =
        new SiteFeeds.Joint(
            node,
            tools,
            loop,
            places,
            interest,
            kernelLines,
            this::facts,
            this::processes,
            observer);
    this.declared = new SiteFeeds(policies, joint);
    run(policies.site()).values().forEach(children::add);
  }

  private boolean hasGpus() {
    return policies.site().nodes().stream()
        .anyMatch(one -> one.name().equals(node) && !one.gpus().isEmpty());
  }

  /** What is believed of a service of this host, whoever tells it. */
  private ServiceFacts facts(EntityId service) {
    boolean checked =
        policies.site().services().stream()
            .filter(one -> EntityId.service(node, one.name()).equals(service))
            .anyMatch(one -> one.means().health().isPresent());
    return Objects.requireNonNull(
            known.compute(
                service,
                (s, before) ->
                    before != null && before.checked() == checked
                        ? before
                        : new Believed(new ServiceFacts(s, checked), checked)))
        .facts();
  }

  /** The services that heal runs here, by name. */
  private Map<String, ChildFeed.Kept> run(Site site) {
    Map<String, ChildFeed.Kept> run = new HashMap<>();
    for (Site.Service service : SiteFeeds.services(site, node)) {
      if (service.means().launch().orElse(null) instanceof Means.Launch.Argv launch) {
        EntityId entity = EntityId.service(node, service.name());
        run.put(
            service.name(),
            new ChildFeed.Kept(
                LaunchSpec.of(
                    service.name(),
                    launch,
                    System.getenv(),
                    Objects.requireNonNullElse(System.getProperty("user.name"), "")),
                facts(entity),
                new ServiceLog(entity, interest, loop)));
      }
    }
    return run;
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

  /**
   * Something was done to an entity: what is heard of the state of this node from here on was asked
   * after it. Before the loop is told.
   */
  void acted(EntityId target) {
    if (target.equals(EntityId.node(node))) {
      declared.nodeActed();
    }
  }

  /** How all sources are. */
  List<SourceStatus> status() {
    List<SourceStatus> all = new ArrayList<>(declared.status());
    lasting.forEach(feed -> all.addAll(feed.status()));
    return all;
  }

  /**
   * Begins.
   *
   * @throws IOException where a source cannot be begun at all, in the operator's words
   */
  void start() throws IOException {
    for (Feed feed : lasting) {
      feed.start();
    }
    declared.start();
  }

  /**
   * Other policies are in force: listens to what they ask for. Sources that another site declares
   * otherwise are begun anew where they were left; services that are new are started, what is no
   * longer declared is no longer watched. Not on the loop's thread: it is waited for.
   */
  void inForce(CheckedPolicy next) {
    CheckedPolicy before = policies;
    policies = next;
    interest.follow(next);
    if (isSame(before, next)) {
      return;
    }
    xids.follow(next.site());
    ingest.ifPresent(feed -> feed.follow(next.site()));
    Set<String> names = names();
    declared.close();
    var unused = loop.view().join(); // how far they were read is known once all is taken
    children.follow(run(next.site()));
    SiteFeeds other = new SiteFeeds(next, joint);
    declared = other;
    try {
      other.start();
    } catch (IOException impossible) {
      observer.told("sources", "not all can be heard: " + impossible.getMessage());
    }
    names.removeAll(names());
    names.forEach(loop.sources()::forget);
  }

  private static boolean isSame(CheckedPolicy before, CheckedPolicy next) {
    return before.site().meaning().equals(next.site().meaning())
        && SignalsInUse.of(before).equals(SignalsInUse.of(next));
  }

  private Set<String> names() {
    return status().stream()
        .map(SourceStatus::source)
        .collect(Collectors.toCollection(HashSet::new));
  }

  @Override
  public void close() {
    declared.close();
    lasting.forEach(Feed::close);
    ticker.close();
  }
}
