package dev.heal.dsl.tree;

/** The six comparisons. */
public enum ComparisonOperator {
  EQUAL("=="),
  NOT_EQUAL("!="),
  LESS("<"),
  AT_MOST("<="),
  GREATER(">"),
  AT_LEAST(">=");

  private final String sign;

  ComparisonOperator(String sign) {
    this.sign = sign;
  }

  public String sign() {
    return sign;
  }
}
