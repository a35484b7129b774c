package dev.heal.dsl.check;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What tests on one thing leave over of its values: numbers between bounds, members of a set, or
 * members of all but a set.
 *
 * @param numbers the bounds of a number
 * @param only the words or numbers that are let through, as text; empty: any
 * @param never those that are not
 */
record Leftover(Bounds numbers, Optional<Set<String>> only, Set<String> never) {
  static final Leftover ALL = new Leftover(Bounds.ALL, Optional.empty(), Set.of());

  Leftover {
    only = only.map(Set::copyOf);
    never = Set.copyOf(never);
  }

  static Leftover between(Bounds bounds) {
    return new Leftover(bounds, Optional.empty(), Set.of());
  }

  static Leftover in(Set<String> values) {
    return new Leftover(Bounds.ALL, Optional.of(values), Set.of());
  }

  static Leftover notIn(Set<String> values) {
    return new Leftover(Bounds.ALL, Optional.empty(), values);
  }

  /** Numbers as the text under which {@link #only} and {@link #never} know them. */
  static Set<String> texts(Set<Double> numbers) {
    Set<String> texts = new TreeSet<>();
    numbers.forEach(number -> texts.add(Double.toString(number)));
    return texts;
  }

  Leftover and(Leftover other) {
    Optional<Set<String>> both = only.or(other::only);
    if (only.isPresent() && other.only.isPresent()) {
      Set<String> common = new TreeSet<>(only.get());
      common.retainAll(other.only.get());
      both = Optional.of(common);
    }
    Set<String> neither = new TreeSet<>(never);
    neither.addAll(other.never);
    return new Leftover(numbers.and(other.numbers), both, neither);
  }

  boolean isEmpty() {
    if (numbers.isEmpty()) {
      return true;
    }
    if (only.isPresent()) {
      return only.get().stream().noneMatch(value -> !never.contains(value) && inBounds(value));
    }
    return numbers.low() == numbers.high() && never.contains(Double.toString(numbers.low()));
  }

  private boolean inBounds(String value) {
    if (numbers.equals(Bounds.ALL)) {
      return true;
    }
    double number = Double.parseDouble(value);
    return !numbers.and(new Bounds(number, false, number, false)).isEmpty();
  }
}
