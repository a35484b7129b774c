package dev.heal.engine.actuate;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Way;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.engine.actuate.reach.Calls;
import dev.heal.engine.actuate.reach.Commands;
import dev.heal.engine.actuate.reach.ContainerSocket;
import dev.heal.engine.actuate.reach.SystemdBus;
import dev.heal.engine.actuate.restart.Runner;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** Which hand an order is for. */
final class Dispatch {
  /** Between the polite and the last signal to a child. */
  static final Duration GRACE = Duration.ofSeconds(10);

  private static final Set<String> OF_NVML = Set.of("throttle", "reset");
  private static final Set<String> RESTARTING = Set.of("restart", "degrade");
  private static final int TIMES_TAKES = 4;
  private static final long FIRST_PAUSE_NANOS = 200_000_000L;
  private static final int MOST_DOUBLINGS = 5;

  private final CheckedPolicy policy;
  private final Hands hands;
  private final Map<EntityId, Declared> site;
  private final WayActs ways;
  private final RestartActs restarts;
  private final CpuActs cpu;
  private final SlurmActs slurm;
  private final PageActs pages;
  private final ProfileActs profiles;
  private final Optional<GpuActs> gpus;

  Dispatch(CheckedPolicy policy, Hands hands, Keeper keeper, Commands commands, Calls calls) {
    this.policy = policy;
    this.hands = hands;
    this.site = Declared.all(policy);
    this.ways = new WayActs(hands.run(), commands, calls);
    SystemdBus systemd = new SystemdBus(hands.tools().systemBus());
    ContainerSocket containers = new ContainerSocket(hands.tools().containers());
    this.cpu = new CpuActs(hands, keeper, systemd, containers);
    this.restarts = new RestartActs(hands, ways, systemd, containers, cpu);
    this.slurm = new SlurmActs(commands, hands.tools().scontrol(), hands.run());
    this.pages = new PageActs(policy, hands.run(), commands, calls);
    this.profiles = new ProfileActs(hands, keeper, ways, restarts);
    this.gpus = hands.gpus().map(bridge -> new GpuActs(bridge, keeper));
  }

  private Declared declared(EntityId target) {
    return site.getOrDefault(target, Declared.NOTHING);
  }

  /** How long it may take. */
  Duration patience(Order order) {
    Declared declared = declared(order.target());
    Duration own = ownPatience(order);
    return RESTARTING.contains(order.act().verb())
            && order.target().kind() == EntityKind.SERVICE
            && declared.means().launch().isPresent()
        ? own.plus(restarts.around(declared))
        : own;
  }

  /** That of the act itself, without the hooks around it. */
  private Duration ownPatience(Order order) {
    Duration usual = order.takes().multipliedBy(TIMES_TAKES);
    Duration least = hands.tools().patience();
    return Optional.ofNullable(declared(order.target()).bindings().get(order.act().verb()))
        .flatMap(Way.Binding::timeout)
        .orElse(usual.compareTo(least) > 0 ? usual : least);
  }

  /** What is to be done; what nobody has said how to do is refused, with what to write. */
  Errand.Work work(Assignment assignment) {
    Order order = assignment.order();
    String verb = order.act().verb();
    if (verb.equals("page")) {
      return () -> pages.page(assignment);
    }
    Optional<List<String>> action = action(order);
    if (action.isPresent()) {
      return () -> command(assignment, action.get());
    }
    Declared declared = declared(order.target());
    Optional<Way> way = declared.way(verb, order.purpose() == Order.Purpose.UNDO);
    if (way.isPresent()) {
      return way.get().match(new Ways(assignment));
    }
    if (verb.equals("degrade")) {
      return onThisHost(order, () -> profiles.act(assignment, declared, ownPatience(order)));
    }
    if (verb.equals("throttle") && order.target().kind() == EntityKind.SERVICE) {
      return onThisHost(order, () -> cpu.act(assignment, declared.means()));
    }
    if (verb.equals("requeue") && declared.queue().isPresent()) {
      return () -> Report.of(restarts.requeue(assignment, declared, runner(order, declared)));
    }
    if (order.target().kind() == EntityKind.GPU && OF_NVML.contains(verb)) {
      return onThisHost(
          order,
          () ->
              gpus.isPresent()
                  ? gpus.get().act(assignment, declared.pci())
                  : Report.refused("this engine has no NVML"));
    }
    String refusal = unbound(order);
    return () -> Report.refused(refusal);
  }

