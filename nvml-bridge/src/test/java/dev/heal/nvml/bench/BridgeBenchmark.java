package dev.heal.nvml.bench;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import dev.heal.nvml.NvmlBridge;
import dev.heal.nvml.NvmlOptions;
import dev.heal.nvml.event.Notice;
import dev.heal.nvml.fake.FakeMachine;
import dev.heal.nvml.metric.Cadence;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.SynchronousQueue;
import java.util.stream.Stream;

/**
 * What the bridge costs, on the fake machine with eight H100: {@code nvml-bridge/bench}. It prints
 * its figures. What NVIDIA's own library costs is not in them.
 */
public final class BridgeBenchmark {
  private static final Set<Cadence> FAST = EnumSet.of(Cadence.FAST);
  private static final Set<Cadence> ALL = EnumSet.allOf(Cadence.class);
  private static final PrintStream OUT = System.out;

  private BridgeBenchmark() {}

  /** Runs the parts that are named: {@code calls poll events cycles hour}; all without a name. */
  public static void main(String[] names) throws Exception {
    Set<String> parts =
        names.length == 0
            ? Set.of("calls", "poll", "events", "cycles", "hour")
            : Set.copyOf(Arrays.asList(names));
    Path folder = Files.createTempDirectory("heal-nvml-bench");
    try (FakeMachine machine = FakeMachine.of("h100x8", folder)) {
      NvmlOptions options = NvmlOptions.ofThisHost().withLibrary(machine.library());
      if (parts.contains("calls")) {
        calls(machine.library());
      }
      if (parts.contains("poll")) {
        PollBenchmark.run(options, OUT);
      }
      if (parts.contains("events")) {
        events(options, machine);
      }
      if (parts.contains("cycles")) {
        cycles(options);
      }
      if (parts.contains("hour")) {
        hour(options);
      }
    } finally {
      delete(folder);
    }
  }

  /** As the bridge maps what a poll calls. */
  private static final class Direct {
    static native int nvmlDeviceGetTemperature(long device, int sensor, long out);

    private Direct() {}
  }

  private static void calls(String path) {
    NativeLibrary library = NativeLibrary.getInstance(path);
    library.getFunction("nvmlInit_v2").invokeInt(new Object[0]);
    Memory out = new Memory(8);
    library.getFunction("nvmlDeviceGetHandleByIndex_v2").invokeInt(new Object[] {0, out});
    Pointer device = out.getPointer(0);
    long handle = Pointer.nativeValue(device);
    long place = Pointer.nativeValue(out);
    Native.register(Direct.class, library);
    Function function = library.getFunction("nvmlDeviceGetTemperature");
    int turns = 300_000;
    double byFunction = Double.MAX_VALUE;
    double direct = Double.MAX_VALUE;
    for (int run = 0; run < 5; run++) {
      long start = System.nanoTime();
      for (int i = 0; i < turns; i++) {
        function.invokeInt(new Object[] {device, 0, out});
      }
      byFunction = Math.min(byFunction, (System.nanoTime() - start) / (double) turns);
      start = System.nanoTime();
      for (int i = 0; i < turns; i++) {
        Direct.nvmlDeviceGetTemperature(handle, 0, place);
      }
      direct = Math.min(direct, (System.nanoTime() - start) / (double) turns);
    }
    library.getFunction("nvmlShutdown").invokeInt(new Object[0]);
    print(
        "a call: %.0f ns through a looked-up function, %.0f ns mapped directly (%.1f times)",
        byFunction, direct, byFunction / direct);
  }

  private static void events(NvmlOptions options, FakeMachine machine) throws Exception {
    int count = 2_000;
    long[] latencies = new long[count];
    SynchronousQueue<Long> heard = new SynchronousQueue<>();
    try (NvmlBridge bridge = NvmlBridge.open(options)) {
      SynchronousQueue<Boolean> listening = new SynchronousQueue<>();
      bridge.listen(
          notice -> {
            try {
              if (notice instanceof Notice.Listening) {
                listening.put(true);
              } else if (notice instanceof Notice.GpuEvent) {
                heard.put(System.nanoTime());
              }
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
      listening.take();
      for (int i = 0; i < count; i++) {
        long start = System.nanoTime();
        Files.writeString(machine.file(), "gpu 3 xid 79\n", StandardOpenOption.APPEND);
        latencies[i] = heard.take() - start;
      }
    }
    Arrays.sort(latencies);
    print(
        "event to listener, %d Xids, the write of the machine file included: p50 %.2f ms, p99 %.2f"
            + " ms (goal: under 5), worst %.2f ms",
        count,
        latencies[count / 2] / 1e6,
        latencies[count * 99 / 100] / 1e6,
        latencies[count - 1] / 1e6);
  }

  private static void cycles(NvmlOptions options) throws IOException {
    int cycles = 1_000;
    for (int i = 0; i < 200; i++) {
      cycle(options);
    }
    String before = held();
    for (int i = 0; i < cycles; i++) {
      cycle(options);
    }
    print("%,d cycles of open, poll and close: before %s, after %s", cycles, before, held());
  }

  private static void cycle(NvmlOptions options) {
    try (NvmlBridge bridge = NvmlBridge.open(options)) {
      bridge.poll(FAST);
    }
  }

  /** As many polls as an hour at 100 Hz has, one after the other. */
  private static void hour(NvmlOptions options) throws IOException {
    int polls = 360_000;
    try (NvmlBridge bridge = NvmlBridge.open(options)) {
      bridge.listen(notice -> {});
      for (int i = 0; i < 5_000; i++) {
        bridge.poll(i % 10 == 0 ? ALL : FAST);
      }
      String before = held();
      long start = System.nanoTime();
      for (int i = 0; i < polls; i++) {
        bridge.poll(i % 1_000 == 0 ? ALL : FAST);
      }
      print(
          "%,d polls (an hour at 100 Hz, without the pauses) in %.0f s: before %s, after %s",
          polls, (System.nanoTime() - start) / 1e9, before, held());
    }
  }

  private static String held() throws IOException {
    System.gc();
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return "%,d KiB native, %d files, %d threads"
          .formatted(NativeMemory.allocatedByOthers() >> 10, files.count(), Thread.activeCount());
    }
  }

  private static void print(String format, Object... values) {
    OUT.println(String.format(Locale.ROOT, format, values));
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
