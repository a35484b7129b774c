package dev.heal.engine.cli.run;

import dev.heal.engine.actuate.Supervisor;
import dev.heal.engine.cli.run.feed.ChildFeed;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.schedule.Outcome;
import dev.heal.engine.source.child.ChildSpec;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Restarts the services that the engine runs itself. */
final class ChildKeeper implements Supervisor {
  private final ChildFeed services;

  /** What {@code degrade} has put on top of the declared environment. */
  private final Map<EntityId, Map<String, String>> changed = new ConcurrentHashMap<>();

  ChildKeeper(ChildFeed services) {
    this.services = services;
  }

  @Override
  public Outcome restart(Restart request) throws InterruptedException {
    String name = request.service().name();
    Optional<ChildSpec> declared = services.declared(name.substring(name.indexOf('/') + 1));
    if (declared.isEmpty()) {
      return new Outcome(
          Outcome.Kind.REFUSED, "%s is not started by heal".formatted(request.service()));
    }
    request.environment().ifPresent(values -> changed.put(request.service(), values));
    Map<String, String> environment = new HashMap<>(declared.get().environment());
    environment.putAll(changed.getOrDefault(request.service(), Map.of()));
    return services
        .children()
        .restart(declared.get().with(environment), request.grace())
        .match(
            running -> new Outcome(Outcome.Kind.DONE, "runs as process " + running.process().pid()),
            failed -> new Outcome(Outcome.Kind.FAILED, failed.message()),
            busy -> new Outcome(Outcome.Kind.FAILED, busy.message()));
  }
}
