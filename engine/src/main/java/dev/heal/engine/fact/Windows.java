package dev.heal.engine.fact;

import dev.heal.dsl.policy.NumberSource;
import java.util.OptionalDouble;

/**
 * The functions over samples. Always computed anew in sample order, so that a rebuilt state gives
 * the same bits. Empty: not known. Only samples from {@code from} on count.
 */
final class Windows {
  private static final double NANOS = 1e9;

  private Windows() {}

  static OptionalDouble over(
      NumberSource.Function function, Series series, Moment moment, long span, long from) {
    SampleWindow samples = series.samples();
    int first = first(samples, moment, span, from);
    return switch (function) {
      case AVG -> {
        leaves(samples, first, span, moment);
        yield average(samples, first, samples.size());
      }
      case MIN -> extreme(samples, first, true, span, moment);
      case MAX -> extreme(samples, first, false, span, moment);
      case INCREASE -> increase(samples, first, span, moment);
      case RATE -> divide(increase(samples, first, span, moment), span / NANOS);
    };
  }

  /** The answer may change when that sample leaves the window. */
  private static void leaves(SampleWindow samples, int index, long span, Moment moment) {
    if (index < samples.size()) {
      moment.reached(samples.time(index) + span);
    }
  }

  private static int first(SampleWindow samples, Moment moment, long span, long from) {
    int first = samples.firstAfter(moment.leftBy(span));
    return from == Series.NEVER ? first : Math.max(first, samples.firstAfter(from - 1));
  }

  private static OptionalDouble divide(OptionalDouble number, double by) {
    return number.isPresent() ? OptionalDouble.of(number.getAsDouble() / by) : number;
  }

  private static OptionalDouble average(SampleWindow samples, int first, int end) {
    if (first >= end) {
      return OptionalDouble.empty();
    }
    double sum = 0;
    for (int i = first; i < end; i++) {
      sum += samples.value(i);
    }
    return OptionalDouble.of(sum / (end - first));
  }

  /** Stays until its last occurrence leaves. */
  private static OptionalDouble extreme(
      SampleWindow samples, int first, boolean least, long span, Moment moment) {
    if (first >= samples.size()) {
      return OptionalDouble.empty();
    }
    double found = samples.value(first);
    int last = first;
    for (int i = first + 1; i < samples.size(); i++) {
      double value = samples.value(i);
      double next = least ? Math.min(found, value) : Math.max(found, value);
      if (Double.compare(next, value) == 0) {
        last = i;
      }
      found = next;
    }
    leaves(samples, last, span, moment);
    return OptionalDouble.of(found);
  }

  /**
   * A counter that falls was reset: what it shows then has grown since. Samples that repeat the one
   * before them add nothing to the sum, and are not looked at: the bits stay the same.
   */
  private static OptionalDouble increase(
      SampleWindow samples, int first, long span, Moment moment) {
    int size = samples.size();
    if (size - first < 2) {
      return OptionalDouble.empty();
    }
    leaves(samples, size - 2, span, moment);
    int change = samples.firstChangeAfter(first);
    if (change < samples.changes()) {
      leaves(samples, samples.change(change) - 1, span, moment);
    }
    double grown = 0;
    for (; change < samples.changes(); change++) {
      int i = samples.change(change);
      double step = samples.value(i) - samples.value(i - 1);
      grown += step < 0 ? samples.value(i) : step;
    }
    return OptionalDouble.of(grown);
  }

  /** The last value over the mean of the {@code count} before it. */
  static OptionalDouble ratio(Series series, int count, long from) {
    SampleWindow samples = series.samples();
    int end = samples.size() - 1;
    int first = from == Series.NEVER ? 0 : samples.firstAfter(from - 1);
    if (end - count < first) {
      return OptionalDouble.empty();
    }
    return divide(
        OptionalDouble.of(samples.value(end)),
        average(samples, end - count, end).orElse(Double.NaN));
  }

  /**
   * The value {@code ahead} after the last sample, by least squares over the samples of the last
   * {@code ahead} before it. Anchored on the last sample, so that it changes with samples only.
   */
  static OptionalDouble forecast(Series series, long ahead, long from) {
    SampleWindow samples = series.samples();
    int size = samples.size();
    if (size == 0) {
      return OptionalDouble.empty();
    }
    long anchor = samples.time(size - 1);
    int first = samples.firstAfter(anchor - ahead);
    if (from != Series.NEVER) {
      first = Math.max(first, samples.firstAfter(from - 1));
    }
    if (first >= size || samples.time(first) == anchor) {
      return OptionalDouble.empty();
    }
    double meanX = 0;
    double meanY = 0;
    for (int i = first; i < size; i++) {
      meanX += (samples.time(i) - anchor) / NANOS;
      meanY += samples.value(i);
    }
    meanX /= size - first;
    meanY /= size - first;
    double xy = 0;
    double xx = 0;
    for (int i = first; i < size; i++) {
      double x = (samples.time(i) - anchor) / NANOS - meanX;
      xy += x * (samples.value(i) - meanY);
      xx += x * x;
    }
    return OptionalDouble.of(meanY + xy / xx * (ahead / NANOS - meanX));
  }
}
