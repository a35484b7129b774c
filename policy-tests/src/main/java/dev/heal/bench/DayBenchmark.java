package dev.heal.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** A day of eight GPUs through the real {@code ./heal simulate}, twice. */
final class DayBenchmark implements Benchmark {
  private static final int SECONDS = 86_400;
  private static final int RUNS = 2;
  private static final double GOAL_SECONDS = 20;
  private static final long GOAL_KIB = 1 << 20;

  private final Checkout checkout;

  DayBenchmark(Checkout checkout) {
    this.checkout = checkout;
  }

  @Override
  public String name() {
    return "day";
  }

  @Override
  public void run(Effort effort, Report report) throws IOException {
    if (!checkout.isThere()) {
      report.note("no `heal` in %s: the day is left out", checkout.root());
      return;
    }
    Path work = Files.createTempDirectory("heal-day");
    try {
      run(effort, report, work);
    } finally {
      try (Stream<Path> left = Files.list(work)) {
        for (Path file : left.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(work);
    }
  }

  private void run(Effort effort, Report report, Path work) throws IOException {
    Path facts = work.resolve("day.jsonl");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(facts), 1 << 20)) {
      DayRecording.write(out, effort.of(SECONDS));
    }
    report.section("A day of 8 GPUs, 12 signals each, once a second");
    report.note(
        "`./heal simulate --policies examples/fleet/site.heal --facts day.jsonl --format json`: %,d"
            + " samples, %,d MB of JSON Lines, every shipped pack. One GPU runs hot for five"
            + " minutes.",
        DayRecording.samples(effort.of(SECONDS)), Files.size(facts) / 1_000_000);
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("run", "wall, s", "processor, s", "most resident, MiB", "steps", "SHA-256"));
    List<ChildProcess.Usage> usages = new ArrayList<>();
    List<String> digests = new ArrayList<>();
    for (int run = 1; run <= RUNS; run++) {
      Path out = work.resolve("out");
      ChildProcess.Usage usage = simulate(facts, out, work.resolve("err"));
      usages.add(usage);
      digests.add(sha256(out));
      rows.add(row(run, usage, out, digests.get(run - 1)));
    }
    report.table(rows);
    goals(report, effort, usages, digests);
  }

  private ChildProcess.Usage simulate(Path facts, Path out, Path err) throws IOException {
    List<String> command =
        List.of(
            checkout.path("heal").toString(),
            "simulate",
            "--policies",
            checkout.path("examples/fleet/site.heal").toString(),
            "--facts",
            facts.toString(),
            "--format",
            "json");
    ChildProcess.Usage usage = ChildProcess.run(command, out, err);
    if (usage.exit() != 0) {
      throw new IOException(
          "`heal simulate` ended with %d: %s".formatted(usage.exit(), Files.readString(err)));
    }
    return usage;
  }

  private static List<String> row(int run, ChildProcess.Usage usage, Path out, String digest)
      throws IOException {
    try (Stream<String> steps = Files.lines(out)) {
      return List.of(
          Integer.toString(run),
          Report.text("%.1f", usage.wall()),
          Report.text("%.1f", usage.processor()),
          usage.residentKib().map(kib -> Report.text("%,d", kib / 1024)).orElse("not known"),
          Report.text("%,d", steps.count()),
          digest.substring(0, 16));
    }
  }

  private static void goals(
      Report report, Effort effort, List<ChildProcess.Usage> usages, List<String> digests) {
    report.goal(
        "a day, two runs",
        digests.get(0).equals(digests.get(1)) ? "the same bytes" : "other bytes",
        "the same bytes",
        digests.get(0).equals(digests.get(1)));
    if (effort != Effort.FULL) {
      return;
    }
    double wall = usages.stream().mapToDouble(ChildProcess.Usage::wall).min().orElseThrow();
    long kib = usages.stream().mapToLong(u -> u.residentKib().orElse(0L)).max().orElseThrow();
    report.goal("a day, wall", Report.text("%.1f s", wall), "under 20 s", wall < GOAL_SECONDS);
    report.goal(
        "a day, resident",
        kib == 0 ? "not known" : Report.text("%,d MiB", kib / 1024),
        "under 1 GiB",
        kib > 0 && kib < GOAL_KIB);
  }

  private static String sha256(Path file) throws IOException {
    try (DigestInputStream in =
        new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
      in.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(in.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}
