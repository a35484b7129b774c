package dev.heal.engine.cli.run;

import dev.heal.engine.actuate.Supervisor;
import dev.heal.engine.cli.run.feed.ChildFeed;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.schedule.Outcome;
import dev.heal.engine.source.child.ChildSpec;
import dev.heal.engine.source.child.Children;
import dev.heal.engine.source.child.ProcessId;
import dev.heal.engine.source.posix.ProcessTable;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Stops and starts the services that the engine runs itself. */
final class ChildKeeper implements Supervisor {
  private final ChildFeed services;

  /** What {@code degrade} has put on top of the declared environment. */
  private final Map<EntityId, Map<String, String>> changed = new ConcurrentHashMap<>();

  ChildKeeper(ChildFeed services) {
    this.services = services;
  }

  private Children children() {
    return services.children();
  }

  private static String name(EntityId service) {
    return service.name().substring(service.name().indexOf('/') + 1);
  }

  @Override
  public boolean keeps(EntityId service) {
    return services.declared(name(service)).isPresent();
  }

  @Override
  public List<Long> processes(EntityId service) {
    Optional<ProcessId> leader = Optional.ofNullable(children().running().get(name(service)));
    if (leader.isEmpty()) {
      return List.of();
    }
    try {
      return ProcessTable.all().stream()
          .filter(entry -> entry.group() == leader.get().pid())
          .map(entry -> (long) entry.pid())
          .toList();
    } catch (IOException unreadable) {
      return List.of((long) leader.get().pid());
    }
  }

  @Override
  public boolean owns(EntityId service, long pid) {
    if (processes(service).contains(pid)) {
      return true;
    }
    try {
      return children().strays(name(service)).stream().anyMatch(id -> id.pid() == pid);
    } catch (IOException unreadable) {
      return false; // nobody is killed on a guess
    }
  }

  @Override
  public Outcome stop(EntityId service, Duration grace) throws InterruptedException {
    return children()
        .stop(name(service), grace)
        .match(
            gone ->
                new Outcome(
                    Outcome.Kind.DONE,
                    gone.killed() ? "killed, it did not stop when asked" : "stopped"),
            alive ->
                new Outcome(
                    Outcome.Kind.FAILED,
                    "processes %s of its group do not die".formatted(alive.pids())),
            busy -> new Outcome(Outcome.Kind.FAILED, busy.message()),
            () -> new Outcome(Outcome.Kind.DONE, ""));
  }

  @Override
  public Outcome start(Start start) {
    EntityId service = start.service();
    Optional<ChildSpec> declared = services.declared(name(service));
    if (declared.isEmpty()) {
      return new Outcome(Outcome.Kind.REFUSED, "%s is not started by heal".formatted(service));
    }
    start.environment().ifPresent(values -> changed.put(service, values));
    Map<String, String> environment = new HashMap<>(declared.get().environment());
    environment.putAll(changed.getOrDefault(service, Map.of()));
    environment.putAll(start.told());
    return children()
        .start(declared.get().with(environment))
        .match(
            running -> new Outcome(Outcome.Kind.DONE, "runs as process " + running.process().pid()),
            failed -> new Outcome(Outcome.Kind.FAILED, failed.message()),
            busy -> new Outcome(Outcome.Kind.FAILED, busy.message()));
  }
}
