package dev.heal.dsl.check;

import dev.heal.dsl.tree.ComparisonOperator;

/**
 * The values that tests on one number leave over.
 *
 * @param lowOpen whether the lower end itself is left out
 * @param highOpen whether the upper end itself is left out
 */
record Bounds(double low, boolean lowOpen, double high, boolean highOpen) {
  static final Bounds ALL =
      new Bounds(Double.NEGATIVE_INFINITY, false, Double.POSITIVE_INFINITY, false);

  static final Bounds NOT_NEGATIVE = new Bounds(0, false, Double.POSITIVE_INFINITY, false);

  /** What a comparison lets through; {@code !=} is taken to let everything through. */
  static Bounds of(ComparisonOperator operator, double bound) {
    return switch (operator) {
      case EQUAL -> new Bounds(bound, false, bound, false);
      case NOT_EQUAL -> ALL;
      case LESS -> new Bounds(ALL.low, false, bound, true);
      case AT_MOST -> new Bounds(ALL.low, false, bound, false);
      case GREATER -> new Bounds(bound, true, ALL.high, false);
      case AT_LEAST -> new Bounds(bound, false, ALL.high, false);
    };
  }

  Bounds and(Bounds other) {
    double lowest = Math.max(low, other.low);
    double highest = Math.min(high, other.high);
    return new Bounds(
        lowest,
        (lowOpen && low == lowest) || (other.lowOpen && other.low == lowest),
        highest,
        (highOpen && high == highest) || (other.highOpen && other.high == highest));
  }

  boolean isEmpty() {
    return low > high || (low == high && (lowOpen || highOpen));
  }
}
