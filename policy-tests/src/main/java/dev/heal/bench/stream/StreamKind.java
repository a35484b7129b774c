package dev.heal.bench.stream;

import java.util.Locale;

/** How eventful a stream is. */
public enum StreamKind {
  /** No sample crosses any threshold. */
  UNEVENTFUL(0, 0),
  /** 99.9 % of the samples cross no threshold: an excursion begins or ends in the others. */
  QUIET(0.0005, 85),
  /** About one sample in seven goes elsewhere. */
  NOISY(0.2, 5);

  private final double startChance;
  private final int usualSeconds;

  StreamKind(double startChance, int usualSeconds) {
    this.startChance = startChance;
    this.usualSeconds = usualSeconds;
  }

  /** The chance that a normal signal leaves its normal range, each second. */
  double startChance() {
    return startChance;
  }

  /** How long it mostly stays where it went, on average. */
  int usualSeconds() {
    return usualSeconds;
  }

  /** {@code quiet}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
