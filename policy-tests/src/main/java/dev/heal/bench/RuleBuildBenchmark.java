package dev.heal.bench;

import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.check.Checker;
import dev.heal.dsl.check.ImportResolver;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.text.SourceFile;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.rule.RuleSession;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleConsumer;
import org.HdrHistogram.Histogram;

/**
 * What it costs to build the rules of 20, 200 and 2,000 policies, the first time in a process and
 * then; whether builds leave classes behind; what a fact costs a built session, and whether facts
 * that come and go leave anything.
 */
final class RuleBuildBenchmark implements Benchmark {
  private static final int BUILDS = 41;
  private static final int BUILDS_FOR_METASPACE = 200;
  private static final int PAIRS = 1_000_000;
  private static final int CHANGES = 20_000;

  private final int[] sizes;

  RuleBuildBenchmark(int... sizes) {
    this.sizes = sizes.clone();
  }

  @Override
  public String name() {
    return "rules";
  }

  @Override
  public void run(Effort effort, Report report) {
    report.section("Rules");
    report.note(
        "Each second policy joins, each fifth fault suppresses. Builds in milliseconds of the"
            + " thread's own time; a change is a fault raised or"
            + " cleared beside 2,000 raised ones, in microseconds by the clock on the wall.");
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "policies",
            "first build here",
            "next, median",
            "best",
            "change p50",
            "p99",
            "p99.9",
            "no change, ns"));
    for (int size : sizes) {
      CheckedPolicy policies = policies(size);
      List<String> row = new ArrayList<>(List.of(Report.text("%,d", size)));
      row.addAll(build(policies, effort, best -> goal(report, size, best)));
      row.addAll(change(policies, size, effort));
      rows.add(row);
    }
    report.table(rows);
    CheckedPolicy policies = policies(Contest.MIDDLE);
    metaspace(policies, effort, report);
    leak(policies, effort, report);
  }

  /** What the design measured for these sizes; it says that times are good to a factor of two. */
  private static void goal(Report report, int size, double best) {
    if (size == 200 || size == 2_000) {
      double measured = size == 200 ? 3 : 37;
      report.goal(
          Report.text("build of the rules of %,d policies, warm", size),
          Report.text("%.1f ms", best),
          Report.text("%.0f ms, within 2 times", measured),
          best <= 2 * measured);
    }
  }

  /** A fault for each two policies; every fifth suppresses the next one. */
  static CheckedPolicy policies(int count) {
    StringBuilder text = new StringBuilder("heal 1\n");
    for (int i = 0; i < (count + 1) / 2; i++) {
      text.append("fault f" + i + " on gpu {\n  when xid == 79\n  clear after 1m\n");
      text.append(
          i % 5 == 0 && i + 1 < (count + 1) / 2
              ? "  suppresses [f" + (i + 1) + "] same node\n}\n"
              : "}\n");
    }
    for (int i = 0; i < count; i++) {
      text.append(
          "policy p" + i + " {\n  on f" + i / 2 + "\n  priority " + (i % 2 + 1) * 20 + "\n");
      text.append(i % 2 == 1 ? "  where node.pool == \"a\"\n" : "");
      text.append("  try { cordon node, confirm node.cordoned }\n}\n");
    }
    CheckResult result =
        Checker.check(List.of(new SourceFile("bench.heal", text.toString())), ImportResolver.NONE);
    return result
        .policy()
        .orElseThrow(() -> new IllegalStateException(result.diagnostics().toString()));
  }

  /** Only a session that works counts as built. */
  private static void buildOnce(CheckedPolicy policies) {
    try (RuleSession session = new RuleSession.Rules(policies).open()) {
      session.raised(new FaultInstance("f0", EntityId.gpu("n1", 0)));
      if (session.current().isEmpty()) {
        throw new IllegalStateException("nothing was proposed");
      }
    }
  }

  private static List<String> build(
      CheckedPolicy policies, Effort effort, DoubleConsumer bestOfAll) {
    int builds = Math.max(3, effort.of(BUILDS));
    double[] millis = new double[builds];
    for (int i = 0; i < builds; i++) {
      Stopwatch watch = Stopwatch.ofThisThread();
      buildOnce(policies);
      millis[i] = watch.elapsed().processor() * 1e3;
    }
    double first = millis[0];
    Arrays.sort(millis);
    bestOfAll.accept(millis[0]);
    return List.of(
        Report.text("%.0f", first),
        Report.text("%.1f", millis[builds / 2]),
        Report.text("%.1f", millis[0]));
  }

  /** A fault raised and cleared among many that stay as they are. */
  private static List<String> change(CheckedPolicy policies, int size, Effort effort) {
    try (RuleSession session = new RuleSession.Rules(policies).open()) {
      for (int i = 0; i < 2_000; i++) {
        session.raised(new FaultInstance("f" + i % ((size + 1) / 2), EntityId.gpu("n" + i, 0)));
      }
      Histogram nanos = new Histogram(3);
      FaultInstance instance = new FaultInstance("f0", EntityId.gpu("m", 0));
      for (int i = 0; i < effort.of(CHANGES); i++) {
        long start = System.nanoTime();
        if (i % 2 == 0) {
          session.raised(instance);
        } else {
          session.cleared(instance);
        }
        session.version();
        nanos.recordValue(System.nanoTime() - start);
      }
      long start = System.nanoTime();
      for (int i = 0; i < PAIRS; i++) {
        session.version();
      }
      double idle = (System.nanoTime() - start) / (double) PAIRS;
      return List.of(
          micros(nanos, 50), micros(nanos, 99), micros(nanos, 99.9), Report.text("%.1f", idle));
    }
  }

  private static String micros(Histogram nanos, double percentile) {
    return Report.text("%.1f", nanos.getValueAtPercentile(percentile) / 1e3);
  }

  private static void metaspace(CheckedPolicy policies, Effort effort, Report report) {
    long before = metaspaceBytes();
    int classes = ManagementFactory.getClassLoadingMXBean().getLoadedClassCount();
    int builds = effort.of(BUILDS_FOR_METASPACE);
    for (int i = 0; i < builds; i++) {
      buildOnce(policies);
    }
    report.note(
        "%d builds of 200 policies: metaspace %+d KiB, %+d classes",
        builds,
        (metaspaceBytes() - before) / 1024,
        ManagementFactory.getClassLoadingMXBean().getLoadedClassCount() - classes);
  }

  private static long metaspaceBytes() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getName().equals("Metaspace"))
        .mapToLong(RuleBuildBenchmark::used)
        .sum();
  }

  private static long used(MemoryPoolMXBean pool) {
    return pool.getUsage().getUsed();
  }

  /** Facts of all kinds come and go; each fifth part ends with the heap after a collection. */
  private static void leak(CheckedPolicy policies, Effort effort, Report report) {
    try (RuleSession session = new RuleSession.Rules(policies).open()) {
      StringBuilder heap = new StringBuilder();
      int spells = effort.of(PAIRS);
      for (int i = 0; i < spells; i++) {
        EntityId gpu = EntityId.gpu("n" + i, 0);
        told(session, gpu, true);
        session.version();
        told(session, gpu, false);
        session.version();
        if (i % Math.max(1, spells / 5) == 0) {
          heap.append(String.format(Locale.ROOT, " %,d", MemoryBenchmark.heapInUse() / 1024));
        }
      }
      report.note("%,d spells of a suppressed fault: heap in KiB%s", spells, heap);
    }
  }

  private static void told(RuleSession session, EntityId gpu, boolean holds) {
    FaultInstance parent = new FaultInstance("f0", gpu);
    FaultInstance child = new FaultInstance("f1", gpu);
    EntityId node = EntityId.node(gpu.host().orElseThrow());
    session.related(gpu, node, holds);
    session.suppressing(parent, 1, holds);
    session.where("p3", gpu, holds);
    if (holds) {
      session.raised(parent);
      session.raised(child);
    } else {
      session.cleared(parent);
      session.cleared(child);
    }
  }
}
