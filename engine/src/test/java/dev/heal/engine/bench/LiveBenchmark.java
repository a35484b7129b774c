package dev.heal.engine.bench;

import com.sun.net.httpserver.HttpServer;
import dev.heal.engine.record.EntryType;
import dev.heal.nvml.fake.FakeMachine;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Figures of the running engine; {@code engine/bench} runs it. */
public final class LiveBenchmark {
  private static final int CRASHES = 30;
  private static final int WARM_UP = 5;
  private static final int KERNEL_LINES = 60;
  private static final int FLOOD_SECONDS = 60;
  private static final int LINES_PER_SECOND = 100_000;
  private static final int IDLE_SECONDS = 60;
  private static final double TICKS_PER_SECOND = 100;
  private static final double MIB = 1024.0;

  private static final String CRASH =
      """
      heal 1
      node n1 { gpu 0 }
      service worker on n1 { run ["sleep", "1000"], gpus 0..0, restart via supervised }
      pager oncall { command ["/bin/true"] }
      fault crashed on service "It was killed" {
        when  process exits with signal in [SIGKILL]
        clear after 10m
      }
      policy revive {
        mode enforce
        on crashed, within 30s, attempts 1000 over 10m
        try     { restart service { fresh }, takes 1s, confirm process.running for 2s, timeout 60s }
        give up { page oncall }
      }
      """;

  private static final String CALL =
      """
      heal 1
      node n1 { gpu 0 { pci "0000:1a:00" } }
      service llm on n1 {
        gpus    0..0
        log     "@FOLDER@/*.log"
        health  "http://127.0.0.1:@PORT@/health" every 500ms
        restart via http "POST http://127.0.0.1:@PORT@/restart"
      }
      pager oncall { command ["/bin/true"] }
      fault lost on gpu "It fell off the bus" {
        when  xid in [79]
        clear after 10m
      }
      fault panicked on service "It has panicked" {
        when  log matches `^panic: `
        clear after 10m
      }
      policy call {
        mode enforce
        on lost, within 30s, attempts 1000 over 10m
        try     { restart service, takes 1s, confirm service.health.ok, timeout 60s }
        give up { page oncall }
      }
      policy answer {
        mode enforce
        on panicked, within 30s, attempts 1000 over 10m
        try     { restart service { fresh }, takes 1s, confirm health.ok, timeout 60s }
        give up { page oncall }
      }
      """;

  /** One of them. */
  private interface Run {
    void run(Path folder) throws IOException, InterruptedException;
  }

  private LiveBenchmark() {}

  /** Names of benchmarks; without one, all. */
  public static void main(String[] names) throws IOException, InterruptedException {
    Map<String, Run> all = new LinkedHashMap<>();
    all.put("crash", LiveBenchmark::crash);
    all.put("kernel", LiveBenchmark::kernel);
    all.put("flood", LiveBenchmark::flood);
    all.put("idle", LiveBenchmark::idle);
    all.put("mttr", Repair::compare);
    all.put("reload", ReloadBenchmark::run);
    all.put("swaps", ReloadLoad::run);
    List<String> unknown = Arrays.stream(names).filter(name -> !all.containsKey(name)).toList();
    if (!unknown.isEmpty()) {
      System.err.printf("there is no benchmark %s; there are %s%n", unknown, all.keySet());
      System.exit(2);
    }
    for (String name : names.length == 0 ? all.keySet() : Arrays.asList(names)) {
      Run run = Objects.requireNonNull(all.get(name));
      Path folder = Files.createTempDirectory("heal-bench");
      run.run(folder);
    }
    System.exit(0); // whatever threads the engine's libraries have left
  }

  static void say(String form, Object... words) {
    System.out.println(String.format(Locale.ROOT, form, words));
  }

  private static void crash(Path folder) throws IOException, InterruptedException {
    Figures found = new Figures();
    Figures replaced = new Figures();
    try (Rig rig = new Rig(CRASH, folder, Optional.empty())) {
      for (int i = -WARM_UP; i < CRASHES; i++) {
        FakeMachine.await(() -> !rig.running().isEmpty());
        String running = rig.running().get(0);
        long pid = Long.parseLong(running.replaceAll("\\D+", ""));
        rig.forget();
        long killed = System.nanoTime();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        long raised = rig.await(EntryType.FAULT_RAISED, "crashed").nanos();
        long done = rig.await(EntryType.ACTION_DONE, "crashed").nanos();
        rig.await(EntryType.FAULT_CLEARED, "crashed");
        if (i >= 0) {
          found.add(raised - killed);
          replaced.add(done - killed);
        }
      }
    }
    say("crash    SIGKILL of a child to its fault raised:            %s", found);
    say("crash    SIGKILL of a child to its replacement running:     %s", replaced);
  }

  /** What is called by the engine, and when. */
  private static final class Called implements AutoCloseable {
    private final HttpServer server;
    private final BlockingQueue<Long> at = new LinkedBlockingQueue<>();

