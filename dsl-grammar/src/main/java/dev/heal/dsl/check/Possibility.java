package dev.heal.dsl.check;

import dev.heal.dsl.policy.Condition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether conditions can hold at all, and together. A condition is opened into its cases (an {@code
 * or} of {@code and}s of single tests); a case is impossible where the tests on one thing leave
 * nothing over. What is not understood, or has very many cases, is taken to be possible: a message
 * is always right, and some may be missing.
 */
final class Possibility {
  private static final int MOST_CASES = 64;
  private static final int MOST_TESTS = 2_000;

  private Possibility() {}

  /** The tests that exclude each other, where no case of the condition can hold. */
  static Optional<String> contradiction(Condition condition) {
    Optional<List<List<SingleTest>>> cases = open(condition, true);
    if (cases.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> first = Optional.empty();
    for (List<SingleTest> one : cases.get()) {
      Optional<String> clash = clash(one);
      if (clash.isEmpty()) {
        return Optional.empty();
      }
      first = first.or(() -> clash);
    }
    return first;
  }

  /**
   * A case in which both hold, in words; empty where there is none, or where they are too many to
   * tell.
   */
  static Optional<String> together(Condition one, Condition other) {
    Optional<List<Case>> ones = cases(one);
    Optional<List<Case>> others = cases(other);
    return ones.isEmpty() || others.isEmpty()
        ? Optional.empty()
        : together(ones.get(), others.get());
  }

  static Optional<String> together(List<Case> ones, List<Case> others) {
    for (Case one : ones) {
      for (Case other : others) {
        if (one.isPossibleWith(other)) {
          Set<String> words = new LinkedHashSet<>(one.words());
          words.addAll(other.words());
          return Optional.of(String.join(" and ", words));
        }
      }
    }
    return Optional.empty();
  }

  /** Whether {@code narrow} cannot hold where {@code wide} does not. */
  static boolean implies(Condition narrow, Condition wide) {
    if (narrow.meaning().equals(wide.meaning())) {
      return true;
    }
    return contradiction(new Condition.All(List.of(narrow, new Condition.Not(wide)))).isPresent();
  }

  /** Whether the two say something about one and the same thing. */
  static boolean shareASubject(Condition one, Condition other) {
    Set<String> subjects = subjects(one);
    subjects.retainAll(subjects(other));
    return !subjects.isEmpty();
  }

  private static Set<String> subjects(Condition condition) {
    Set<String> subjects = new HashSet<>();
    for (SingleTest test : SingleTest.of(condition, true)) {
      subjects.add(test.subject());
    }
    ConditionFacts.parts(condition).forEach(part -> subjects.addAll(subjects(part)));
    return subjects;
  }

  /** What is left over, thing by thing, where tests all hold; and what to call them. */
  record Case(Map<String, Leftover> left, Set<String> words) {

    static Case of(List<SingleTest> tests) {
      Map<String, Leftover> left = new LinkedHashMap<>();
      Set<String> words = new LinkedHashSet<>();
      for (SingleTest test : tests) {
        left.merge(test.subject(), test.physical().and(test.lets()), Leftover::and);
        words.add("`" + test.words() + "`");
      }
      return new Case(left, words);
    }

    boolean isPossible() {
      return left.values().stream().noneMatch(Leftover::isEmpty);
    }

    boolean isPossibleWith(Case other) {
      if (left.size() > other.left.size()) {
        return other.isPossibleWith(this);
      }
      for (Map.Entry<String, Leftover> mine : left.entrySet()) {
        Leftover theirs = other.left.get(mine.getKey());
        if (theirs != null && mine.getValue().and(theirs).isEmpty()) {
          return false;
        }
      }
      return true;
    }
  }

  /** The tests on the first thing of which nothing is left over. */
  private static Optional<String> clash(List<SingleTest> tests) {
    Map<String, Leftover> left = new LinkedHashMap<>();
    Map<String, Set<String>> written = new LinkedHashMap<>();
    for (SingleTest test : tests) {
      String subject = test.subject();
      Leftover rest = left.getOrDefault(subject, test.physical()).and(test.lets());
      left.put(subject, rest);
      Set<String> words = written.computeIfAbsent(subject, s -> new LinkedHashSet<>());
      words.add("`" + test.words() + "`");
      if (rest.isEmpty()) {
        return Optional.of(
            String.join(" and ", words)
                + (words.size() > 1 ? " exclude each other" : " lies outside of what can be"));
      }
    }
    return Optional.empty();
  }

  /** The cases that can be, opened once to be compared often; empty where they are too many. */
  static Optional<List<Case>> cases(Condition condition) {
    return open(condition, true)
        .map(all -> all.stream().map(Case::of).filter(Case::isPossible).toList());
  }

  /** The cases, each a list of tests; empty where there are too many. */
  private static Optional<List<List<SingleTest>>> open(Condition condition, boolean holds) {
    if (condition instanceof Condition.Not not) {
      return open(not.part(), !holds);
    }
    if (condition instanceof Condition.Held held) {
      // what did not hold so long may still hold now
      return holds ? open(held.part(), true) : Optional.of(List.of(List.of()));
    }
    if (condition instanceof Condition.All all) {
      return holds ? product(all.parts(), true) : sum(all.parts(), false);
    }
    if (condition instanceof Condition.Any any) {
      return holds ? sum(any.parts(), true) : product(any.parts(), false);
    }
    return Optional.of(List.of(SingleTest.of(condition, holds)));
  }

  private static Optional<List<List<SingleTest>>> sum(List<Condition> parts, boolean holds) {
    List<List<SingleTest>> cases = new ArrayList<>();
    for (Condition part : parts) {
      Optional<List<List<SingleTest>>> opened = open(part, holds);
      if (opened.isEmpty() || cases.size() + opened.get().size() > MOST_CASES) {
        return Optional.empty();
      }
      cases.addAll(opened.get());
    }
    return Optional.of(cases);
  }

  private static Optional<List<List<SingleTest>>> product(List<Condition> parts, boolean holds) {
    List<List<SingleTest>> cases = List.of(List.of());
    for (Condition part : parts) {
      Optional<List<List<SingleTest>>> opened = open(part, holds);
      if (opened.isEmpty() || (long) cases.size() * opened.get().size() > MOST_CASES) {
        return Optional.empty();
      }
      List<List<SingleTest>> next = new ArrayList<>();
      for (List<SingleTest> before : cases) {
        for (List<SingleTest> more : opened.get()) {
          List<SingleTest> both = new ArrayList<>(before);
          both.addAll(more);
          if (both.size() > MOST_TESTS) {
            return Optional.empty();
          }
          next.add(both);
        }
      }
      cases = next;
    }
    return Optional.of(cases);
  }
}
