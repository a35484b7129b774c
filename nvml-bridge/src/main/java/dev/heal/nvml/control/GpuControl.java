package dev.heal.nvml.control;

import dev.heal.nvml.answer.Answer;
import dev.heal.nvml.answer.Problem;
import dev.heal.nvml.binding.Device;
import dev.heal.nvml.binding.ReturnCode;
import dev.heal.nvml.binding.Symbol;
import dev.heal.nvml.metric.GpuProcess;
import dev.heal.nvml.metric.GpuReader;
import dev.heal.nvml.session.Gpu;
import dev.heal.nvml.session.NvmlSession;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Changes GPUs. */
public final class GpuControl {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration RETURN_PATIENCE = Duration.ofSeconds(10);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
  private static final int IN_USE = 19;

  private final NvmlSession session;
  private final ResetTool resetTool;
  private final Map<Gpu, Map<ClockDomain, ClockRange>> locked = new ConcurrentHashMap<>();

  public GpuControl(NvmlSession session, ResetTool resetTool) {
    this.session = session;
    this.resetTool = resetTool;
  }

  /** The power limit that is set, in watts. */
  public Answer<Double> powerLimit(Gpu gpu) {
    return session
        .ask(gpu, PATIENCE, device -> device.number(Symbol.POWER_LIMIT))
        .map(GpuControl::watts);
  }

  /** The power limit that the GPU starts with, in watts. */
  public Answer<Double> defaultPowerLimit(Gpu gpu) {
    return session
        .ask(gpu, PATIENCE, device -> device.number(Symbol.POWER_LIMIT_DEFAULT))
        .map(GpuControl::watts);
  }

  private static double watts(long thousandths) {
    return thousandths / 1e3;
  }

  /** What this bridge has locked; NVML does not tell what others have. */
  public Optional<ClockRange> locked(Gpu gpu, ClockDomain domain) {
    return Optional.ofNullable(locked.getOrDefault(gpu, Map.of()).get(domain));
  }

  /**
   * Sets the power limit.
   *
   * @param watts within the range of this GPU; NVML knows thousandths
   * @return the limit that was set before; FAILED with code 2 where it is out of range
   */
  public Answer<Replaced> setPowerLimit(Gpu gpu, double watts) {
    return change(
        gpu,
        device ->
            device
                .pair(Symbol.POWER_LIMIT_CONSTRAINTS)
                .then(range -> inRange(gpu, watts, range))
                .then(ok -> device.number(Symbol.POWER_LIMIT))
                .then(
                    before ->
                        device
                            .call(Symbol.SET_POWER_LIMIT, (int) Math.round(watts * 1e3))
                            .map(done -> new Replaced.PowerLimit(gpu, before / 1e3))));
  }

  private static Answer<Boolean> inRange(Gpu gpu, double watts, Device.Pair range) {
    double least = range.first() / 1e3;
    double most = range.second() / 1e3;
    return watts >= least && watts <= most
        ? Answer.of(true)
        : refused(
            "a power limit of %.0f W is out of range: %s takes %.0f to %.0f W"
                .formatted(watts, gpu, least, most));
  }

  /**
   * Lets the GPU choose its clocks only within this range.
   *
   * @return what this bridge had locked before; FAILED with code 2 where the range begins above the
   *     highest clock of this GPU
   */
  public Answer<Replaced> lockClocks(Gpu gpu, ClockDomain domain, ClockRange range) {
    return change(
        gpu,
        device ->
            device
                .number(Symbol.MAX_CLOCK, domain.clockType())
                .then(most -> inRange(gpu, range, most))
                .then(ok -> device.call(domain.lock(), range.lowest(), range.highest()))
                .map(
                    done ->
                        new Replaced.Clocks(
                            gpu, domain, remember(gpu, domain, Optional.of(range)))));
  }

  private static Answer<Boolean> inRange(Gpu gpu, ClockRange range, long most) {
    return range.lowest() <= most
        ? Answer.of(true)
        : refused(
            "clocks from %d MHz on are out of range: %s reaches %d MHz"
                .formatted(range.lowest(), gpu, most));
  }

  /** Lets the GPU choose its clocks again. */
  public Answer<Replaced> resetClocks(Gpu gpu, ClockDomain domain) {
    return change(
        gpu,
        device ->
            device
                .call(domain.reset())
                .map(
                    done ->
                        new Replaced.Clocks(gpu, domain, remember(gpu, domain, Optional.empty()))));
  }

  private Optional<ClockRange> remember(Gpu gpu, ClockDomain domain, Optional<ClockRange> range) {
    Map<ClockDomain, ClockRange> ofGpu =
        locked.computeIfAbsent(gpu, g -> new EnumMap<>(ClockDomain.class));
    return Optional.ofNullable(
        range.isPresent() ? ofGpu.put(domain, range.get()) : ofGpu.remove(domain));
  }

  /** The processes that hold it. */
  public Answer<List<GpuProcess>> holders(Gpu gpu) {
    return session.ask(gpu, PATIENCE, GpuReader::processes);
  }

  /**
   * Resets it, through the tool that the driver ships. NVML is let go meanwhile: other readings say
   * so.
   *
   * @return what the tool said; FAILED with code 19 where a process holds the GPU, and nothing done
   */
  public Answer<String> reset(Gpu gpu) {
    if (!Privilege.isHeld()) {
      return noPrivilege();
    }
    Answer<List<GpuProcess>> holders = holders(gpu);
    boolean lost = holders.problem().filter(p -> p.kind() == Problem.Kind.GPU_LOST).isPresent();
    if (holders.problem().isPresent() && !lost) { // of a lost GPU nobody can say who holds it
      return holders.map(none -> "");
    }
    List<GpuProcess> held = holders.value().orElse(List.of());
    if (!held.isEmpty()) {
      return Answer.none(
          new Problem(Problem.Kind.FAILED, IN_USE, "%s is held by %s".formatted(gpu, named(held))));
    }
    return resetTool
        .check()
        .then(tool -> session.without(PATIENCE, () -> resetTool.run(gpu)))
        .then(said -> answersAgain(gpu).map(yes -> said));
  }

  /** A GPU may take a while to come back after its reset. */
  private Answer<Boolean> answersAgain(Gpu gpu) {
    long deadline = System.nanoTime() + RETURN_PATIENCE.toNanos();
    while (true) {
      session.refresh(true);
      long generation = session.generation();
      Answer<Boolean> answer =
          session.ask(gpu, PATIENCE, device -> device.text(Symbol.UUID).map(uuid -> true));
      if (answer.value().isPresent() || System.nanoTime() - deadline > 0) {
        return answer;
      }
      try {
        session.awaitGenerationAfter(generation, LOOK_AGAIN);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return answer;
      }
    }
  }

  private static String named(List<GpuProcess> held) {
    return held.stream()
        .map(process -> "%d (%s)".formatted(process.pid(), process.name().orElse("?")))
        .collect(Collectors.joining(", "));
  }

  private Answer<Replaced> change(Gpu gpu, Function<Device, Answer<Replaced>> work) {
    if (!Privilege.isHeld()) {
      return noPrivilege();
    }
    return session.ask(gpu, PATIENCE, work);
  }

  private static <T> Answer<T> noPrivilege() {
    return Answer.none(Problem.Kind.NO_PERMISSION, "to change a GPU takes root, or CAP_SYS_ADMIN");
  }

  private static <T> Answer<T> refused(String text) {
    return Answer.none(new Problem(Problem.Kind.FAILED, ReturnCode.INVALID_ARGUMENT, text));
  }
}
