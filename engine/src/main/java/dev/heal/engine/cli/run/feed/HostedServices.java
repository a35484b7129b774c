package dev.heal.engine.cli.run.feed;

import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.host.HostedFacts;
import dev.heal.engine.fact.host.ServiceFacts;
import dev.heal.engine.loop.live.Intake;
import dev.heal.engine.source.host.HostFiles;
import dev.heal.engine.source.hosted.HostedEvent;
import dev.heal.engine.source.hosted.HostedSink;
import dev.heal.engine.source.inbox.Importance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** The services of this host that one keeper has, and what it tells of them. */
final class HostedServices implements HostedSink {
  private record Service(EntityId entity, ServiceFacts own, HostedFacts facts) {}

  private final String source;
  private final Intake intake;
  private final HostFiles files;
  private final Sources sources;
  private final Map<String, List<Service>> services = new TreeMap<>();

  /**
   * @param source the keeper: {@code systemd}
   */
  HostedServices(String source, Intake intake, HostFiles files, Sources sources) {
    this.source = source;
    this.intake = intake;
    this.files = files;
    this.sources = sources;
    sources.add(source);
  }

  /**
   * @param name of the unit or container
   */
  void add(String name, EntityId entity, Function<EntityId, ServiceFacts> facts) {
    ServiceFacts own = facts.apply(entity);
    services
        .computeIfAbsent(name, n -> new ArrayList<>())
        .add(new Service(entity, own, new HostedFacts(entity, own)));
  }

  Set<String> names() {
    return services.keySet();
  }

  @Override
  public void event(HostedEvent event) {
    for (Service service : services.getOrDefault(event.name(), List.of())) {
      event.match(new Handing(service));
    }
  }

  /** How important each kind is. */
  private final class Handing implements HostedEvent.Cases<Boolean> {
    private final Service service;

    Handing(Service service) {
      this.service = service;
    }

    private boolean hand(Importance importance, HostedEvent event) {
      intake.heard(importance, source, stamp -> service.facts().told(event, stamp));
      return true;
    }

    @Override
    public Boolean state(HostedEvent.State state) {
      return hand(Importance.HEALTH, state);
    }

    @Override
    public Boolean checked(HostedEvent.Checked checked) {
      return hand(Importance.HEALTH, checked);
    }

    @Override
    public Boolean exited(HostedEvent.Exited exited) {
      sources.count(source, "exits", 1);
      return hand(Importance.FAULT, exited);
    }

    @Override
    public Boolean oomKilled(HostedEvent.OomKilled killed) {
      sources.count(source, "kills for memory", 1);
      return hand(Importance.FAULT, killed);
    }

    @Override
    public Boolean processes(HostedEvent.Processes processes) {
      long bytes = 0;
      boolean seen = false;
      for (long pid : processes.pids()) {
        OptionalLong resident = files.residentBytes(pid);
        seen |= resident.isPresent();
        bytes += resident.orElse(0);
      }
      if (seen) {
        long sum = bytes;
        intake.heard(
            Importance.SAMPLE, source, stamp -> List.<Fact>of(service.own().resident(sum, stamp)));
      }
      return seen;
    }
  }

  @Override
  public void found() {
    sources.well(source);
  }

  @Override
  public void lost(String why) {
    sources.trouble(source, why);
    intake.heard(
        Importance.FAULT, // it must not be dropped: what was told before would stand
        source,
        stamp -> {
          services.values().forEach(all -> all.forEach(service -> service.facts().lost()));
          return List.of();
        });
  }

  @Override
  public void note(String name, String text) {
    sources.tell(source, text);
  }
}
