package dev.heal.bench;

import dev.heal.bench.stream.PolicyText;
import dev.heal.bench.stream.ThresholdRule;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.engine.rule.RuleSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** From text to rules: the first time in a process, and again in one that has done it often. */
final class CompileBenchmark implements Benchmark {
  private static final int COLD_RUNS = 5;
  private static final int WARM_RUNS = 30;
  private static final int CHECKS = 9;
  private static final double GOAL_SECONDS = 0.3;

  private final Checkout checkout;
  private final int[] sizes;

  CompileBenchmark(Checkout checkout, int... sizes) {
    this.checkout = checkout;
    this.sizes = sizes.clone();
  }

  @Override
  public String name() {
    return "compile";
  }

  /** In milliseconds. */
  private record Times(double check, double build) {}

  @Override
  public void run(Effort effort, Report report) throws IOException {
    report.section("From text to rules");
    report.note(
        "Milliseconds by the clock on the wall, the median of several runs. Cold: the first time in"
            + " a fresh process, its start not counted, with all compilers and no class archive.");
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of("policies", "KiB of text", "cold check", "cold build", "warm check", "warm build"));
    for (int size : sizes) {
      String text = PolicyText.of(ThresholdRule.many(size));
      Times cold = cold(size, effort);
      Times warm = warm(text, effort);
      rows.add(
          List.of(
              Report.text("%,d", size),
              Report.text("%,d", text.length() / 1024),
              Report.text("%,.0f", cold.check()),
              Report.text("%,.0f", cold.build()),
              Report.text("%,.1f", warm.check()),
              Report.text("%,.1f", warm.build())));
    }
    report.table(rows);
    if (checkout.isThere()) {
      launcher(effort, report);
    }
  }

  private static Times cold(int size, Effort effort) throws IOException {
    int runs = Math.max(1, effort.of(COLD_RUNS));
    double[] check = new double[runs];
    double[] build = new double[runs];
    Path out = Files.createTempFile("heal-bench", ".out");
    Path err = Files.createTempFile("heal-bench", ".err");
    List<String> command =
        List.of(
            ProcessHandle.current().info().command().orElse("java"),
            "-Xss4m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path", ""),
            ColdCompile.class.getName(),
            Integer.toString(size));
    for (int i = 0; i < runs; i++) {
      if (ChildProcess.run(command, out, err).exit() != 0) {
        throw new IOException("a fresh process failed: " + Files.readString(err));
      }
      String[] words = Files.readString(out).strip().split(" ", -1);
      check[i] = Double.parseDouble(words[0]);
      build[i] = Double.parseDouble(words[1]);
    }
    Files.delete(out);
    Files.delete(err);
    return new Times(median(check), median(build));
  }

  private static Times warm(String text, Effort effort) {
    int runs = Math.max(1, effort.of(WARM_RUNS));
    double[] check = new double[runs];
    double[] build = new double[runs];
    for (int i = -runs; i < runs; i++) { // the first half warms up
      Stopwatch checking = Stopwatch.ofThisThread();
      CheckedPolicy policies = PolicyText.checked(text);
      check[Math.max(0, i)] = checking.elapsed().wall() * 1e3;
      Stopwatch building = Stopwatch.ofThisThread();
      new RuleSession.Rules(policies).open().close();
      build[Math.max(0, i)] = building.elapsed().wall() * 1e3;
    }
    return new Times(median(check), median(build));
  }

  /** The whole process, as an operator starts it. */
  private void launcher(Effort effort, Report report) throws IOException {
    Path file = checkout.path("rules/nvidia/thermal.heal");
    Path out = Files.createTempFile("heal-bench", ".out");
    List<String> command = List.of(checkout.path("heal").toString(), "check", file.toString());
    int runs = Math.max(1, effort.of(CHECKS));
    double[] wall = new double[runs];
    for (int i = -1; i < runs; i++) { // the first one builds, and archives the loaded classes
      ChildProcess.Usage usage = ChildProcess.run(command, out, out);
      if (usage.exit() != 0) {
        throw new IOException("`heal check` failed: " + Files.readString(out));
      }
      wall[Math.max(0, i)] = usage.wall();
    }
    Files.delete(out);
    report.goal(
        "`./heal check` of a file, the whole process",
        Report.text("%.2f s (median of %d)", median(wall), runs),
        "under 0.3 s",
        median(wall) < GOAL_SECONDS);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
