package dev.heal.engine.actuate;

import dev.heal.dsl.tree.Value;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import dev.heal.nvml.NvmlBridge;
import dev.heal.nvml.answer.Answer;
import dev.heal.nvml.answer.Problem;
import dev.heal.nvml.control.ClockDomain;
import dev.heal.nvml.control.ClockRange;
import dev.heal.nvml.control.GpuControl;
import dev.heal.nvml.control.Replaced;
import dev.heal.nvml.session.Gpu;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Throttles and resets the GPUs of this host, through NVML. */
final class GpuActs {
  private static final String POWER = "power";
  private static final String CLOCKS = "clocks";
  private static final String NONE = "none";
  private static final double MEGAHERTZ = 1e6;

  /** NVML's {@code INVALID_ARGUMENT}: out of the range of this GPU, now and for ever. */
  private static final int OUT_OF_RANGE = 2;

  private final NvmlBridge bridge;
  private final Keeper keeper;

  GpuActs(NvmlBridge bridge, Keeper keeper) {
    this.bridge = bridge;
    this.keeper = keeper;
  }

  /** The GPU that the site or its index means: a declared address that is not there is nobody. */
  static Optional<Gpu> find(NvmlBridge bridge, EntityId target, Optional<String> pci) {
    String index = target.name().substring(target.name().indexOf('/') + 1);
    return bridge.gpus().stream()
        .filter(
            gpu -> {
              Optional<String> address = pci.isPresent() ? gpu.pci() : Optional.empty();
              return address
                  .map(seen -> seen.startsWith(pci.orElse("")))
                  .orElseGet(() -> Integer.toString(gpu.index()).equals(index));
            })
        .findFirst();
  }

  Report act(Assignment assignment, Optional<String> pci) throws InterruptedException {
    Order order = assignment.order();
    bridge.driver(); // looks for the library again where it was missing
    Optional<Gpu> gpu = find(bridge, order.target(), pci);
    if (gpu.isEmpty()) {
      return Report.of(
          Outcome.Kind.FAILED,
          "NVML sees no such GPU: %s"
              .formatted(
                  bridge.driver().problem().map(Problem::toString).orElse("look at `heal gpus`")));
    }
    if (order.act().verb().equals("reset")) {
      return Report.of(outcome(bridge.control().reset(gpu.get()), said -> said));
    }
    return order.purpose() == Order.Purpose.UNDO
        ? undo(gpu.get(), assignment)
        : throttle(gpu.get(), assignment);
  }

  private Report throttle(Gpu gpu, Assignment assignment) throws InterruptedException {
    Order order = assignment.order();
    Optional<Double> power = number(order, POWER);
    Optional<ClockRange> clocks =
        number(order, CLOCKS).map(hertz -> new ClockRange(0, (int) Math.round(hertz / MEGAHERTZ)));
    if (power.isEmpty() && clocks.isEmpty()) {
      return Report.refused(
          "nothing says how far: write `throttle gpu { power 450W }` or `{ clocks 1200MHz }`");
    }
    GpuControl control = bridge.control();
    Map<String, String> before = new TreeMap<>();
    clocks.ifPresent(c -> before.put(CLOCKS, words(control.locked(gpu, ClockDomain.GPU))));
    if (power.isPresent()) {
      Answer<Double> limit = control.powerLimit(gpu);
      limit.value().ifPresent(watts -> before.put(POWER, Double.toString(watts)));
      if (limit.problem().isPresent()) {
        return Report.of(outcome(limit, watts -> ""));
      }
    }
    Memento memento = Memento.of(before).on(Memento.parse(assignment.memento()));
    if (!keeper.keep(order, memento.line())) {
      return Report.of(
          Outcome.Kind.FAILED, "what it replaces could not be written down: nothing was changed");
    }
    return new Report(changed(gpu, power, clocks), Optional.of(memento.line()));
  }

