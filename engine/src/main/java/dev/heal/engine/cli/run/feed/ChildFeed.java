package dev.heal.engine.cli.run.feed;

import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.host.ServiceFacts;
import dev.heal.engine.loop.live.Intake;
import dev.heal.engine.source.child.ChildEvent;
import dev.heal.engine.source.child.ChildSpec;
import dev.heal.engine.source.child.Children;
import dev.heal.engine.source.child.ProcessId;
import dev.heal.engine.source.child.StartResult;
import dev.heal.engine.source.inbox.Importance;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The services that heal runs itself. One that an engine before this one has started, and that
 * still runs, is watched on; any other is started.
 */
public final class ChildFeed implements Feed {
  private static final Duration STATES = Duration.ofSeconds(1);

  /** Memory takes a look at all processes of the host, and is told every 5 s. */
  private static final int MEMORY_TURNS = 5;

  /**
   * One service.
   *
   * @param facts what is believed of it
   * @param log takes its lines
   */
  public record Kept(ChildSpec spec, ServiceFacts facts, ServiceLog log) {}

  private final Map<String, Kept> services = new ConcurrentSkipListMap<>();
  private final ChildLedger ledger;
  private final Children children;
  private final Ticker ticker;
  private long turn; // of the ticker's thread
  private final Intake intake;
  private final Sources sources;

  /**
   * @param owner tells the children of this state folder from those of another
   */
  public ChildFeed(
      String owner, ChildLedger ledger, Ticker ticker, Intake intake, SourceObserver observer) {
    this.ledger = ledger;
    this.children = new Children(owner, ledger, this::happened);
    this.ticker = ticker;
    this.intake = intake;
    this.sources = new Sources(observer);
  }

  /** Adds a service, before the start. */
  public void add(Kept service) {
    services.put(service.spec().name(), service);
    sources.add(name(service.spec().name()));
  }

  /**
   * From here on, these are the services, by name: a new one is started, one that is not among them
   * is left alone and no longer watched, and one that is declared otherwise is so from its next
   * start on.
   */
  public void follow(Map<String, Kept> next) {
    for (String name : List.copyOf(services.keySet())) {
      if (!next.containsKey(name)) {
        services.remove(name);
        sources.remove(name(name));
        Optional.ofNullable(children.running().get(name))
            .ifPresent(
                process ->
                    sources.tell(
                        name(name),
                        "is declared no longer: process %d goes on, and nobody watches it"
                            .formatted(process.pid())));
      }
    }
    for (Kept service : next.values()) {
      String name = service.spec().name();
      boolean isNew = !services.containsKey(name);
      add(service);
      if (isNew) {
        intake.expects(name(name), STATES);
        adoptOrStart(service);
      }
    }
  }

  /** For the hands. */
  public Children children() {
    return children;
  }

  /** As the site declares it; empty where heal does not run it. */
  public Optional<ChildSpec> declared(String service) {
    return Optional.ofNullable(services.get(service)).map(Kept::spec);
  }

  @Override
  public void start() {
    services.values().forEach(this::adoptOrStart);
    services.keySet().forEach(service -> intake.expects(name(service), STATES));
    ticker.every(STATES, "children", this::tellStates);
  }

  private void adoptOrStart(Kept service) {
    for (ProcessId process : former(service.spec().name())) {
      if (runs(children.adopt(service.spec(), process))) {
        return;
      }
    }
    StartResult result = children.start(service.spec());
    result.match(
        running -> true,
        failed -> {
          sources.tell(name(service.spec().name()), "could not be started: " + failed.message());
          intake.heard(Importance.FAULT, name(service.spec().name()), service.facts()::state);
          return false;
        },
        busy -> true);
  }

  private static boolean runs(StartResult result) {
    return result.match(running -> true, failed -> false, busy -> true);
  }

  /** What may be left of an engine before this one: as it was written down, and by its mark. */
  private List<ProcessId> former(String service) {
    List<ProcessId> former = new ArrayList<>(ledger.former(service).stream().toList());
    try {
      children.strays(service).stream().filter(id -> !former.contains(id)).forEach(former::add);
    } catch (IOException e) {
      sources.tell(name(service), "the process table cannot be read: " + e.getMessage());
    }
    return former;
  }

  private static String name(String service) {
    return "child " + service;
  }

  private void happened(ChildEvent event) {
    Kept service = services.get(event.child());
    if (service == null) {
      return; // a command that only borrows the means of children
    }
    String name = name(event.child());
    event.match(
        started -> {
          intake.heard(Importance.FAULT, name, service.facts()::started);
          return true;
        },
        exited -> {
          intake.heard(Importance.FAULT, name, stamp -> ended(service.facts(), exited, stamp));
          return true;
        },
        line -> {
          service.log().line(name, line.text(), () -> {});
          return true;
        });
  }

  private static List<Fact> ended(ServiceFacts facts, ChildEvent.Exited exited, long stamp) {
    return exited
        .ending()
        .match(
            code -> facts.exited(code, stamp),
            signal -> facts.killed(signal.name(), stamp),
            () -> facts.gone(stamp));
  }

  private void tellStates() {
    Map<String, Children.Resident> resident =
        turn++ % MEMORY_TURNS == 0 ? residentMemory() : Map.of();
    services.forEach(
        (name, service) ->
            intake.heard(
                Importance.HEALTH,
                name(name),
                stamp -> {
                  List<Fact> facts = new ArrayList<>(service.facts().state(stamp));
                  Optional.ofNullable(resident.get(name))
                      .ifPresent(r -> facts.add(service.facts().resident(r.bytes(), stamp)));
                  return facts;
                }));
  }

  private Map<String, Children.Resident> residentMemory() {
    try {
      return children.resident();
    } catch (IOException unreadable) {
      return Map.of(); // silence: the rules see it
    }
  }

  /** Stops every service. */
  public void stopAll(Duration grace) throws InterruptedException {
    for (String service : services.keySet()) {
      children
          .stop(service, grace)
          .match(
              gone -> true,
              alive -> {
                sources.tell(name(service), "processes %s do not die".formatted(alive.pids()));
                return false;
              },
              busy -> {
                sources.tell(name(service), "was not stopped: " + busy.message());
                return false;
              },
              () -> true);
    }
  }

  @Override
  public List<SourceStatus> status() {
    return sources.status();
  }

  /** Services go on; the next engine watches them on. */
  @Override
  public void close() {}
}
