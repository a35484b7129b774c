package dev.heal.bench;

import dev.heal.bench.rival.Cel;
import dev.heal.bench.rival.Contender;
import dev.heal.bench.rival.Evrete;
import dev.heal.bench.rival.Firings;
import dev.heal.bench.rival.Heal;
import dev.heal.bench.rival.PlainDrools;
import dev.heal.bench.rival.PlainLoop;
import dev.heal.bench.stream.SampleStream;
import dev.heal.bench.stream.StreamKind;
import dev.heal.bench.stream.ThresholdRule;
import dev.heal.engine.fact.Fact;
import java.util.List;

/**
 * Rules, a stream, and what must be decided on it: what the plain loop decides.
 *
 * @param moves how many samples lie on another level than the one before
 * @param digest of all decisions
 */
@SuppressWarnings("ArrayRecordComponent") // the samples are walked in the loop that is measured
record Contest(
    List<ThresholdRule> rules, Fact.Sample[] samples, long moves, int decisions, String digest) {
  /** With so many policies all contenders are measured; else those that can bear it. */
  static final int MIDDLE = 200;

  private static final long SEED = 20_260_105;

  static Contest of(int policies, StreamKind kind, int samples) {
    List<ThresholdRule> rules = ThresholdRule.many(policies);
    SampleStream stream = new SampleStream(kind, ThresholdRule.levels(policies), SEED);
    Fact.Sample[] made = stream.next(samples);
    Firings firings = new Firings();
    try (Contender loop = new PlainLoop.Maker().open(rules, firings)) {
      loop.run(made);
    }
    return new Contest(rules, made, stream.moves(), firings.count(), firings.digest());
  }

  /** Who takes part with that many policies, heal first. */
  static List<Contender.Maker> contenders(int policies) {
    return policies == MIDDLE
        ? List.of(
            new Heal.Maker(),
            new PlainLoop.Maker(),
            new PlainDrools.Maker(),
            new Evrete.Maker(),
            new Cel.Maker())
        : List.of(new Heal.Maker(), new PlainLoop.Maker(), new PlainDrools.Maker());
  }

  /** How many samples: as many as the slower contenders take in seconds. */
  static int samples(int policies, StreamKind kind) {
    int most = policies <= 20 ? 400_000 : policies <= MIDDLE ? 200_000 : 80_000;
    return kind == StreamKind.NOISY ? most / 4 : most;
  }

  /** The time of one run with everything built before. */
  Stopwatch.Elapsed run(Contender.Maker maker) {
    Firings firings = new Firings();
    try (Contender contender = maker.open(rules, firings)) {
      Stopwatch watch = maker.hasThreads() ? Stopwatch.ofTheProcess() : Stopwatch.ofThisThread();
      contender.run(samples);
      Stopwatch.Elapsed elapsed = watch.elapsed();
      contender.finish(last());
      agree(maker.name(), firings);
      return elapsed;
    }
  }

  long last() {
    return samples[samples.length - 1].at();
  }

  /** Stops the benchmark where a contender decides otherwise: its time would mean nothing. */
  void agree(String name, Firings firings) {
    if (firings.count() != decisions || !firings.digest().equals(digest)) {
      throw new IllegalStateException(
          "%s decides %d times (%s), the plain loop %d times (%s)"
              .formatted(name, firings.count(), firings.digest(), decisions, digest));
    }
  }
}
