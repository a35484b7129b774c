package dev.heal.engine.cli.run.feed;

import dev.heal.dsl.policy.Means;
import dev.heal.dsl.policy.Site;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.host.ServiceFacts;
import dev.heal.engine.loop.live.Intake;
import dev.heal.engine.source.host.HostFiles;
import dev.heal.engine.source.retry.Backoff;
import dev.heal.engine.source.systemd.UnitWatch;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The services of this host that are units of systemd ({@code unit "vllm.service"}): whether they
 * run, how they end, how often they were started again, and their memory.
 */
public final class UnitFeed implements Feed {
  private final String address;
  private final Sources sources;
  private final HostedServices services;
  private Optional<UnitWatch> watch = Optional.empty();

  /**
   * @param node the node of the site that this host is
   * @param address of the system bus: {@code unix:path=/run/dbus/system_bus_socket}
   * @param files of the host on which the units run
   * @param facts what is known of a service, shared with its health checks
   */
  public UnitFeed(
      Site site,
      String node,
      String address,
      HostFiles files,
      Function<EntityId, ServiceFacts> facts,
      Intake intake,
      SourceObserver observer) {
    this.address = address;
    this.sources = new Sources(observer);
    this.services = new HostedServices("systemd", intake, files, sources);
    for (Site.Service service : site.services()) {
      if (service.node().filter(node::equals).isPresent()
          && service.means().launch().orElse(null) instanceof Means.Launch.Unit unit) {
        services.add(unit.name(), EntityId.service(node, service.name()), facts);
      }
    }
  }

  /** Connects to no bus where the site has no units. */
  @Override
  public void start() {
    if (!services.names().isEmpty()) {
      watch = Optional.of(new UnitWatch(address, services.names(), services, Backoff.USUAL));
    }
  }

  @Override
  public List<SourceStatus> status() {
    return services.names().isEmpty() ? List.of() : sources.status();
  }

  @Override
  public void close() {
    watch.ifPresent(UnitWatch::close);
  }
}
