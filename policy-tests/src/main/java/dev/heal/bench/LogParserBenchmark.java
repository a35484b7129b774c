package dev.heal.bench;

import dev.heal.engine.fact.log.LogOptions;
import dev.heal.engine.fact.log.LogParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Lines a second of a kernel log of which one line in a thousand is a fault, on one thread. */
public final class LogParserBenchmark {
  private static final int LINES = 1_000_000;
  private static final int ROUNDS = 8;
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

  private LogParserBenchmark() {}

  /** Prints one line a round; the first rounds warm up. */
  public static void main(String[] arguments) throws IOException {
    byte[] log = log();
    for (int round = 1; round <= ROUNDS; round++) {
      LogParser parser = new LogParser(LogOptions.none(), event -> {});
      long start = System.nanoTime();
      parser.read(new ByteArrayInputStream(log));
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf(
          Locale.ROOT,
          "round %d: %,.0f lines/s, %.0f MB/s, %d lines, %d events%n",
          round,
          LINES / seconds,
          log.length / 1e6 / seconds,
          parser.lines(),
          parser.events());
    }
  }

  private static byte[] log() {
    StringBuilder log = new StringBuilder();
    for (int i = 0; i < LINES; i++) {
      List<String> kind = i % 1000 == 999 ? FAULTS : QUIET;
      String message = String.format(Locale.ROOT, kind.get(i / 7 % kind.size()), i % 9000);
      log.append(String.format(Locale.ROOT, "[%5d.%06d] ", i / 1000, i % 1000 * 1000))
          .append(message)
          .append('\n');
    }
    return log.toString().getBytes(StandardCharsets.UTF_8);
  }
}
