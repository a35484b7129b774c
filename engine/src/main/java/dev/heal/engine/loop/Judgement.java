package dev.heal.engine.loop;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.TestCase;
import dev.heal.engine.decide.Times;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.loop.TestRun.Failure;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Holds what a test expects against what happened. */
final class Judgement {
  private final TestCase test;
  private final List<Entry> entries;
  private final Causes causes;

  Judgement(CheckedPolicy policies, TestCase test, List<Fact> facts, List<Entry> entries) {
    this.test = test;
    this.entries = List.copyOf(entries);
    this.causes = new Causes(policies, test, facts, this.entries);
  }

  List<Failure> failures() {
    return test.expectations().stream()
        .sorted(Comparator.comparingInt(e -> e.span().start()))
        .flatMap(e -> judge(e).stream())
        .toList();
  }

  private Optional<Failure> judge(TestCase.Expectation expectation) {
    Optional<Entry> found = entries.stream().filter(e -> matches(expectation, e)).findFirst();
    if (expectation.never()) {
      long until = expectation.by().map(Judgement::moment).orElse(Times.NEVER);
      return found.filter(e -> e.at() <= until).map(e -> unwanted(expectation, e));
    }
    if (found.isEmpty()) {
      return Optional.of(missing(expectation));
    }
    return expectation
        .by()
        .filter(by -> found.get().at() > moment(by))
        .map(by -> late(expectation, found.get(), moment(by)));
  }

  private static long moment(Duration by) {
    return Times.after(TestRun.START, by);
  }

  private Failure unwanted(TestCase.Expectation expectation, Entry entry) {
    return new Failure(
        expectation.span(),
        expected(expectation),
        "%s at %s%s".formatted(happened(expectation), sinceStart(entry.at()), on(entry)),
        List.of(),
        causes.until(entry));
  }

  private Failure late(TestCase.Expectation expectation, Entry entry, long by) {
    return new Failure(
        expectation.span(),
        expected(expectation),
        "%s only at %s%s, %s too late"
            .formatted(
                happened(expectation),
                sinceStart(entry.at()),
                on(entry),
                Times.words(entry.at() - by)),
        List.of(),
        causes.until(entry));
  }

  private Failure missing(TestCase.Expectation expectation) {
    Causes.Account account = causes.of(expectation);
    return new Failure(
        expectation.span(),
        expected(expectation),
        switch (expectation.what()) {
          case ACTION -> "it was never begun";
          case FAULT_RAISED -> "it was never raised";
          case FAULT_CLEARED -> "it never cleared";
          case GAVE_UP -> "nothing was given up";
        },
        account.why(),
        account.steps());
  }

  private static String expected(TestCase.Expectation expectation) {
    String text = expectation.span().text().strip();
    int word = text.indexOf(' ');
    return (expectation.never() ? "never `" : "`") + text.substring(word + 1).strip() + "`";
  }

  private static String happened(TestCase.Expectation expectation) {
    return switch (expectation.what()) {
      case ACTION -> "it was begun";
      case FAULT_RAISED -> "it was raised";
      case FAULT_CLEARED -> "it cleared";
      case GAVE_UP -> "it was given up";
    };
  }

  private static String on(Entry entry) {
    return entry.target().or(() -> entry.instance().map(FaultInstance::entity)).stream()
        .map(entity -> " on " + entity)
        .findFirst()
        .orElse("");
  }

  static String sinceStart(long at) {
    return "+" + Times.words(at - TestRun.START);
  }

  private static boolean matches(TestCase.Expectation expectation, Entry entry) {
    TestCase.Target target = expectation.target();
    return switch (expectation.what()) {
      case ACTION -> begins(entry) && verb(target, entry);
      case FAULT_RAISED -> entry.type() == EntryType.FAULT_RAISED && fault(target, entry);
      case FAULT_CLEARED -> entry.type() == EntryType.FAULT_CLEARED && fault(target, entry);
      case GAVE_UP -> entry.type() == EntryType.GAVE_UP;
    };
  }

  private static boolean begins(Entry entry) {
    return entry.type() == EntryType.ACTION_STARTED
        || (entry.type() == EntryType.DECISION
            && entry.outcome().filter("observe"::equals).isPresent());
  }

  private static boolean verb(TestCase.Target target, Entry entry) {
    return entry.verb().filter(target.word()::equals).isPresent() && on(target, entry.target());
  }

  private static boolean fault(TestCase.Target target, Entry entry) {
    return entry.instance().filter(i -> i.fault().equals(target.word())).isPresent()
        && on(target, entry.instance().map(FaultInstance::entity));
  }

  static boolean on(TestCase.Target target, Optional<EntityId> entity) {
    return (target.kind().isEmpty()
            || entity.filter(e -> e.kind() == target.kind().get()).isPresent())
        && (target.name().isEmpty()
            || entity.filter(e -> e.name().equals(target.name().get())).isPresent());
  }
}