    Called() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
      server.createContext(
          "/restart",
          exchange -> {
            at.add(System.nanoTime());
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
          });
      server.createContext(
          "/health",
          exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
          });
      server.start();
    }

    String policies(Path folder) {
      return CALL.replace("@PORT@", Integer.toString(server.getAddress().getPort()))
          .replace("@FOLDER@", folder.toString());
    }

    long next() throws InterruptedException {
      Long next = at.poll(60, TimeUnit.SECONDS);
      if (next == null) {
        throw new IllegalStateException("nothing was called in a minute");
      }
      return next;
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }

  private static void kernel(Path folder) throws IOException, InterruptedException {
    Path device = Path.of("/dev/kmsg");
    if (!Files.isWritable(device)) {
      say("kernel   SKIPPED: %s cannot be written to (root is needed)", device);
      return;
    }
    Figures called = new Figures();
    Figures ours = new Figures();
    try (Called service = new Called();
        Rig rig = new Rig(service.policies(folder), folder, Optional.of(device))) {
      for (int i = -WARM_UP; i < KERNEL_LINES; i++) {
        long written = System.nanoTime();
        Files.writeString(
            device, "<3>NVRM: Xid (PCI:0000:1a:00): 79, pid=1, GPU has fallen off the bus.\n");
        long at = service.next();
        rig.await(EntryType.FAULT_CLEARED, "lost");
        if (i >= 0) {
          called.add(at - written);
          ours.add(at - rig.cameAt());
        }
      }
    }
    say("kernel   a line written to the service called (HTTP):      %s", called);
    say("kernel   of that heal's part, from when it had the line:   %s", ours);
  }

  private static void flood(Path folder) throws IOException, InterruptedException {
    Path log = Files.createFile(folder.resolve("llm.log"));
    try (Called service = new Called();
        Rig rig = new Rig(service.policies(folder), folder, Optional.empty());
        BufferedWriter out = Files.newBufferedWriter(log, StandardOpenOption.APPEND)) {
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2)); // the log is followed from its end
      long start = System.nanoTime();
      long lines = 0;
      long most = 0;
      long panicked = 0;
      Optional<Long> acted = Optional.empty();
      for (int tick = 0; tick < FLOOD_SECONDS * 100; tick++) {
        for (int i = 0; i < LINES_PER_SECOND / 100; i++) {
          out.write("INFO 2026-11-27 10:00:00 engine.py:42 request ");
          out.write(Long.toString(lines++));
          out.write(" finished, 128 tokens in 1.52 s, cache 41.2 % in use\n");
        }
        if (tick == FLOOD_SECONDS * 50) {
          out.flush();
          panicked = System.nanoTime();
          out.write("panic: the scheduler is gone\n");
        }
        out.flush();
        most = Math.max(most, used());
        if (panicked > 0 && acted.isEmpty()) {
          acted = Optional.ofNullable(service.at.poll()).map(Long::valueOf);
        }
        long due = start + (tick + 1) * 10_000_000L;
        while (System.nanoTime() - due < 0) {
          LockSupport.parkNanos(due - System.nanoTime());
        }
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      long at = acted.isPresent() ? acted.get() : service.next();
      say(
          "flood    %,d lines in %.0f s (%,.0f a second), a panic in the middle: acted on after %.1f ms; %,d lines dropped; heap at most %,d MiB",
          lines, seconds, lines / seconds, (at - panicked) / 1e6, rig.dropped(), most >> 20);
    }
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static void idle(Path folder) throws IOException, InterruptedException {
    try (FakeMachine machine = FakeMachine.of("h100x8", folder)) {
      Path site = Files.writeString(folder.resolve("site.heal"), CRASH);
      new ProcessBuilder(launcher(), "--version").start().waitFor(); // it may be built first
      Process engine = launched(folder, site, machine.library());
      try {
        FakeMachine.await(() -> isWatching(folder));
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(IDLE_SECONDS / 2));
        long before = ticks(engine.pid());
        long start = System.nanoTime();
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(IDLE_SECONDS));
        double seconds = (System.nanoTime() - start) / 1e9;
        double share = (ticks(engine.pid()) - before) / TICKS_PER_SECOND / seconds;
        say(
            "idle     8 GPUs at 1 Hz, %.0f s after a start 30 s ago: %.2f %% of a core, %.0f MiB resident",
            seconds, 100 * share, resident(engine.pid()));
      } finally {
        engine.destroy();
        engine.waitFor();
      }
    }
  }

  private static boolean isWatching(Path folder) {
    try {
      return Files.readString(folder.resolve("out")).contains("watching");
    } catch (IOException notYet) {
      return false;
    }
  }

  /** An engine as an operator starts it. */
  private static Process launched(Path folder, Path site, String library) throws IOException {
    return start(folder, site, library, List.of(launcher()));
  }

  private static String launcher() {
    return Path.of(System.getProperty("heal.root"), "heal").toString();
  }

  /** An engine on the classes of this process, which starts at once. */
  static Process engine(Path folder, Path site, String library) throws IOException {
    return start(
        folder,
        site,
        library,
        List.of(
            ProcessHandle.current().info().command().orElseThrow(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.heal.engine.cli.Main"));
  }

  private static Process start(Path folder, Path site, String library, List<String> program)
      throws IOException {
    List<String> command = new ArrayList<>(program);
    command.addAll(
        List.of(
            "run",
            "--stop-services",
            "--policies",
            site.toString(),
            "--state",
            folder.resolve("state").toString(),
            "--node",
            "n1",
            "--library",
            library));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("out").toFile())
        .start();
  }

  /** Processor time, in clock ticks. */
  private static long ticks(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.UTF_8);
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }

  private static double resident(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")))
            .sum()
        / MIB;
  }
}
