package dev.heal.engine.actuate;

import dev.heal.dsl.policy.Way;
import dev.heal.engine.actuate.queue.RequestQueue;
import dev.heal.engine.actuate.queue.TakeBack;
import dev.heal.engine.actuate.reach.ContainerSocket;
import dev.heal.engine.actuate.reach.SystemdBus;
import dev.heal.engine.actuate.restart.Backlog;
import dev.heal.engine.actuate.restart.Health;
import dev.heal.engine.actuate.restart.Holders;
import dev.heal.engine.actuate.restart.Hook;
import dev.heal.engine.actuate.restart.Runner;
import dev.heal.engine.actuate.restart.ServiceRestart;
import dev.heal.engine.actuate.restart.Surroundings;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Restarts services, and hands back the requests that they had. */
final class RestartActs {
  private static final Duration HOOK = Duration.ofSeconds(10);
  private static final List<String> HOOKS = List.of("hold", "snapshot", "resume", "requeue");
  private static final String RESTART = "restart";

  private final Hands hands;
  private final WayActs ways;
  private final SystemdBus systemd;
  private final ContainerSocket containers;
  private final CpuActs cpu;

  RestartActs(
      Hands hands, WayActs ways, SystemdBus systemd, ContainerSocket containers, CpuActs cpu) {
    this.hands = hands;
    this.ways = ways;
    this.systemd = systemd;
    this.containers = containers;
    this.cpu = cpu;
  }

  /** A child of the engine; empty where it keeps none of that name. */
  Optional<Runner> child(Order order, Optional<Map<String, String>> environment) {
    return hands
        .supervisor()
        .filter(supervisor -> supervisor.keeps(order.target()))
        .map(supervisor -> new Runners.Child(supervisor, order.target(), cpu, environment));
  }

  /**
   * A unit of the host's systemd.
   *
   * @param changed whether files of units were changed
   */
  Runner unit(String name, boolean changed) {
    return new Runners.Unit(systemd, hands.tools().units(), name, changed);
  }

  Runner container(String name) {
    return new Runners.Container(containers, name);
  }

  /** What the hooks and the stop take at the most, besides what the step takes. */
  Duration around(Declared declared) {
    Duration sum = Dispatch.GRACE.multipliedBy(2);
    for (String hook : HOOKS) {
      sum = sum.plus(hook(declared, hook).map(this::timeout).orElse(Duration.ZERO));
    }
    return sum;
  }

  private static Optional<Way.Binding> hook(Declared declared, String name) {
    return Optional.ofNullable(declared.bindings().get(name));
  }

  private Duration timeout(Way.Binding binding) {
    return binding.timeout().orElse(HOOK);
  }

  /**
   * Restarts it, the whole way.
   *
   * @param healthyWithin how long it may take to become healthy
   */
  Outcome restart(Assignment assignment, Declared declared, Runner runner, Duration healthyWithin)
      throws InterruptedException {
    Set<String> settings = OrderWords.settings(assignment.order()).keySet();
    ServiceRestart.From from =
        settings.contains("fresh")
            ? ServiceRestart.From.FRESH
            : settings.contains("from")
                ? ServiceRestart.From.SNAPSHOT
                : ServiceRestart.From.DECLARED;
    String service = assignment.order().target().name();
    return new ServiceRestart(
            runner,
            surroundings(assignment, declared, settings.contains("skip")),
            declared.means().health().map(probe -> Health.of(probe, service, System.getenv())),
            holders(declared))
        .run(from, healthyWithin);
  }

  private Optional<Holders> holders(Declared declared) {
    return declared.holding().gpus().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new GpuHolders(hands.gpus(), declared.holding().gpus(), declared.holding().shared()));
  }

  private Surroundings surroundings(Assignment assignment, Declared declared, boolean skip) {
    Optional<Backlog> backlog =
        hook(declared, "requeue").isPresent()
            ? Optional.empty() // the site has a way of its own
            : declared
                .queue()
                .map(queue -> new Requests(new RequestQueue(queue), takeBack(assignment, skip)));
    return new Surroundings(
        bound(assignment, declared, "hold"),
        bound(assignment, declared, "snapshot"),
        bound(assignment, declared, "resume"),
        // what it does with requests at work, only the site knows: it is called where a step says
        // so
        skip ? bound(assignment, declared, "requeue") : Optional.empty(),
        backlog);
  }

  private Optional<Hook> bound(Assignment assignment, Declared declared, String name) {
    return hook(declared, name)
        .flatMap(
            binding ->
                ways.of(binding.way())
                    .map(
                        work ->
                            new Hook(
                                name,
                                timeout(binding),
                                () ->
                                    work.act(
                                        assignment, name, ways.key(assignment) + "-" + name))));
  }

  /** The queue of a service that does not run meanwhile. */
  private record Requests(RequestQueue queue, TakeBack what) implements Backlog {
    @Override
    public Outcome look() throws InterruptedException {
      return queue.look();
    }

    @Override
    public Outcome takeBack() throws InterruptedException {
      return queue.takeBack(what);
    }
  }

  /** Of a restart for another profile, nothing crashed. */
  private TakeBack takeBack(Assignment assignment, boolean skip) {
    return takeBack(
        assignment, TakeBack.Dead.ALL, assignment.order().act().verb().equals(RESTART), skip);
  }

  private TakeBack takeBack(
      Assignment assignment, TakeBack.Dead dead, boolean crash, boolean skip) {
    Order order = assignment.order();
    String fault = order.instance().fault() + " of " + order.instance().entity();
    return new TakeBack(
        ways.key(assignment),
        "in flight at too many crashes of %s, the last time: %s"
            .formatted(order.target(), order.instance().fault()),
        assignment.incident().isPresent()
            ? assignment.incident().getAsLong() + ": " + fault
            : fault,
        dead,
        crash,
        skip);
  }

  /**
   * Hands back what a service that does not run had pending.
   *
   * @param runner what it runs in on this host; empty: nobody can look at it
   */
  Outcome requeue(Assignment assignment, Declared declared, Optional<Runner> runner)
      throws InterruptedException {
    Runner.State state = runner.isPresent() ? runner.get().state() : Runner.State.NOBODY_KNOWS;
    if (state == Runner.State.RUNS) {
      return new Outcome(
          Outcome.Kind.REFUSED,
          "%s runs, and what is pending with it is at work: `restart service` hands it back"
              .formatted(assignment.order().target()));
    }
    TakeBack.Dead dead = state == Runner.State.ENDED ? TakeBack.Dead.ALL : TakeBack.Dead.NOT_SEEN;
    boolean skip = OrderWords.settings(assignment.order()).containsKey("skip");
    return new RequestQueue(declared.queue().orElseThrow())
        .takeBack(takeBack(assignment, dead, true, skip));
  }
}
