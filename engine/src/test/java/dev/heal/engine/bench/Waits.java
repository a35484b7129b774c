package dev.heal.engine.bench;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicLongArray;

/** Times by the million, to a thirty-second part of each; a fixed size. One thread adds. */
final class Waits {
  private static final int PARTS = 32;
  private static final double MILLISECOND = 1e6;
  private final AtomicLongArray counts = new AtomicLongArray(64 * PARTS);

  void add(long nanos) {
    counts.incrementAndGet(slot(Math.max(0, nanos)));
  }

  private static int slot(long nanos) {
    if (nanos < PARTS) {
      return (int) nanos;
    }
    int shift = 63 - Long.numberOfLeadingZeros(nanos) - 5;
    return (shift + 1) * PARTS + (int) (nanos >>> shift) - PARTS;
  }

  /** The longest time that falls into a slot. */
  private static long most(int slot) {
    if (slot < PARTS) {
      return slot;
    }
    int shift = slot / PARTS - 1;
    return ((slot % PARTS + PARTS + 1L) << shift) - 1;
  }

  void clear() {
    for (int i = 0; i < counts.length(); i++) {
      counts.set(i, 0);
    }
  }

  private long all() {
    long all = 0;
    for (int i = 0; i < counts.length(); i++) {
      all += counts.get(i);
    }
    return all;
  }

  private double at(double share) {
    long rank = (long) Math.ceil(share * all());
    long seen = 0;
    for (int i = 0; i < counts.length(); i++) {
      seen += counts.get(i);
      if (seen >= rank && seen > 0) {
        return most(i) / MILLISECOND;
      }
    }
    return 0;
  }

  /** {@code median 0.021 ms, p99 0.5 ms, p99.9 3.1 ms, most 8.4 ms of 600,000}. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "median %.3f ms, p99 %.2f ms, p99.9 %.2f ms, most %.2f ms of %,d",
        at(0.5),
        at(0.99),
        at(0.999),
        at(1),
        all());
  }
}
