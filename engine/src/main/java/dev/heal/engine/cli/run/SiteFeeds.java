package dev.heal.engine.cli.run;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Means;
import dev.heal.dsl.policy.Site;
import dev.heal.engine.actuate.Hands;
import dev.heal.engine.cli.run.feed.ContainerFeed;
import dev.heal.engine.cli.run.feed.Feed;
import dev.heal.engine.cli.run.feed.HealthFeed;
import dev.heal.engine.cli.run.feed.HostFeed;
import dev.heal.engine.cli.run.feed.JournalFeed;
import dev.heal.engine.cli.run.feed.LogFileFeed;
import dev.heal.engine.cli.run.feed.MetricsFileFeed;
import dev.heal.engine.cli.run.feed.NodeStateFeed;
import dev.heal.engine.cli.run.feed.Places;
import dev.heal.engine.cli.run.feed.ReferenceFeed;
import dev.heal.engine.cli.run.feed.ScrapeFeed;
import dev.heal.engine.cli.run.feed.ServiceLog;
import dev.heal.engine.cli.run.feed.SourceObserver;
import dev.heal.engine.cli.run.feed.SourceStatus;
import dev.heal.engine.cli.run.feed.UnitFeed;
import dev.heal.engine.cli.run.feed.XidFacts;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.host.LogInterest;
import dev.heal.engine.fact.host.ServiceFacts;
import dev.heal.engine.loop.live.LiveLoop;
import dev.heal.engine.source.host.HostFiles;
import dev.heal.engine.source.journald.JournalOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** The sources of this host as one site declares them; another site has others. */
final class SiteFeeds implements AutoCloseable {
  private final List<Feed> feeds = new ArrayList<>();

  /**
   * What they are joined to.
   *
   * @param tools of this host
   * @param kernelLines are taken from journald; empty where somebody else takes them
   * @param facts what is believed of a service, whoever tells it
   * @param processes of the services that heal runs
   */
  record Joint(
      String node,
      Hands.Tools tools,
      LiveLoop loop,
      Places places,
      LogInterest interest,
      Optional<XidFacts> kernelLines,
      Function<EntityId, ServiceFacts> facts,
      Supplier<Map<EntityId, Long>> processes,
      SourceObserver observer) {}

  private final Joint joint;
  private final NodeStateFeed nodeState;

  /** None begins before {@link #start}. */
  SiteFeeds(CheckedPolicy policies, Joint joint) {
    this.joint = joint;
    Site site = policies.site();
    String node = joint.node();
    LiveLoop loop = joint.loop();
    HealthFeed health = new HealthFeed(loop, joint.observer());
    JournalFeed journald =
        new JournalFeed(
            JournalOptions.JOURNALCTL,
            node,
            joint.interest(),
            loop,
            joint.places(),
            joint.observer());
    feeds.add(health);
    services(site, node).forEach(service -> declare(service, health, journald));
    feeds.add(new ScrapeFeed(policies, node, loop, System::nanoTime, joint.observer()));
    feeds.add(new MetricsFileFeed(policies, node, loop, joint.places(), joint.observer()));
    feeds.add(
        new HostFeed(
            site, node, HostFiles.OF_THIS_HOST, joint.processes(), loop, joint.observer()));
    feeds.add(new ReferenceFeed(site, node, loop, joint.observer()));
    this.nodeState =
        new NodeStateFeed(site, node, joint.tools().scontrol(), loop, joint.observer());
    feeds.add(nodeState);
    feeds.add(
        new UnitFeed(
            site,
            node,
            joint.tools().systemBus(),
            HostFiles.OF_THIS_HOST,
            joint.facts(),
            loop,
            joint.observer()));
    feeds.add(
        new ContainerFeed(
                joint.tools().containers(),
                HostFiles.OF_THIS_HOST,
                loop,
                joint.places(),
                joint.observer())
            .of(site, node, joint.interest(), joint.facts()));
    feeds.add(journald);
    joint.kernelLines().ifPresent(journald::addKernel);
  }

  /** The services of a site that are on this node. */
  static List<Site.Service> services(Site site, String node) {
    return site.services().stream()
        .filter(service -> service.node().filter(node::equals).isPresent())
        .toList();
  }

  private void declare(Site.Service service, HealthFeed health, JournalFeed journald) {
    EntityId entity = EntityId.service(joint.node(), service.name());
    Means means = service.means();
    if (means.launch().orElse(null) instanceof Means.Launch.Unit unit) {
      journald.add(unit.name(), entity);
    }
    means
        .health()
        .ifPresent(probe -> health.add(service.name(), probe, joint.facts().apply(entity)));
    if (!means.logs().isEmpty()) {
      feeds.add(
          new LogFileFeed(
              service.name(),
              means.logs(),
              new ServiceLog(entity, joint.interest(), joint.loop()),
              joint.loop(),
              joint.places(),
              joint.observer()));
    }
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

  /** Something was done to the node that this host is. */
  void nodeActed() {
    nodeState.acted();
  }

  /** How they are. */
  List<SourceStatus> status() {
    return feeds.stream().flatMap(feed -> feed.status().stream()).toList();
  }

  @Override
  public void close() {
    feeds.forEach(Feed::close);
  }
}
