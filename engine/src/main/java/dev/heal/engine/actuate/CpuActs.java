package dev.heal.engine.actuate;

import dev.heal.dsl.policy.Means;
import dev.heal.dsl.policy.Means.Launch;
import dev.heal.dsl.tree.Value;
import dev.heal.engine.actuate.reach.ContainerSocket;
import dev.heal.engine.actuate.reach.CpuGroups;
import dev.heal.engine.actuate.reach.SystemdBus;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import dev.heal.engine.schedule.Outcome.Kind;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Throttles the CPU time of a service ({@code throttle service { cpu 50% }}): a share of the CPUs
 * of this host. A unit is limited by systemd, which owns its group; a container in its own group; a
 * child of the engine in a group that is made for it, as long as it is throttled.
 */
final class CpuActs {
  private static final String CPU = "cpu";
  private static final String UNIT = "unit";
  private static final String GROUP = "group";
  private static final String LIMIT = "limit";

  /** The group itself was made by us. */
  private static final String MADE = "made";

  private static final double MICROSECONDS = 1e6;

  private final Hands hands;
  private final Keeper keeper;
  private final SystemdBus systemd;
  private final ContainerSocket containers;
  private final CpuGroups groups;

  CpuActs(Hands hands, Keeper keeper, SystemdBus systemd, ContainerSocket containers) {
    this.hands = hands;
    this.keeper = keeper;
    this.systemd = systemd;
    this.containers = containers;
    this.groups = new CpuGroups(hands.tools().proc());
  }

  Report act(Assignment assignment, Means means) throws InterruptedException {
    Order order = assignment.order();
    Optional<Double> share = share(order);
    if (share.isEmpty()) {
      return Report.refused("nothing says how far: write `throttle service { cpu 50% }`");
    }
    try {
      return order.purpose() == Order.Purpose.UNDO
          ? Report.of(undo(assignment))
          : throttle(assignment, means, share.get() * groups.online());
    } catch (IOException files) {
      return Report.of(Kind.FAILED, "its CPU time cannot be limited: %s".formatted(words(files)));
    }
  }

  private static String words(IOException files) {
    return files instanceof java.nio.file.FileSystemException file
        ? "`%s`: %s"
            .formatted(
                file.getFile(), Optional.ofNullable(file.getReason()).orElse("it is not there"))
        : String.valueOf(files.getMessage());
  }

  private static Optional<Double> share(Order order) {
    return Optional.ofNullable(order.act().settings().get(CPU))
        .map(values -> values.get(values.size() - 1))
        .filter(value -> value instanceof Value.Quantity)
        .map(value -> ((Value.Quantity) value).parts().get(0).number().doubleValue());
  }

  private Report throttle(Assignment assignment, Means means, double cpus)
      throws InterruptedException, IOException {
    Optional<Launch> launch = means.launch();
    if (launch.isPresent() && launch.get() instanceof Launch.Unit unit) {
      return unit(assignment, unit.name(), cpus);
    }
    EntityId service = assignment.order().target();
    if (launch.isPresent() && launch.get() instanceof Launch.Container container) {
      ContainerSocket.Seen seen = containers.look(container.name());
      if (seen.outcome().kind() != Kind.DONE) {
        return Report.of(seen.outcome());
      }
      CpuGroups.Group group = groups.of(Long.toString(seen.pid()));
      return group.folder().toString().contains(seen.id()) && !seen.id().isEmpty()
          ? limit(assignment, group, cpus)
          : Report.refused(
              "container `%s` has no control group of its own: `%s`"
                  .formatted(container.name(), group.folder()));
    }
    Optional<Supervisor> supervisor = hands.supervisor().filter(s -> s.keeps(service));
    if (supervisor.isEmpty()) {
      return Report.refused(
          "%s has neither `run`, `unit` nor `container`: nobody knows its processes"
              .formatted(service));
    }
    List<Long> processes = supervisor.get().processes(service);
    return processes.isEmpty()
        ? Report.of(Kind.FAILED, "%s does not run".formatted(service))
        : child(assignment, processes, cpus);
  }

  private Report unit(Assignment assignment, String unit, double cpus) throws InterruptedException {
    SystemdBus.Unit seen = systemd.look(unit);
    if (seen.outcome().kind() != Kind.DONE) {
      return Report.of(seen.outcome());
    }
    BigInteger wanted = BigInteger.valueOf(Math.max(1, Math.round(cpus * MICROSECONDS)));
    if (seen.quota().compareTo(wanted) <= 0) {
      return Report.of(already(seen.quota().doubleValue() / MICROSECONDS));
    }
    Memento memento =
        Memento.of(Map.of(UNIT, unit, LIMIT, seen.quota().toString()))
            .on(Memento.parse(assignment.memento()));
    return changed(assignment, memento, cpus, () -> systemd.limit(unit, wanted));
  }

