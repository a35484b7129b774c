package dev.heal.dsl.check;

import com.google.re2j.Pattern;
import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.EventTest;
import dev.heal.dsl.policy.Reading;
import dev.heal.dsl.tree.ComparisonOperator;
import dev.heal.dsl.tree.Condition.Compare;
import dev.heal.dsl.tree.Condition.ExitFilter;
import dev.heal.dsl.tree.Condition.Exits;
import dev.heal.dsl.tree.Condition.Matches;
import dev.heal.dsl.tree.Name;
import dev.heal.dsl.tree.Value;
import dev.heal.dsl.vocabulary.Dimension;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.dsl.vocabulary.Signal;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Tests on one event: its code, its other fields, a pattern in its line, the way of an exit. */
final class EventLowering {
  private static final Set<String> NUMBERS = Set.of("code", "pid");

  private final Findings findings;
  private final Literals literals;
  private final Readings readings;

  EventLowering(Findings findings, Literals literals, Readings readings) {
    this.findings = findings;
    this.literals = literals;
    this.readings = readings;
  }

  private static Condition happens(Reading reading, EventTest test) {
    return new Condition.Happens(reading, List.of(test));
  }

  /** {@code xid == 79}, {@code xid.action != "none"}. */
  Optional<Condition> compared(Readings.Read read, Compare compare) {
    Signal signal = read.reading().signal();
    if (read.field().isEmpty() && !signal.numericCode()) {
      findings.add(
          CheckCode.H0305, compare.left().span(), "`" + signal.name() + "` has no code to compare");
      return Optional.empty();
    }
    String field = read.field().orElse("code");
    if (NUMBERS.contains(field)) {
      return literals
          .number(compare.right(), Dimension.NUMBER)
          .map(
              bound ->
                  happens(
                      read.reading(), new EventTest.NumberIs(field, compare.operator(), bound)));
    }
    boolean differs = compare.operator() == ComparisonOperator.NOT_EQUAL;
    return literals
        .words(compare.right(), signal)
        .flatMap(words -> equality(compare, words))
        .map(words -> happens(read.reading(), new EventTest.WordIn(field, words, differs)));
  }

  /** Words are equal or not; they have no order. */
  Optional<Set<String>> equality(Compare compare, Set<String> words) {
    if (compare.operator() == ComparisonOperator.EQUAL
        || compare.operator() == ComparisonOperator.NOT_EQUAL) {
      return Optional.of(words);
    }
    findings.add(CheckCode.H0305, compare.span(), "words have no order: use `==` or `!=`");
    return Optional.empty();
  }

  /** {@code xid in [48, 94]}. */
  Optional<Condition> listed(Readings.Read read, Value.ListOf list) {
    String field = read.field().orElse("code");
    if (NUMBERS.contains(field)) {
      return literals
          .numbers(list, Dimension.NUMBER)
          .map(set -> happens(read.reading(), new EventTest.NumberIn(field, set, false)));
    }
    return literals
        .words(list, read.reading().signal())
        .map(words -> happens(read.reading(), new EventTest.WordIn(field, words, false)));
  }

  /** {@code log matches `…`}; also a word or an attribute against a pattern. */
  Optional<Condition> matches(Matches matches, EntityKind on) {
    Optional<Readings.Read> read = readings.read(matches.left(), on);
    Optional<Pattern> pattern = literals.pattern(matches.pattern());
    if (read.isEmpty() || pattern.isEmpty()) {
      return Optional.empty();
    }
    Reading reading = read.get().reading();
    String field = read.get().field().orElse("line");
    return switch (reading.signal().kind()) {
      case EVENT -> Optional.of(happens(reading, new EventTest.Matches(field, pattern.get())));
      case WORD, ATTRIBUTE -> Optional.of(new Condition.WordMatches(reading, pattern.get()));
      case GAUGE, COUNTER, FLAG, HEARTBEAT -> findings.wrongKind(matches.left(), "is not a text");
    };
  }

  /** {@code process exits}, with or without a signal or a code. */
  Optional<Condition> exits(Exits exits, EntityKind on) {
    Name process = exits.process();
    Optional<Readings.Read> read =
        readings.tried(new Name(List.of("service", "exit"), process.span()), on);
    if (read.isEmpty() || !process.parts().get(process.parts().size() - 1).equals("process")) {
      return findings.wrongKind(process, "does not exit: write `process exits`");
    }
    Reading reading = read.get().reading();
    if (exits.filter().isEmpty()) {
      return Optional.of(new Condition.Happens(reading, List.of()));
    }
    ExitFilter filter = exits.filter().get();
    return switch (filter.subject().text()) {
      case "signal" -> exitSignal(filter, reading);
      case "code" -> exitCode(filter, reading);
      default -> {
        findings.add(
            CheckCode.H0216,
            filter.subject().span(),
            "`" + filter.subject().text() + "` is not a way to exit",
            "write `with signal in [SIGSEGV]` or `with code == 1`");
        yield Optional.empty();
      }
    };
  }

  private Optional<Condition> exitSignal(ExitFilter filter, Reading reading) {
    Value value = filter.value().orElseGet(() -> filter.list().orElseThrow());
    boolean differs = filter.operator().equals(Optional.of(ComparisonOperator.NOT_EQUAL));
    return literals
        .words(value, reading.signal())
        .map(words -> happens(reading, new EventTest.WordIn("exit_signal", words, differs)));
  }

  private Optional<Condition> exitCode(ExitFilter filter, Reading reading) {
    if (filter.list().isPresent()) {
      return literals
          .numbers(filter.list().get(), Dimension.NUMBER)
          .map(set -> happens(reading, new EventTest.NumberIn("exit_code", set, false)));
    }
    ComparisonOperator operator = filter.operator().orElseThrow();
    return literals
        .number(filter.value().orElseThrow(), Dimension.NUMBER)
        .map(bound -> happens(reading, new EventTest.NumberIs("exit_code", operator, bound)));
  }
}
