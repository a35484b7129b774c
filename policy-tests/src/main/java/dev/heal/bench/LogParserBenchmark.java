package dev.heal.bench;

import dev.heal.engine.fact.log.LogOptions;
import dev.heal.engine.fact.log.LogParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lines a second of a kernel log with few faults, and of one with nothing else. */
final class LogParserBenchmark implements Benchmark {
  private static final int LINES = 1_000_000;
  private static final int ROUNDS = 8;
  private static final double GOAL = 500_000;
  private static final List<String> QUIET =
      List.of(
          "usb 1-1: new high-speed USB device number %d using xhci_hcd",
          "audit: type=1400 audit(1740327858.%d:71): apparmor=\"STATUS\" operation=\"profile_load\"",
          "docker0: port %d(veth1a2b3c4) entered forwarding state",
          "systemd[1]: Started Session %d of user root.",
          "perf: interrupt took too long (%d > 2500), lowering kernel.perf_event_max_sample_rate");
  private static final List<String> FAULTS =
      List.of(
          "NVRM: Xid (PCI:0000:3b:00): 31, pid=%d, name=python3, Ch 00000008, intr 00000000",
          "mlx5_core 0000:12:00.0 eth%d: Link down",
          "python3[%d]: segfault at 0 ip 00007f sp 00007f error 4 in libcuda.so[7f0+1]");

  @Override
  public String name() {
    return "logs";
  }

  @Override
  public void run(Effort effort, Report report) throws IOException {
    report.section("Log lines a second");
    report.note(
        "On one thread, the best of %d runs; the clock on the wall and processor time.", ROUNDS);
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("log", "lines", "events", "lines/s", "lines/s of processor time", "MB/s"));
    int lines = effort.of(LINES);
    double perSecond = row(rows, "kernel, one line in a thousand a fault", log(lines, 1_000));
    row(rows, "kernel, every line a fault", log(lines / 10, 1));
    report.table(rows);
    report.goal(
        "lines/s of a kernel log with 0.1 % faults, one core",
        Report.text("%,.0f", perSecond), "500,000 or more", perSecond >= GOAL);
  }

  /** Gives back lines a second of processor time. */
  private static double row(List<List<String>> rows, String name, byte[] log) throws IOException {
    Stopwatch.Elapsed best = new Stopwatch.Elapsed(Double.MAX_VALUE, Double.MAX_VALUE);
    long lines = 0;
    long events = 0;
    for (int round = 0; round < ROUNDS; round++) {
      LogParser parser = new LogParser(LogOptions.none(), event -> {});
      Stopwatch watch = Stopwatch.ofThisThread();
      parser.read(new ByteArrayInputStream(log));
      best = best.best(watch.elapsed());
      lines = parser.lines();
      events = parser.events();
    }
    rows.add(
        List.of(
            name,
            Report.text("%,d", lines),
            Report.text("%,d", events),
            Report.text("%,.0f", lines / best.wall()),
            Report.text("%,.0f", lines / best.processor()),
            Report.text("%,.0f", log.length / 1e6 / best.wall())));
    return lines / best.processor();
  }

  private static byte[] log(int lines, int every) {
    StringBuilder log = new StringBuilder();
    for (int i = 0; i < lines; i++) {
      List<String> kind = i % every == every - 1 ? FAULTS : QUIET;
      String message = String.format(Locale.ROOT, kind.get(i / 7 % kind.size()), i % 9000);
      log.append(stamp(i)).append(message).append('\n');
    }
    return log.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String stamp(int i) {
    return String.format(Locale.ROOT, "[%5d.%06d] ", i / 1000, i % 1000 * 1000);
  }
}