  private Report limit(Assignment assignment, CpuGroups.Group group, double cpus)
      throws InterruptedException, IOException {
    Optional<Double> before = group.cpus();
    if (before.isPresent() && before.get() <= cpus) {
      return Report.of(already(before.get()));
    }
    Memento memento =
        Memento.of(Map.of(GROUP, group.folder().toString(), LIMIT, group.limit()))
            .on(Memento.parse(assignment.memento()));
    return changed(
        assignment,
        memento,
        cpus,
        () -> {
          group.allow(cpus);
          return done(cpus);
        });
  }

  /** A group is made for a child, and all its processes move into it. */
  private Report child(Assignment assignment, List<Long> processes, double cpus)
      throws InterruptedException, IOException {
    CpuGroups.Group group;
    try {
      group = groups.make(name(assignment.order().target()));
    } catch (IOException refused) {
      return Report.refused(
          ("no control group can be made for it (%s): give the engine's unit `Delegate=cpu` and"
                  + " `DelegateSubgroup=engine`, or run the service as a unit")
              .formatted(words(refused)));
    }
    Memento memento =
        Memento.of(Map.of(GROUP, group.folder().toString(), LIMIT, MADE))
            .on(Memento.parse(assignment.memento()));
    return changed(
        assignment,
        memento,
        cpus,
        () -> {
          group.allow(cpus);
          for (long pid : processes) {
            group.add(pid);
          }
          return done(cpus);
        });
  }

  /** What changes a limit. */
  private interface Change {
    Outcome make() throws InterruptedException, IOException;
  }

  private Report changed(Assignment assignment, Memento memento, double cpus, Change change)
      throws InterruptedException {
    if (!keeper.keep(assignment.order(), memento.line())) {
      return Report.of(
          Kind.FAILED, "what it replaces could not be written down: nothing was changed");
    }
    Outcome outcome;
    try {
      outcome = change.make();
    } catch (IOException files) {
      outcome =
          new Outcome(Kind.FAILED, "its CPU time cannot be limited: %s".formatted(words(files)));
    }
    return new Report(
        outcome.kind() == Kind.DONE ? done(cpus) : outcome, Optional.of(memento.line()));
  }

  private static Outcome done(double cpus) {
    return new Outcome(Kind.DONE, "CPU time of %s CPUs at the most".formatted(number(cpus)));
  }

  private static Outcome already(double cpus) {
    return new Outcome(
        Kind.DONE, "it has the CPU time of %s CPUs at the most already".formatted(number(cpus)));
  }

  private static String number(double cpus) {
    return BigDecimal.valueOf(cpus)
        .setScale(2, RoundingMode.HALF_UP)
        .stripTrailingZeros()
        .toPlainString();
  }

  private static String name(EntityId service) {
    String name = service.name().substring(service.name().indexOf('/') + 1);
    return "heal-" + name.replace('/', '_');
  }

  private Outcome undo(Assignment assignment) throws InterruptedException, IOException {
    Memento memento = Memento.parse(assignment.memento());
    Optional<String> unit = memento.value(UNIT);
    Optional<String> limit = memento.value(LIMIT);
    if (unit.isPresent() && limit.isPresent()) {
      Outcome back = systemd.limit(unit.get(), new BigInteger(limit.get()));
      return back.kind() == Kind.DONE ? undone() : back;
    }
    Optional<Path> folder = memento.value(GROUP).map(Path::of);
    if (folder.isEmpty() || limit.isEmpty()) {
      return new Outcome(Kind.DONE, "nothing was changed");
    }
    if (Files.notExists(folder.get())) {
      return new Outcome(Kind.DONE, "its control group is gone, and the limit with it");
    }
    CpuGroups.Group group = groups.at(folder.get());
    if (limit.get().equals(MADE)) {
      groups.remove(group);
    } else {
      group.restore(limit.get());
    }
    return undone();
  }

  private static Outcome undone() {
    return new Outcome(Kind.DONE, "CPU time as it was");
  }

  /** A child that was started again while it is throttled goes where its former self was. */
  Optional<String> rejoin(EntityId service, List<Long> processes) {
    try {
      Optional<CpuGroups.Group> group = groups.existing(name(service));
      if (group.isEmpty()) {
        return Optional.empty();
      }
      for (long pid : processes) {
        group.get().add(pid);
      }
      return Optional.of("CPU time still limited");
    } catch (IOException files) {
      return Optional.of("its CPU time is no longer limited: " + words(files));
    }
  }
}
