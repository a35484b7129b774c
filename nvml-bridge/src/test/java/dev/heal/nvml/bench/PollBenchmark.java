package dev.heal.nvml.bench;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import dev.heal.nvml.NvmlBridge;
import dev.heal.nvml.NvmlOptions;
import dev.heal.nvml.metric.Cadence;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What polling costs, as the engine polls: once a second, and every tenth time the slow metrics
 * too. All of it is processor time. The rest of the machine makes that dearer as well, so idle and
 * polled half minutes take turns, and their medians are compared.
 */
final class PollBenchmark {
  private static final Set<Cadence> FAST = EnumSet.of(Cadence.FAST);
  private static final Set<Cadence> ALL = EnumSet.allOf(Cadence.class);
  private static final int TURNS = Integer.getInteger("heal.nvml.turns", 5);
  private static final Function CLOCK = NativeLibrary.getInstance("c").getFunction("clock");

  private final NvmlBridge bridge;
  private final PrintStream out;

  private PollBenchmark(NvmlBridge bridge, PrintStream out) {
    this.bridge = bridge;
    this.out = out;
  }

  static void run(NvmlOptions options, PrintStream out) throws InterruptedException {
    try (NvmlBridge bridge = NvmlBridge.open(options)) {
      bridge.listen(notice -> {});
      new PollBenchmark(bridge, out).run();
    }
  }

  private void run() throws InterruptedException {
    Cost first = paced(60, true);
    print(
        "polling 8 GPUs once a second, the slow metrics every 10 s, the first minute: %.2f ms a"
            + " second of the whole process, of it %.2f on the threads that poll",
        first.process(), first.threads());
    oneAfterTheOther(FAST);
    oneAfterTheOther(EnumSet.of(Cadence.SLOW));
    List<Cost> idle = new ArrayList<>();
    List<Cost> polled = new ArrayList<>();
    for (int turn = 0; turn < TURNS; turn++) {
      idle.add(paced(30, false));
      polled.add(paced(30, true));
    }
    Cost without = median(idle);
    Cost with = median(polled);
    print(
        "the same once compiled, medians of %d half minutes each: %.2f ms a second of the whole"
            + " process, %.2f without polling: the poll costs %.2f (goal: under 2); on the threads"
            + " that poll it costs %.2f",
        TURNS,
        with.process(),
        without.process(),
        with.process() - without.process(),
        with.threads() - without.threads());
  }

  private void oneAfterTheOther(Set<Cadence> cadences) {
    double best = Double.MAX_VALUE;
    for (int run = 0; run < 20; run++) {
      long before = processMicros();
      for (int i = 0; i < 200; i++) {
        bridge.poll(cadences);
      }
      best = Math.min(best, (processMicros() - before) / 1e3 / 200);
    }
    print("one poll of 8 GPUs, warm, one after the other: %.2f ms (%s)", best, cadences);
  }

  /**
   * Milliseconds a second.
   *
   * @param threads of the thread that asks, which wakes once a second either way, and of those that
   *     answer it
   */
  private record Cost(double process, double threads) {}

  private Cost paced(int seconds, boolean polls) throws InterruptedException {
    long start = System.nanoTime();
    long process = processMicros();
    long threads = threadNanos();
    for (int second = 0; second < seconds; second++) {
      if (polls) {
        bridge.poll(second % 10 == 0 ? ALL : FAST);
      }
      long next = start + TimeUnit.SECONDS.toNanos(second + 1L);
      TimeUnit.NANOSECONDS.sleep(Math.max(0, next - System.nanoTime()));
    }
    return new Cost(
        (processMicros() - process) / 1e3 / seconds, (threadNanos() - threads) / 1e6 / seconds);
  }

  private static Cost median(List<Cost> costs) {
    return new Cost(
        middle(costs.stream().map(Cost::process).toList()),
        middle(costs.stream().map(Cost::threads).toList()));
  }

  private static double middle(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }

  /** By {@code clock} of C: what Java tells of the process is in steps of 10 ms. */
  private static long processMicros() {
    return CLOCK.invokeLong(new Object[0]);
  }

  private static long threadNanos() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long sum = threads.getCurrentThreadCpuTime();
    for (ThreadInfo thread : threads.dumpAllThreads(false, false, 0)) {
      boolean answers = thread.getThreadName().startsWith("nvml");
      if (answers && !thread.getThreadName().equals("nvml events")) {
        sum += Math.max(0, threads.getThreadCpuTime(thread.getThreadId()));
      }
    }
    return sum;
  }

  private void print(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
  }
}
