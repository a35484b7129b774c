package dev.heal.engine.cli.run.feed;

import dev.heal.dsl.policy.Means;
import dev.heal.dsl.policy.Site;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.host.LogInterest;
import dev.heal.engine.fact.host.ServiceFacts;
import dev.heal.engine.loop.live.Intake;
import dev.heal.engine.source.container.ContainerWatch;
import dev.heal.engine.source.container.log.Channel;
import dev.heal.engine.source.container.log.ContainerLogFollower;
import dev.heal.engine.source.container.log.ContainerLogSink;
import dev.heal.engine.source.container.log.LogPlace;
import dev.heal.engine.source.host.HostFiles;
import dev.heal.engine.source.inbox.Importance;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The services of this host that are containers ({@code container "llm"}): whether they run, how
 * they end, how often the engine has started them again, their memory, what the engine's own check
 * says, and their logs. How far a log was read is kept with what was decided on its lines: over a
 * restart of the engines, heal's and the containers', no line is lost, and none is taken twice that
 * has decided something.
 */
public final class ContainerFeed implements Feed {
  private static final String NAME = "containers";

  private final Path socket;
  private final HostFiles files;
  private final Intake intake;
  private final Places places;
  private final Sources sources;
  private final HostedServices services;
  private final Map<String, List<ServiceLog>> logs = new TreeMap<>();
  private Optional<ContainerWatch> watch = Optional.empty();
  private final List<ContainerLogFollower> followers = new ArrayList<>();

  /**
   * @param socket of the container engine
   * @param files of the host on which the containers run
   */
  public ContainerFeed(
      Path socket, HostFiles files, Intake intake, Places places, SourceObserver observer) {
    this.socket = socket;
    this.files = files;
    this.intake = intake;
    this.places = places;
    this.sources = new Sources(observer);
    this.services = new HostedServices(NAME, intake, files, sources);
  }

  /**
   * Adds the services of a host, before the start.
   *
   * @param facts what is known of a service, shared with its health checks
   */
  public ContainerFeed of(
      Site site, String node, LogInterest interest, Function<EntityId, ServiceFacts> facts) {
    for (Site.Service service : site.services()) {
      if (service.node().filter(node::equals).isPresent()
          && service.means().launch().orElse(null) instanceof Means.Launch.Container container) {
        EntityId entity = EntityId.service(node, service.name());
        services.add(container.name(), entity, facts);
        sources.add(source(container.name()));
        logs.computeIfAbsent(container.name(), n -> new ArrayList<>())
            .add(new ServiceLog(entity, interest, intake));
      }
    }
    return this;
  }

  private static String source(String container) {
    return "log of container " + container;
  }

  /** Connects to no engine where the site has no containers. */
  @Override
  public void start() {
    if (logs.isEmpty()) {
      return;
    }
    watch =
        Optional.of(new ContainerWatch(socket, logs.keySet(), services, files, System::nanoTime));
    logs.forEach(
        (container, writers) -> {
          intake.listens(source(container));
          followers.add(
              new ContainerLogFollower(
                  socket, container, kept(source(container)), new Lines(container, writers)));
        });
  }

  /** Both, or none: they are kept together. */
  private Map<Channel, LogPlace> kept(String source) {
    Map<Channel, LogPlace> found = new EnumMap<>(Channel.class);
    Map<String, String> texts = places.of(source);
    for (Channel channel : Channel.values()) {
      LogPlace.parse(texts.getOrDefault(channel.word(), ""))
          .ifPresent(place -> found.put(channel, place));
    }
    return found.size() == Channel.values().length ? found : Map.of();
  }

  @Override
  public List<SourceStatus> status() {
    return logs.isEmpty() ? List.of() : sources.status();
  }

  @Override
  public void close() {
    watch.ifPresent(ContainerWatch::close);
    followers.forEach(ContainerLogFollower::close);
  }

  private final class Lines implements ContainerLogSink {
    private final String source;
    private final List<ServiceLog> writers;

    Lines(String container, List<ServiceLog> writers) {
      this.source = source(container);
      this.writers = writers;
    }

    @Override
    public void line(Channel channel, String text, LogPlace place) {
      sources.count(source, "lines", 1);
      writers.forEach(log -> log.line(source, text, () -> keep(channel, place)));
    }

    private void keep(Channel channel, LogPlace place) {
      places.keep(source, channel.word(), place.text());
    }

    @Override
    public void upTo(Channel channel, LogPlace place) {
      intake.heard(
          Importance.CONTROL,
          source,
          stamp -> {
            keep(channel, place);
            return List.of();
          });
    }

    @Override
    public void found() {
      sources.well(source);
    }

    @Override
    public void lost(String why) {
      sources.trouble(source, why);
    }

    @Override
    public void gap(String why) {
      sources.countTold(source, "gaps", "lines may be missing: " + why);
    }
  }
}