  /** Both, or neither: what is done is taken back where the other does not work. */
  private Outcome changed(Gpu gpu, Optional<Double> power, Optional<ClockRange> clocks) {
    GpuControl control = bridge.control();
    List<Replaced> replaced = new ArrayList<>();
    List<String> words = new ArrayList<>();
    if (power.isPresent()) {
      Answer<Replaced> limited = control.setPowerLimit(gpu, power.get());
      if (limited.problem().isPresent()) {
        return outcome(limited, done -> "");
      }
      limited.value().ifPresent(replaced::add);
      words.add("power limit %.0f W".formatted(power.get()));
    }
    if (clocks.isPresent()) {
      Answer<Replaced> locked = control.lockClocks(gpu, ClockDomain.GPU, clocks.get());
      if (locked.problem().isPresent()) {
        replaced.forEach(r -> r.restore(control));
        return outcome(locked, done -> "");
      }
      words.add("clocks up to %d MHz".formatted(clocks.get().highest()));
    }
    return new Outcome(Outcome.Kind.DONE, String.join(", ", words));
  }

  private Report undo(Gpu gpu, Assignment assignment) {
    Memento memento = Memento.parse(assignment.memento());
    GpuControl control = bridge.control();
    List<String> words = new ArrayList<>();
    boolean powered = memento.value(POWER).isPresent() || unknown(assignment, POWER);
    if (powered) {
      Answer<Double> limit =
          memento
              .value(POWER)
              .map(watts -> Answer.of(Double.parseDouble(watts)))
              .orElseGet(() -> control.defaultPowerLimit(gpu));
      Answer<Replaced> put = limit.then(watts -> control.setPowerLimit(gpu, watts));
      if (put.problem().isPresent()) {
        return Report.of(outcome(put, done -> ""));
      }
      words.add("power limit %.0f W again".formatted(limit.value().orElseThrow()));
    }
    if (memento.value(CLOCKS).isPresent() || unknown(assignment, CLOCKS)) {
      Optional<ClockRange> before = memento.value(CLOCKS).flatMap(GpuActs::range);
      Answer<Replaced> put =
          before
              .map(range -> control.lockClocks(gpu, ClockDomain.GPU, range))
              .orElseGet(() -> control.resetClocks(gpu, ClockDomain.GPU));
      if (put.problem().isPresent()) {
        return Report.of(outcome(put, done -> ""));
      }
      words.add(
          before
              .map(r -> "clocks up to %d MHz again".formatted(r.highest()))
              .orElse("clocks free again"));
    }
    if (assignment.memento().isEmpty()) {
      words.add("as the driver starts: nobody wrote down what was there");
    }
    return Report.of(Outcome.Kind.DONE, String.join(", ", words));
  }

  /** Whether the act changed this, and nobody knows what was there. */
  private static boolean unknown(Assignment assignment, String what) {
    return assignment.memento().isEmpty() && number(assignment.order(), what).isPresent();
  }

  private static Optional<Double> number(Order order, String word) {
    return Optional.ofNullable(order.act().settings().get(word))
        .map(values -> values.get(values.size() - 1))
        .filter(value -> value instanceof Value.Quantity)
        .map(value -> ((Value.Quantity) value).parts().get(0).number().doubleValue());
  }

  private static String words(Optional<ClockRange> range) {
    return range.map(r -> r.lowest() + ".." + r.highest()).orElse(NONE);
  }

  private static Optional<ClockRange> range(String words) {
    int dots = words.indexOf("..");
    return dots < 0
        ? Optional.empty()
        : Optional.of(
            new ClockRange(
                Integer.parseInt(words.substring(0, dots)),
                Integer.parseInt(words.substring(dots + 2))));
  }

  private static <T> Outcome outcome(
      Answer<T> answer, java.util.function.Function<T, String> words) {
    return answer.match(
        value -> new Outcome(Outcome.Kind.DONE, words.apply(value)),
        problem -> new Outcome(kind(problem), problem.toString()));
  }

  private static Outcome.Kind kind(Problem problem) {
    return switch (problem.kind()) {
      case NOT_SUPPORTED, NO_PERMISSION -> Outcome.Kind.REFUSED;
      case TIMED_OUT -> Outcome.Kind.UNKNOWN;
      case LIBRARY_MISSING, DRIVER_NOT_LOADED, GPU_LOST -> Outcome.Kind.FAILED;
      case FAILED -> problem.code() == OUT_OF_RANGE ? Outcome.Kind.REFUSED : Outcome.Kind.FAILED;
    };
  }
}
