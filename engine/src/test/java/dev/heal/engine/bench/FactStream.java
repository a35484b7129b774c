package dev.heal.engine.bench;

import dev.heal.engine.fact.Fact;
import dev.heal.engine.reload.LiveEngine;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Samples of eight GPUs at a steady rate, no two of them the same, on a thread of its own. What was
 * sent is kept as a running sum, so that a recording can be held against it.
 */
final class FactStream {
  private static final int SPIKES = 1_000;
  private static final int SIGNALS = 40;
  private final LiveEngine engine;
  private final long everyNanos;
  private final Random dice = new Random(7);
  private final Waits waits = new Waits();
  private final Thread thread = new Thread(this::run, "bench facts");
  private volatile boolean ending;
  private long sent;
  private long sum = 1;

  /**
   * @param perSecond so many facts
   */
  FactStream(LiveEngine engine, int perSecond) {
    this.engine = engine;
    this.everyNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
  }

  void start() {
    thread.start();
  }

  /** How long facts waited for the loop: from when they were told to when they were taken. */
  Waits waits() {
    return waits;
  }

  private void run() {
    long start = System.nanoTime();
    while (!ending) {
      tell(next());
      long due = start + sent * everyNanos;
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
    }
  }

  private void tell(Fact fact) {
    long told = System.nanoTime();
    engine.hear(
        stamp -> {
          waits.add(System.nanoTime() - told);
          return List.of(fact.heardAt(stamp));
        });
  }

  /** The next one; its value tells which it is. */
  Fact next() {
    int gpu = dice.nextInt(PolicyFolder.GPUS);
    double unique = sent++ / 1e9;
    int kind = dice.nextInt(SIGNALS);
    Fact.Sample fact;
    if (kind == 0) { // read by windows, and so the rarest
      fact = sample(gpu, "nvml.utilization", dice.nextInt(90) / 100.0 + unique);
    } else if (kind < SIGNALS / 3) {
      fact = sample(gpu, "nvml.power", 300 + dice.nextInt(200) + unique);
    } else {
      fact = sample(gpu, "nvml.temperature", temperature() + unique);
    }
    sum = sum(sum, fact);
    return fact;
  }

  private double temperature() {
    return dice.nextInt(SPIKES) == 0 ? PolicyFolder.SPIKE : 62 + dice.nextInt(20);
  }

  private static Fact.Sample sample(int gpu, String signal, double value) {
    return new Fact.Sample(0, PolicyFolder.gpu(gpu), signal, value);
  }

  /** Another one behind those before; their order counts. */
  static long sum(long before, Fact.Sample fact) {
    long next = before * 31 + Double.doubleToLongBits(fact.value());
    return (next * 31 + fact.entity().hashCode()) * 31 + fact.signal().hashCode();
  }

  /** Ends it. */
  void end() throws InterruptedException {
    ending = true;
    thread.join();
  }

  /** How many were sent; after {@link #end}. */
  long sent() {
    return sent;
  }

  /** The sum of all; after {@link #end}. */
  long sum() {
    return sum;
  }
}
