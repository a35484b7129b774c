package dev.heal.engine.loop;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.TestCase;
import dev.heal.dsl.vocabulary.SignalKind;
import dev.heal.engine.decide.Times;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.Topology;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs the {@code test} blocks of policies on virtual time. */
public final class TestRun {
  /** Monday 2026-01-05T00:00:00Z. */
  public static final long START = 1_767_571_200L * 1_000_000_000L;

  /** How long after the last fact a test goes on: longer than any ladder's {@code expires}. */
  private static final Duration TAIL = Duration.ofDays(2);

  private TestRun() {}

  /**
   * How a test ended.
   *
   * @param failures one line for each expectation that was not met; empty: passed
   * @param entries all that happened
   */
  public record Result(TestCase test, List<String> failures, List<Entry> entries) {
    public Result {
      failures = List.copyOf(failures);
      entries = List.copyOf(entries);
    }

    public boolean passed() {
      return failures.isEmpty();
    }
  }

  /** Runs one test; what a policy would only observe counts as begun. */
  public static Result run(CheckedPolicy policies, TestCase test) {
    List<Entry> entries = new ArrayList<>();
    List<Fact> facts = facts(test);
    try (Simulation simulation =
        new Simulation(policies, topology(test), START, test.failing(), entries::add)) {
      facts.forEach(simulation::accept);
      long last = facts.isEmpty() ? START : facts.get(facts.size() - 1).at();
      simulation.runTo(Times.after(last, TAIL));
    }
    List<String> failures = new ArrayList<>();
    for (TestCase.Expectation expectation : test.expectations()) {
      judge(expectation, entries).ifPresent(failures::add);
    }
    return new Result(test, failures, entries);
  }

  /** The machines that are given; a signal is silent by the test's own {@code every}. */
  private static Topology topology(TestCase test) {
    Topology topology = new Topology(test.site());
    for (TestCase.Feed feed : test.feeds()) {
      feed.every()
          .ifPresent(
              every ->
                  topology.declareInterval(
                      EntityId.parse(feed.entity()).orElseThrow(), feed.signal().name(), every));
    }
    return topology;
  }

  private static List<Fact> facts(TestCase test) {
    List<Fact> facts = new ArrayList<>();
    for (TestCase.Feed feed : test.feeds()) {
      long step = feed.every().map(Duration::toNanos).orElse(Long.MAX_VALUE);
      long to = START + feed.to().toNanos();
      long at = START + feed.from().toNanos();
      facts.add(fact(feed, at));
      while (step <= to - at) {
        at += step;
        facts.add(fact(feed, at));
      }
    }
    facts.sort(Comparator.comparingLong(Fact::at));
    return facts;
  }

  private static Fact fact(TestCase.Feed feed, long at) {
    EntityId entity = EntityId.parse(feed.entity()).orElseThrow();
    String name = feed.signal().name();
    SignalKind kind = feed.signal().kind();
    if (kind.isNumber() || kind == SignalKind.FLAG) {
      return new Fact.Sample(at, entity, name, feed.number().orElseThrow());
    }
    if (kind == SignalKind.WORD) {
      return new Fact.Word(at, entity, name, feed.word().orElse(""));
    }
    return new Fact.Event(at, entity, name, Map.copyOf(feed.fields()));
  }

  private static Optional<String> judge(TestCase.Expectation expectation, List<Entry> entries) {
    Optional<Entry> found = entries.stream().filter(e -> matches(expectation, e)).findFirst();
    String what = expectation.span().text();
    if (expectation.never()) {
      long until = expectation.by().map(by -> Times.after(START, by)).orElse(Times.NEVER);
      return found
          .filter(e -> e.at() <= until)
          .map(e -> "`%s`: it happened at %s: %s".formatted(what, sinceStart(e.at()), e.because()));
    }
    if (found.isEmpty()) {
      return Optional.of("`" + what + "`: it did not happen");
    }
    if (expectation.by().isPresent()
        && found.get().at() > Times.after(START, expectation.by().get())) {
      return Optional.of("`" + what + "`: it happened only at " + sinceStart(found.get().at()));
    }
    return Optional.empty();
  }

  private static String sinceStart(long at) {
    return Times.words(at - START);
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
        && on(target, entry.instance().map(i -> i.entity()));
  }

  private static boolean on(TestCase.Target target, Optional<EntityId> entity) {
    return (target.kind().isEmpty()
            || entity.filter(e -> e.kind() == target.kind().get()).isPresent())
        && (target.name().isEmpty()
            || entity.filter(e -> e.name().equals(target.name().get())).isPresent());
  }
}
