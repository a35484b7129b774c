package dev.heal.bench;

import dev.heal.engine.fact.log.LogOptions;
import dev.heal.engine.fact.log.LogParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Lines a second of processor time on one thread: of a kernel log of which one line in a thousand
 * is a fault, of the log of a service, and of a kernel log of which every line is a fault.
 */
final class LogParserBenchmark implements Benchmark {
  private static final double GOAL = 500_000;
  private static final int LINES = 1_000_000;
  private static final int ROUNDS = 6;
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

  private static final List<String> SERVING =
      List.of(
          "INFO:     10.0.0.%d:41234 - \"POST /v1/completions HTTP/1.1\" 200 OK",
          "INFO 02-23 16:24:18 [metrics.py:100] Avg prompt throughput: %d tokens/s, Running: 3 reqs",
          "step %d loss: 1.234 grad_norm: 0.5 lr: 1e-05",
          "WARNING retry %d of upstream after error 503",
          "gpu-01:1234:1300 [0] NCCL INFO Channel %d/02 : 0 1 2 3");
  private static final List<String> FAILING =
      List.of(
          "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate %d.00 GiB.",
          "RuntimeError: CUDA error: device-side assert triggered (%d)",
          "[Rank %d] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=1, OpType=ALLREDUCE)");

  @Override
  public String name() {
    return "logs";
  }

  @Override
  public void run(Effort effort, Report report) throws IOException {
    report.section("Log lines a second");
    report.note(
        "Of the thread's own time, and by the clock on the wall; the best of %d runs.", ROUNDS);
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("log", "lines", "events", "lines/s", "MB/s", "lines/s, wall"));
    int lines = effort.of(LINES);
    double perSecond =
        row(rows, "kernel, one line in a thousand a fault", log(lines, QUIET, FAULTS, 1_000));
    row(rows, "service, one line in a thousand a fault", log(lines, SERVING, FAILING, 1_000));
    row(rows, "kernel, every line a fault", log(lines / 20, FAULTS, FAULTS, 1));
    report.table(rows);
    report.goal(
        "lines/s of a kernel log with 0.1 % faults, one core",
        Report.text("%,.0f", perSecond), "500,000 or more", perSecond >= GOAL);
  }

  /** Gives back lines a second of the thread's own time. */
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
            Report.text("%,.0f", lines / best.processor()),
            Report.text("%,.0f", log.length / 1e6 / best.processor()),
            Report.text("%,.0f", lines / best.wall())));
    return lines / best.processor();
  }

  private static byte[] log(int lines, List<String> quiet, List<String> faults, int every) {
    StringBuilder log = new StringBuilder();
    for (int i = 0; i < lines; i++) {
      List<String> kind = i % every == every - 1 ? faults : quiet;
      String message = String.format(Locale.ROOT, kind.get(i / 7 % kind.size()), i % 9000);
      log.append(quiet == SERVING ? "" : stamp(i)).append(message).append('\n');
    }
    return log.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String stamp(int i) {
    return String.format(Locale.ROOT, "[%5d.%06d] ", i / 1000, i % 1000 * 1000);
  }
}
