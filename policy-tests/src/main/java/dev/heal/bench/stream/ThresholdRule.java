package dev.heal.bench.stream;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A rule that every contender must follow: it fires on an entity once the signal has been at {@code
 * raise} or above for {@code held}, and not again before a sample below {@code clear}.
 *
 * @param raise in the base unit of the signal
 * @param clear below this, in the base unit; less than {@code raise}
 * @param when the condition as a policy spells it
 * @param clears its end as a policy spells it
 */
public record ThresholdRule(
    String policy,
    String signal,
    double raise,
    double clear,
    Duration held,
    String when,
    String clears) {
  private static final int DIGITS = 4;

  /** In seconds; more than two samples of the slowest signal. */
  private static final int[] SPANS = {20, 30, 60};

  /** How far below its threshold a rule clears, in steps: not where another threshold is. */
  private static final double HYSTERESIS = 1.9;

  public ThresholdRule {
    if (!(clear < raise) || held.isNegative()) {
      throw new IllegalArgumentException("a rule clears below where it raises");
    }
  }

  /** {@code count} rules, spread over all signals and, on each, over its whole range. */
  public static List<ThresholdRule> many(int count) {
    List<ThresholdRule> rules = new ArrayList<>();
    int signals = Gauge.ALL.size();
    for (int i = 0; i < count; i++) {
      Gauge gauge = Gauge.ALL.get(i % signals);
      rules.add(rule(i, gauge, i / signals, levels(count)));
    }
    return List.copyOf(rules);
  }

  /** How many thresholds there are on each signal. */
  public static int levels(int count) {
    int signals = Gauge.ALL.size();
    return (count + signals - 1) / signals;
  }

  private static ThresholdRule rule(int number, Gauge gauge, int level, int levels) {
    double step = gauge.step(levels);
    BigDecimal raise = decimal(gauge.low() + level * step);
    BigDecimal clear = decimal(gauge.low() + (level - HYSTERESIS) * step);
    int span = SPANS[number % SPANS.length];
    return new ThresholdRule(
        "p" + number,
        gauge.signal(),
        raise.doubleValue() * gauge.unitInBase(),
        clear.doubleValue() * gauge.unitInBase(),
        Duration.ofSeconds(span),
        gauge.signal() + " >= " + raise.toPlainString() + gauge.unit() + " for " + span + "s",
        gauge.signal() + " < " + clear.toPlainString() + gauge.unit());
  }

  private static BigDecimal decimal(double value) {
    return BigDecimal.valueOf(value).setScale(DIGITS, RoundingMode.HALF_EVEN).stripTrailingZeros();
  }
}
