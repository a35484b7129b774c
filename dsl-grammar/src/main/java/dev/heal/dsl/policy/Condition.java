package dev.heal.dsl.policy;

import com.google.re2j.Pattern;
import dev.heal.dsl.tree.ComparisonOperator;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A condition with every name resolved, every number in its base unit, patterns compiled, and
 * {@code tune}/{@code let} replaced by their values. Two conditions mean the same if and only if
 * {@link #meaning()} is equal: the key of state carry-over and of node sharing. Where only {@link
 * #shape()} is equal, they differ in numbers and in nothing else.
 *
 * <p>Truth has three values: a test on a level that was never heard, or is silent, is unknown.
 */
public sealed interface Condition {

  /** A canonical text of the meaning, with its numbers. */
  String meaning();

  /** The same without the numbers: bounds, spans, codes and counts. */
  default String shape() {
    return Shape.of(this).meaning();
  }

  /** How far it looks back: its spans and windows; nothing for a test on the last fact. */
  default Duration horizon() {
    return Shape.horizon(this);
  }

  /** The conditions that it is made of; none for a single test. */
  default List<Condition> parts() {
    return List.of();
  }

  /** True when all are. */
  record All(List<Condition> parts) implements Condition {
    public All {
      parts = List.copyOf(parts);
    }

    @Override
    public String meaning() {
      return Meaning.joined("and", this);
    }
  }

  /** True when any is. */
  record Any(List<Condition> parts) implements Condition {
    public Any {
      parts = List.copyOf(parts);
    }

    @Override
    public String meaning() {
      return Meaning.joined("or", this);
    }
  }

  record Not(Condition part) implements Condition {
    @Override
    public List<Condition> parts() {
      return List.of(part);
    }

    @Override
    public String meaning() {
      return "not(" + part.meaning() + ")";
    }
  }

  /** True once the part has been true for {@code span}: at t0 and at every sample since. */
  record Held(Condition part, Duration span) implements Condition {
    @Override
    public List<Condition> parts() {
      return List.of(part);
    }

    @Override
    public String meaning() {
      return "held(" + part.meaning() + "," + span + ")";
    }
  }

  /** A number against a bound, both in the base unit. */
  record NumberTest(NumberSource source, ComparisonOperator operator, double bound)
      implements Condition {
    @Override
    public String meaning() {
      return source.meaning() + operator.sign() + bound;
    }
  }

  /** A number in, or not in, a set; only on gauges that hold codes or counts. */
  record NumberIn(Reading reading, Set<Double> values) implements Condition {
    public NumberIn {
      values = Set.copyOf(values);
    }

    @Override
    public String meaning() {
      return Meaning.of(reading) + "in" + new java.util.TreeSet<>(values);
    }
  }

  /** {@code train.loss is nan}. */
  record NanTest(Reading reading) implements Condition {
    @Override
    public String meaning() {
      return "nan(" + Meaning.of(reading) + ")";
    }
  }

  /** The flag is on. */
  record FlagTest(Reading reading) implements Condition {
    @Override
    public String meaning() {
      return "flag(" + Meaning.of(reading) + ")";
    }
  }

  /**
   * A word or an attribute is one of {@code words} ({@code ==}, {@code in}), or, for a signal of
   * several words, holds one of them ({@code contains}). {@code !=} is {@link Not} around it.
   */
  record WordTest(Reading reading, boolean contains, Set<String> words) implements Condition {
    public WordTest {
      words = Set.copyOf(words);
    }

    @Override
    public String meaning() {
      return Meaning.of(reading)
          + (contains ? " contains " : " in ")
          + Meaning.quoted(new java.util.TreeSet<>(words));
    }
  }

  /** A text attribute or word against a pattern. */
  record WordMatches(Reading reading, Pattern pattern) implements Condition {
    @Override
    public String meaning() {
      return Meaning.of(reading) + " matches " + Meaning.quote(pattern.pattern());
    }
  }

  /**
   * No fact of the signal for {@code span}, counted from its last fact; without a span: for three
   * of its intervals. {@code alive} is {@link Not} around it. Unknown before the first fact, unless
   * the site declares the interval.
   */
  record Silent(Reading reading, Optional<Duration> span) implements Condition {
    @Override
    public String meaning() {
      return "silent(" + Meaning.of(reading) + span.map(s -> "," + s).orElse("") + ")";
    }
  }

  /**
   * An event: true only at the moment of a matching fact.
   *
   * @param tests all must hold on the one event
   */
  record Happens(Reading reading, List<EventTest> tests) implements Condition {
    public Happens {
      tests = List.copyOf(tests);
    }

    @Override
    public String meaning() {
      return "event("
          + Meaning.of(reading)
          + tests.stream().map(EventTest::meaning).collect(java.util.stream.Collectors.joining())
          + ")";
    }
  }

  /** The declared check command succeeds; only in {@code confirm}. */
  record CheckPasses(String check) implements Condition {
    @Override
    public String meaning() {
      return "check(" + Meaning.quote(check) + ")";
    }
  }
}
