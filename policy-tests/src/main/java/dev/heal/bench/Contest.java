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

/** Which contenders follow which rules on which stream, and that they decide the same. */
final class Contest {
  static final long SEED = 20_260_105;

  /** For contenders that are only measured in the middle. */
  static final int MIDDLE = 200;

  private Contest() {}

  /**
   * @param decisions what all contenders must decide
   */
  @SuppressWarnings("ArrayRecordComponent") // the samples are walked in the loop that is measured
  record Field(List<ThresholdRule> rules, Fact.Sample[] samples, long moves, Decisions decisions) {
    /** The rules and samples; what the plain loop makes of them is what all are held to. */
    static Field of(int policies, StreamKind kind, int samples) {
      List<ThresholdRule> rules = ThresholdRule.many(policies);
      SampleStream stream = new SampleStream(kind, ThresholdRule.levels(policies), SEED);
      Fact.Sample[] made = stream.next(samples);
      Field open = new Field(rules, made, stream.moves(), new Decisions(0, ""));
      return new Field(rules, made, stream.moves(), open.run(new PlainLoop.Maker()));
    }

    long last() {
      return samples[samples.length - 1].at();
    }

    private Decisions run(Contender.Maker maker) {
      Firings firings = new Firings();
      try (Contender contender = maker.open(rules, firings)) {
        contender.run(samples);
        contender.finish(last());
      }
      return Decisions.of(firings);
    }

    /** Stops the benchmark where a contender decides otherwise: its time would mean nothing. */
    void agree(String name, Firings firings) {
      Decisions other = Decisions.of(firings);
      if (!other.equals(decisions)) {
        throw new IllegalStateException(
            name + " decides " + other + ", the plain loop " + decisions);
      }
    }
  }

  /** How many decisions, and which. */
  record Decisions(int count, String digest) {
    static Decisions of(Firings firings) {
      return new Decisions(firings.count(), firings.digest());
    }
  }

  /** Who is measured with that many policies, heal first. */
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

  /** How many samples: as many as the slowest contender takes in a few seconds. */
  static int samples(int policies, StreamKind kind) {
    int most = policies <= 20 ? 400_000 : policies <= 200 ? 200_000 : 80_000;
    return kind == StreamKind.NOISY ? most / 4 : most;
  }
}
