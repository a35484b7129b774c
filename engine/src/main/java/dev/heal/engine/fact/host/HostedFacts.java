package dev.heal.engine.fact.host;

import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.source.hosted.HostedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A service whose processes systemd or a container engine keeps. Until its keeper has spoken, and
 * after it was lost, nothing is known of it. For the loop's thread.
 */
public final class HostedFacts {
  private final EntityId entity;
  private final ServiceFacts service;
  private boolean running;
  private boolean known;

  /**
   * @param service what is known of it, its health checks included
   */
  public HostedFacts(EntityId entity, ServiceFacts service) {
    this.entity = entity;
    this.service = service;
    service.unknown();
  }

  /** Its keeper cannot be reached. */
  public List<Fact> lost() {
    known = false;
    service.unknown();
    return List.of();
  }

  /** What its keeper tells. Memory is not its keeper's to tell: {@link ServiceFacts#resident}. */
  public List<Fact> told(HostedEvent event, long at) {
    return event.match(
        new HostedEvent.Cases<>() {
          @Override
          public List<Fact> state(HostedEvent.State state) {
            List<Fact> facts = new ArrayList<>(stateOf(state.running(), at));
            state
                .restarts()
                .ifPresent(
                    count -> facts.add(new Fact.Sample(at, entity, "process.restarts", count)));
            return facts;
          }

          @Override
          public List<Fact> exited(HostedEvent.Exited exited) {
            running = false;
            known = true;
            Map<String, String> fields = new TreeMap<>();
            exited.code().ifPresent(code -> fields.put("exit_code", Integer.toString(code)));
            exited.signal().ifPresent(signal -> fields.put("exit_signal", signal));
            return service.ended(fields, at);
          }

          @Override
          public List<Fact> oomKilled(HostedEvent.OomKilled killed) {
            return List.of(HostFacts.oomKill(entity, 1, at));
          }

          @Override
          public List<Fact> processes(HostedEvent.Processes processes) {
            return List.of();
          }

          @Override
          public List<Fact> checked(HostedEvent.Checked checked) {
            return service.keeperSays(
                checked.check() != HostedEvent.Check.NONE, verdict(checked.check()), at);
          }
        });
  }

  private static Optional<Boolean> verdict(HostedEvent.Check check) {
    return switch (check) {
      case NONE, NOT_YET -> Optional.empty();
      case WELL -> Optional.of(true);
      case NOT_WELL -> Optional.of(false);
    };
  }

  private List<Fact> stateOf(boolean now, long at) {
    boolean changed = !known || now != running;
    boolean ended = known && running && !now;
    known = true;
    running = now;
    if (ended) {
      return service.gone(at); // nobody has seen how
    }
    if (!changed) {
      return service.state(at);
    }
    return now ? service.started(at) : service.notRunning(at);
  }
}
