package dev.heal.engine.fact;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Site;
import dev.heal.engine.fact.Succession.Kind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What each cell of the next policies goes on from: what the cell of the same meaning remembered,
 * or what the facts that are kept say of a condition that did not exist before.
 */
final class CarryOver implements Cells.Recall {
  /** Whose state is to be computed from the facts. */
  private static final Set<Kind> COMPUTED = EnumSet.of(Kind.NUMBERS, Kind.CONDITION, Kind.NEW);

  private final Succession succession;
  private final Memories before;
  private final Memories past;

  /** Memories to be found by whose they are. */
  private static final class Memories {
    private final Map<FaultInstance, Memory.OfFault> faults = new HashMap<>();
    private final Map<Beliefs.Holding, Memory.OfWatch> watches = new HashMap<>();
    private final List<Memory.OfWatch> steps = new ArrayList<>();

    Memories(List<Memory> all) {
      for (Memory memory : all) {
        if (memory instanceof Memory.OfFault fault) {
          faults.put(fault.instance(), fault);
        } else if (memory instanceof Memory.OfWatch watch) {
          if (watch.ofStep()) {
            steps.add(watch);
          } else {
            watches.put(new Beliefs.Holding(watch.key(), watch.entity()), watch);
          }
        }
      }
    }

    Optional<Memory.OfFault> of(FaultInstance instance) {
      return Optional.ofNullable(faults.get(instance));
    }

    Optional<Memory.OfWatch> of(WatchCell cell) {
      return Optional.ofNullable(watches.get(new Beliefs.Holding(cell.name, cell.entity)));
    }
  }

  private CarryOver(Succession succession, List<Memory> before, List<Memory> past) {
    this.succession = succession;
    this.before = new Memories(before);
    this.past = new Memories(past);
  }

  static CarryOver of(FactCopy copy, CheckedPolicy next, Succession succession, Topology machines) {
    return new CarryOver(
        succession, copy.memories(), past(copy, next, unknown(next, succession), machines));
  }

  /** Those declarations of which nothing can be remembered. */
  private static CheckedPolicy unknown(CheckedPolicy next, Succession succession) {
    return new CheckedPolicy(
        next.faults().stream()
            .filter(fault -> COMPUTED.contains(succession.fate(fault.name()).kind()))
            .toList(),
        next.policies().stream()
            .filter(p -> p.where().isPresent() && !succession.isSameWatch(FactStage.whereKey(p)))
            .toList(),
        List.of(),
        next.maintenances().stream()
            .filter(m -> m.where().isPresent() && !succession.isSameWatch(FactStage.whereKey(m)))
            .toList(),
        List.of(),
        Map.of(),
        Map.of(),
        Site.EMPTY,
        List.of());
  }

  /** What the facts that are kept say of them. */
  private static List<Memory> past(
      FactCopy copy, CheckedPolicy next, CheckedPolicy unknown, Topology machines) {
    if (unknown.faults().isEmpty()
        && unknown.policies().isEmpty()
        && unknown.maintenances().isEmpty()) {
      return List.of();
    }
    FactCopy.Clock clock = copy.clock();
    // only for what it reads: it has heard nothing
    FactStage readers = new FactStage(unknown, machines, clock.now());
    KeptFacts facts = new KeptFacts(copy.signals(), readers::reads);
    Topology first = copy.firstTopology(next);
    FactStage stage = new FactStage(unknown, first, facts.start(clock.startAt()));
    facts.tell(stage);
    stage.passTo(clock.ranTo(), clock.now());
    copy.disturbances().forEach((entity, caused) -> stage.disturb(entity, caused, clock.now()));
    return stage.memories();
  }

  /** The watches of the steps of repairs, which go on as they are. */
  List<Memory.OfWatch> steps() {
    return before.steps;
  }

  @Override
  public boolean recall(Cells cells, Cell cell, Moment.Now now, Changes changes) {
    return cell instanceof FaultCell fault
        ? fault(cells, fault, now, changes)
        : watch(cells, (WatchCell) cell);
  }

  private boolean fault(Cells cells, FaultCell cell, Moment.Now now, Changes changes) {
    FaultInstance instance = cell.instance();
    Succession.Fate fate = succession.fate(instance.fault());
    return switch (fate.kind()) {
      case SAME -> {
        before.of(instance).ifPresent(memory -> cells.goOn(cell, memory));
        yield before.of(instance).isPresent() && fate.steady();
      }
      case RENAMED -> {
        Optional<Memory.OfFault> memory =
            before.of(new FaultInstance(fate.other().orElseThrow(), instance.entity()));
        memory.ifPresent(former -> cells.goOn(cell, former.of(instance)));
        yield memory.isPresent();
      }
      case NUMBERS -> {
        Optional<Memory.OfFault> former = before.of(instance);
        Optional<Memory.OfFault> computed = past.of(instance);
        if (former.isPresent() || computed.isPresent()) {
          Memory.OfFault nothing = Memory.OfFault.nothing(instance);
          cells.recount(cell, former.orElse(nothing), computed.orElse(nothing), now, changes);
        }
        yield former.isPresent() || computed.isPresent();
      }
      case CONDITION, NEW -> {
        past.of(instance)
            .ifPresent(
                memory -> cells.goOn(cell, memory.isRaised() ? memory.at(now.now()) : memory));
        yield false; // what it is now counts
      }
      case GONE -> throw new IllegalStateException(instance + " is of no fault");
    };
  }

  private boolean watch(Cells cells, WatchCell cell) {
    boolean same = succession.isSameWatch(cell.name);
    Optional<Memory.OfWatch> memory = (same ? before : past).of(cell);
    memory.ifPresent(remembered -> cells.goOn(cell, remembered));
    return same && memory.isPresent();
  }
}
