package dev.heal.engine.cli.run;

import dev.heal.engine.actuate.Supervisor;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.schedule.Outcome;
import dev.heal.engine.source.child.ChildSpec;
import dev.heal.engine.source.child.Children;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Restarts the services that the engine runs itself. */
final class ChildKeeper implements Supervisor {
  private final Children children;
  private final Map<EntityId, SupervisedService> services;

  /** What {@code degrade} has put on top of the declared environment. */
  private final Map<EntityId, Map<String, String>> changed = new ConcurrentHashMap<>();

  ChildKeeper(Children children, Map<EntityId, SupervisedService> services) {
    this.children = children;
    this.services = services;
  }

  @Override
  public Outcome restart(Restart request) throws InterruptedException {
    Optional<SupervisedService> service = Optional.ofNullable(services.get(request.service()));
    if (service.isEmpty()) {
      return new Outcome(
          Outcome.Kind.REFUSED, "%s is not started by heal".formatted(request.service()));
    }
    request.environment().ifPresent(values -> changed.put(request.service(), values));
    ChildSpec declared = service.get().declared();
    Map<String, String> environment = new HashMap<>(declared.environment());
    environment.putAll(changed.getOrDefault(request.service(), Map.of()));
    return children
        .restart(declared.with(environment), request.grace())
        .match(
            running -> new Outcome(Outcome.Kind.DONE, "runs as process " + running.process().pid()),
            failed -> new Outcome(Outcome.Kind.FAILED, failed.message()),
            busy -> new Outcome(Outcome.Kind.FAILED, busy.message()));
  }
}
