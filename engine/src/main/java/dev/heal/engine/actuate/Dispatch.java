package dev.heal.engine.actuate;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Means;
import dev.heal.dsl.policy.Way;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.engine.actuate.reach.Calls;
import dev.heal.engine.actuate.reach.Commands;
import dev.heal.engine.actuate.reach.ContainerSocket;
import dev.heal.engine.actuate.reach.SystemdBus;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.schedule.Order;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which hand an order is for. */
final class Dispatch {
  /** Between the polite and the last signal to a child. */
  static final Duration GRACE = Duration.ofSeconds(10);

  private static final Set<String> OF_NVML = Set.of("throttle", "reset");
  private static final int TIMES_TAKES = 4;

  private final CheckedPolicy policy;
  private final Hands hands;
  private final Map<EntityId, Declared> site;
  private final Commands commands = new Commands();
  private final Calls calls = new Calls();
  private final SystemdBus systemd;
  private final ContainerSocket containers;
  private final SlurmActs slurm;
  private final PageActs pages;
  private final ProfileActs profiles;
  private final Optional<GpuActs> gpus;

  Dispatch(CheckedPolicy policy, Hands hands, Keeper keeper) {
    this.policy = policy;
    this.hands = hands;
    this.site = Declared.all(policy);
    this.systemd = new SystemdBus(hands.tools().systemBus());
    this.containers = new ContainerSocket(hands.tools().containers());
    this.slurm = new SlurmActs(commands, hands.tools().scontrol(), hands.run());
    this.pages = new PageActs(policy, hands.run(), commands, calls);
    this.profiles = new ProfileActs(hands, keeper, calls, systemd);
    this.gpus = hands.gpus().map(bridge -> new GpuActs(bridge, keeper));
  }

  private Declared declared(EntityId target) {
    return site.getOrDefault(target, new Declared(Map.of(), Means.NONE, Optional.empty()));
  }

  /** How long it may take. */
  Duration patience(Order order) {
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
    Optional<Way> way = declared.way(verb);
    if (way.isPresent()) {
      return way.get().match(new Ways(assignment));
    }
    if (verb.equals("degrade")) {
      return onThisHost(order, () -> profiles.act(assignment, declared.means()));
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
    return Report.of(
        commands.run(argv, OrderWords.environment(hands.run(), assignment)).outcome(argv.get(0)));
  }

  private Errand.Work onThisHost(Order order, Errand.Work work) {
    Optional<String> host = order.target().host();
    return host.isEmpty() || host.get().equals(hands.host())
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
      Map<String, String> settings = OrderWords.settings(order);
      Supervisor.Start start =
          settings.containsKey("fresh")
              ? Supervisor.Start.FRESH
              : settings.containsKey("from")
                  ? Supervisor.Start.FROM_SNAPSHOT
                  : Supervisor.Start.AS_DECLARED;
      Supervisor.Restart request =
          new Supervisor.Restart(
              order.target(), Optional.empty(), GRACE, start, settings.containsKey("skip"));
      return onThisHost(
          order,
          () ->
              hands.supervisor().isPresent()
                  ? Report.of(hands.supervisor().get().restart(request))
                  : Report.refused("this engine keeps no services"));
    }

    @Override
    public Errand.Work systemd(Way.Systemd way) {
      return onThisHost(order, () -> Report.of(systemd.restart(way.unit())));
    }

    @Override
    public Errand.Work container(Way.Container way) {
      return onThisHost(order, () -> Report.of(containers.restart(way.name())));
    }

    @Override
    public Errand.Work slurm(Way.Slurm way) {
      return () -> slurm.act(assignment, way.name());
    }

    @Override
    public Errand.Work http(Way.Http way) {
      return () ->
          Report.of(
              calls.send(
                  way.call(),
                  OrderWords.key(hands.run(), order),
                  OrderWords.json(hands.run(), assignment)));
    }

    @Override
    public Errand.Work command(Way.Command way) {
      return () -> Dispatch.this.command(assignment, way.argv());
    }
  }
}
