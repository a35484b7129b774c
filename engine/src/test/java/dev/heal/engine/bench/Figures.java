package dev.heal.engine.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Times, and what of them is told. */
final class Figures {
  private static final double MILLISECOND = 1e6;

  private final List<Long> nanos = new ArrayList<>();

  void add(long time) {
    nanos.add(time);
  }

  /** {@code median 3.21 ms, p99 8.40 ms, most 8.40 ms of 50}. */
  @Override
  public String toString() {
    return text("median %.2f ms, p99 %.2f ms, most %.2f ms of %d");
  }

  private String text(String form) {
    List<Long> sorted = new ArrayList<>(nanos);
    Collections.sort(sorted);
    return String.format(
        Locale.ROOT, form, at(sorted, 0.5), at(sorted, 0.99), at(sorted, 1), sorted.size());
  }

  /** The same of short times, to a thousandth of a millisecond. */
  String exact() {
    return text("median %.3f ms, p99 %.3f ms, most %.3f ms of %d");
  }

  private static double at(List<Long> sorted, double share) {
    int index = (int) Math.ceil(share * sorted.size()) - 1;
    return sorted.get(Math.max(0, index)) / MILLISECOND;
  }
}