  /** The site's own action, by its name or behind {@code via}. */
  private Optional<List<String>> action(Order order) {
    String verb = order.act().verb();
    Optional<List<String>> own = named(verb);
    if (own.isPresent()) {
      return own;
    }
    Optional<String> via = Optional.ofNullable(OrderWords.settings(order).get("via"));
    int dot = order.policy().lastIndexOf('.');
    return via.flatMap(
        name -> named(order.policy().substring(0, dot + 1) + name).or(() -> named(name)));
  }

  private Optional<List<String>> named(String action) {
    return Optional.ofNullable(policy.actions().get(action)).map(CheckedPolicy.SiteAction::command);
  }

  private Report command(Assignment assignment, List<String> argv) {
    return Report.of(ways.run(argv, assignment));
  }

  private boolean isHere(Order order) {
    Optional<String> host = order.target().host();
    return host.isEmpty() || host.get().equals(hands.host());
  }

  /** What it runs in, where that can be looked at. */
  private Optional<Runner> runner(Order order, Declared declared) {
    return declared
        .way("restart", false)
        .filter(way -> isHere(order))
        .flatMap(
            way ->
                way instanceof Way.Systemd unit
                    ? Optional.of(restarts.unit(unit.unit(), false))
                    : way instanceof Way.Container container
                        ? Optional.of(restarts.container(container.name()))
                        : restarts.child(order, Optional.empty()));
  }

  private Errand.Work restart(Assignment assignment, Runner runner) {
    Order order = assignment.order();
    return onThisHost(
        order,
        () ->
            Report.of(
                restarts.restart(
                    assignment, declared(order.target()), runner, ownPatience(order))));
  }

  private Errand.Work onThisHost(Order order, Errand.Work work) {
    return isHere(order)
        ? work
        : () ->
            Report.refused(
                "%s is on another host than this one, `%s`"
                    .formatted(order.target(), hands.host()));
  }

  private String unbound(Order order) {
    String verb = order.act().verb();
    EntityId target = order.target();
    String name = target.name().substring(target.name().indexOf('/') + 1);
    String statement =
        OrderWords.settings(order).containsKey("via")
            ? "`action %s on node { command [\"…\"] }`"
                .formatted(OrderWords.settings(order).get("via"))
            : "`%s via command [\"…\"]` or `%s via http \"POST http://…\"` in `%s %s { … }`"
                .formatted(verb, verb, target.kind().word(), name);
    return "nothing says how to `%s` %s: write %s".formatted(verb, target, statement);
  }

  /** One for each way. */
  private final class Ways implements Way.Cases<Errand.Work> {
    private final Assignment assignment;
    private final Order order;

    Ways(Assignment assignment) {
      this.assignment = assignment;
      this.order = assignment.order();
    }

    @Override
    public Errand.Work supervised(Way.Supervised way) {
      return restarts
          .child(order, Optional.empty())
          .map(runner -> restart(assignment, runner))
          .orElseGet(
              () ->
                  onThisHost(
                      order,
                      () -> Report.refused("%s is not started by heal".formatted(order.target()))));
    }

    @Override
    public Errand.Work systemd(Way.Systemd way) {
      return restart(assignment, restarts.unit(way.unit(), false));
    }

    @Override
    public Errand.Work container(Way.Container way) {
      return restart(assignment, restarts.container(way.name()));
    }

    @Override
    public Errand.Work slurm(Way.Slurm way) {
      return () -> slurm.act(assignment, way.name());
    }

    @Override
    public Errand.Work http(Way.Http way) {
      return worked(way);
    }

    @Override
    public Errand.Work command(Way.Command way) {
      return worked(way);
    }

    /** A connection that does not come about at once is tried again, under another key. */
    private Errand.Work worked(Way way) {
      WayActs.Work work = ways.of(way).orElseThrow();
      int most = OrderWords.count(order, "attempts").orElse(1);
      return () -> {
        String verb = order.act().verb();
        String key = ways.key(assignment);
        Outcome outcome = work.act(assignment, verb, key);
        int attempt = 1;
        while (attempt < most && outcome.kind() == Outcome.Kind.FAILED) {
          attempt++;
          pause(attempt);
          outcome = work.act(assignment, verb, key + "-" + attempt);
        }
        return Report.of(
            attempt == 1
                ? outcome
                : new Outcome(
                    outcome.kind(), "attempt %d: %s".formatted(attempt, outcome.because())));
      };
    }

    private static void pause(int attempt) throws InterruptedException {
      LockSupport.parkNanos(FIRST_PAUSE_NANOS << Math.min(attempt - 2, MOST_DOUBLINGS));
      if (Thread.interrupted()) {
        throw new InterruptedException("between two attempts");
      }
    }
  }
}
