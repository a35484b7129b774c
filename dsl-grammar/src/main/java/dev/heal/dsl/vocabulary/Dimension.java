package dev.heal.dsl.vocabulary;

/** What a number measures. Numbers are kept in the base unit of their dimension. */
public enum Dimension {
  /** A bare number: a count, a code, a score. */
  NUMBER(""),
  TEMPERATURE("C"),
  POWER("W"),
  /** A share, 0..1; written in percent. */
  RATIO(""),
  TIME("s"),
  BYTES("B"),
  FREQUENCY("Hz");

  private final String baseUnit;

  Dimension(String baseUnit) {
    this.baseUnit = baseUnit;
  }

  /** The unit in which facts and checked policies hold it; empty for bare numbers and ratios. */
  public String baseUnit() {
    return baseUnit;
  }
}
