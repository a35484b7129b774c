package dev.heal.bench.stream;

import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import java.util.Random;

/**
 * Samples of eight GPUs, each signal once a second, in the order of time. A signal stays on its
 * level, a little unsteady, and now and then goes to another one; it never comes to lie on a
 * threshold, so that no rounding can make two contenders differ.
 */
public final class SampleStream {
  public static final int GPUS = 8;

  /** Samples in each second. */
  public static final int PER_SECOND = GPUS * Gauge.ALL.size();

  /** 2026-01-05T00:00:00Z. */
  public static final long START = 1_767_571_200_000_000_000L;

  private static final long SECOND = 1_000_000_000L;

  /** The normal range: below all thresholds, and below where the lowest clears. */
  private static final int NORMAL = -3;

  private static final double UNSTEADY = 0.2;
  private static final double SHARE_ANYWHERE = 0.1;
  private static final double SHARE_LONG = 0.05;
  private static final int MEAN_OF_LONG = 100;

  private final StreamKind kind;
  private final int levels;
  private final Random random;
  private final EntityId[] gpus = new EntityId[GPUS];
  private final int[] level = new int[PER_SECOND];
  private final int[] secondsLeft = new int[PER_SECOND];
  private long seconds;
  private long moves;

  /**
   * @param levels how many thresholds there are on each signal
   */
  public SampleStream(StreamKind kind, int levels, long seed) {
    this.kind = kind;
    this.levels = levels;
    this.random = new Random(seed);
    for (int i = 0; i < GPUS; i++) {
      gpus[i] = EntityId.gpu("n1", i);
    }
    java.util.Arrays.fill(level, NORMAL);
  }

  /** The next samples: {@code count}, rounded up to whole seconds. */
  public Fact.Sample[] next(int count) {
    int whole = (count + PER_SECOND - 1) / PER_SECOND;
    Fact.Sample[] samples = new Fact.Sample[whole * PER_SECOND];
    int at = 0;
    for (int second = 0; second < whole; second++) {
      long time = START + seconds++ * SECOND;
      for (int gpu = 0; gpu < GPUS; gpu++) {
        for (Gauge gauge : Gauge.ALL) {
          samples[at] = sample(time, gpus[gpu], gauge, at % PER_SECOND);
          at++;
        }
      }
    }
    return samples;
  }

  /** How many of the samples so far lay on another level than the one before. */
  public long moves() {
    return moves;
  }

  private Fact.Sample sample(long time, EntityId gpu, Gauge gauge, int series) {
    move(series);
    double steady = level[series] + 0.5 + (random.nextDouble() * 2 - 1) * UNSTEADY;
    double units = gauge.low() + steady * gauge.step(levels);
    return new Fact.Sample(time, gpu, gauge.signal(), units * gauge.unitInBase());
  }

  private void move(int series) {
    if (secondsLeft[series] > 0) {
      if (--secondsLeft[series] == 0) {
        moves++;
        level[series] = NORMAL;
      }
    } else if (random.nextDouble() < kind.startChance()) {
      moves++;
      level[series] = somewhere();
      int mean = random.nextDouble() < SHARE_LONG ? MEAN_OF_LONG : kind.usualSeconds();
      secondsLeft[series] = 1 + random.nextInt(2 * mean);
    }
  }

  /** Mostly not far above the lowest threshold; sometimes anywhere. */
  private int somewhere() {
    if (random.nextDouble() < SHARE_ANYWHERE) {
      return random.nextInt(levels);
    }
    int above = (int) (-2 * Math.log(1 - random.nextDouble()));
    return Math.min(above, levels - 1);
  }
}
