package dev.heal.engine.fact;

import dev.heal.dsl.policy.Condition;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Since when what has held, to be found again by a condition that was written anew: by its meaning,
 * or, where only its numbers are others, by its shape. What stands twice is given out in order.
 */
final class Recollection {
  private final List<HeldSince> left;
  private final List<HeldSince> leftOfOthers;

  Recollection(List<HeldSince> told) {
    this(told, List.of());
  }

  /**
   * @param others are asked where nothing has held by what was told first
   */
  Recollection(List<HeldSince> told, List<HeldSince> others) {
    this.left = new ArrayList<>(told);
    this.leftOfOthers = new ArrayList<>(others);
  }

  /** {@link Series#NEVER} where nothing of the kind was told. */
  long of(Condition.Held condition) {
    long first = of(condition, left);
    long second = of(condition, leftOfOthers);
    return first != Series.NEVER ? first : second;
  }

  private static long of(Condition condition, List<HeldSince> left) {
    return take(condition, left, Condition::meaning)
        .or(() -> take(condition, left, Condition::shape))
        .map(HeldSince::since)
        .orElse(Series.NEVER);
  }

  private static Optional<HeldSince> take(
      Condition wanted, List<HeldSince> left, Function<Condition, String> text) {
    for (Iterator<HeldSince> each = left.iterator(); each.hasNext(); ) {
      HeldSince one = each.next();
      if (text.apply(one.condition()).equals(text.apply(wanted))) {
        each.remove();
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }
}
