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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What it costs to build the rules of 20, 200 and 2,000 policies, the first time in a process and
 * then; whether builds leave classes behind; what a fact costs a built session, and whether facts
 * that come and go leave anything.
 *
 * <p>Give one size as an argument to measure the first build of that size.
 */
public final class RuleBuildBenchmark {
  private static final int BUILDS = 41;
  private static final int BUILDS_FOR_METASPACE = 200;
  private static final int PAIRS = 1_000_000;
  private static final int CHANGES = 20_000;

  private RuleBuildBenchmark() {}

  public static void main(String[] arguments) {
    int[] sizes =
        arguments.length == 0
            ? new int[] {20, 200, 2_000}
            : Arrays.stream(arguments).mapToInt(Integer::parseInt).toArray();
    for (int size : sizes) {
      CheckedPolicy policies = policies(size);
      build(policies, size);
      change(policies, size);
    }
    CheckedPolicy policies = policies(200);
    metaspace(policies);
    leak(policies);
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

  /** Each build is another one's: only a session that works counts as built. */
  private static double seconds(CheckedPolicy policies) {
    long start = System.nanoTime();
    try (RuleSession session = new RuleSession.Rules(policies).open()) {
      session.raised(new FaultInstance("f0", EntityId.gpu("n1", 0)));
      if (session.current().isEmpty()) {
        throw new IllegalStateException("nothing was proposed");
      }
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private static void build(CheckedPolicy policies, int size) {
    double[] wall = new double[BUILDS];
    double[] thread = new double[BUILDS];
    for (int i = 0; i < BUILDS; i++) {
      double start = threadSeconds();
      wall[i] = seconds(policies);
      thread[i] = threadSeconds() - start;
    }
    double first = wall[0];
    double firstOnThread = thread[0];
    Arrays.sort(wall);
    Arrays.sort(thread);
    print(
        "%,5d policies: first build %.0f ms (%.0f of the thread's own time),"
            + " next median %.1f ms (%.1f), best %.1f ms",
        size,
        first * 1e3,
        firstOnThread * 1e3,
        wall[BUILDS / 2] * 1e3,
        thread[BUILDS / 2] * 1e3,
        wall[0] * 1e3);
  }

  /** Says more than the clock on the wall where others use the machine too. */
  private static double threadSeconds() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e9;
  }

  /** A fault raised and cleared among many that stay as they are. */
  private static void change(CheckedPolicy policies, int size) {
    try (RuleSession session = new RuleSession.Rules(policies).open()) {
      for (int i = 0; i < 2_000; i++) {
        session.raised(new FaultInstance("f" + i % ((size + 1) / 2), EntityId.gpu("n" + i, 0)));
      }
      long[] nanos = new long[CHANGES];
      FaultInstance instance = new FaultInstance("f0", EntityId.gpu("m", 0));
      for (int i = 0; i < CHANGES; i++) {
        long start = System.nanoTime();
        if (i % 2 == 0) {
          session.raised(instance);
        } else {
          session.cleared(instance);
        }
        session.version();
        nanos[i] = System.nanoTime() - start;
      }
      Arrays.sort(nanos);
      long start = System.nanoTime();
      for (int i = 0; i < PAIRS; i++) {
        session.version();
      }
      double idle = (System.nanoTime() - start) / (double) PAIRS;
      print(
          "%,5d policies, 2,000 raised: a change p50 %.1f us, p99 %.1f us, p99.9 %.1f us;"
              + " no change %.1f ns",
          size,
          nanos[CHANGES / 2] / 1e3,
          nanos[CHANGES * 99 / 100] / 1e3,
          nanos[CHANGES * 999 / 1000] / 1e3,
          idle);
    }
  }

  private static void metaspace(CheckedPolicy policies) {
    long before = metaspaceBytes();
    int classes = ManagementFactory.getClassLoadingMXBean().getLoadedClassCount();
    for (int i = 0; i < BUILDS_FOR_METASPACE; i++) {
      seconds(policies);
    }
    print(
        "%d builds of 200 policies: metaspace %+d KiB, %+d classes",
        BUILDS_FOR_METASPACE,
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

  /** Facts of all kinds come and go; each tenth part ends with the heap after a collection. */
  private static void leak(CheckedPolicy policies) {
    try (RuleSession session = new RuleSession.Rules(policies).open()) {
      StringBuilder heap = new StringBuilder();
      for (int i = 0; i < PAIRS; i++) {
        EntityId gpu = EntityId.gpu("n" + i, 0);
        told(session, gpu, true);
        session.version();
        told(session, gpu, false);
        session.version();
        if (i % (PAIRS / 10) == 0) {
          heap.append(String.format(Locale.ROOT, " %,d", heapAfterCollection() / 1024));
        }
      }
      print("1,000,000 spells of a suppressed fault: heap in KiB%s", heap);
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

  /** A collection is asked for until the heap no longer shrinks. */
  private static long heapAfterCollection() {
    long used = Long.MAX_VALUE;
    while (true) {
      System.gc();
      long now = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      if (now >= used - 16 * 1024) {
        return Math.min(now, used);
      }
      used = now;
    }
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
