package dev.heal.engine.loop;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.policy.TestCase;
import dev.heal.dsl.text.SourceFile;
import dev.heal.dsl.text.Span;
import dev.heal.engine.decide.Times;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.record.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Runs the {@code test} blocks of policies on virtual time. */
public final class TestRun {
  /** Monday 2026-01-05T00:00:00Z. */
  public static final long START = 1_767_571_200L * 1_000_000_000L;

  /** What is still to come after this much time, or so many steps, never ends. */
  private static final Duration LONGEST = Duration.ofDays(400);

  private static final int MOST_STEPS = 20_000;

  private TestRun() {}

  /**
   * An expectation that was not met.
   *
   * @param span the line of the test
   * @param expected the expectation, in words
   * @param happened what happened instead, in words
   * @param why what led there, one line each
   * @param steps the steps that show it, in order
   */
  public record Failure(
      Span span, String expected, String happened, List<String> why, List<Entry> steps) {
    public Failure {
      why = List.copyOf(why);
      steps = List.copyOf(steps);
    }

    /** {@code expected …: …}, on one line. */
    public String headline() {
      return "expected " + expected + ": " + happened;
    }
  }

  /**
   * How a test ended.
   *
   * @param failures empty: passed
   * @param entries all that happened
   * @param length the virtual time that it took
   */
  public record Result(
      TestCase test, List<Failure> failures, List<Entry> entries, Duration length) {
    public Result {
      failures = List.copyOf(failures);
      entries = List.copyOf(entries);
    }

    public boolean passed() {
      return failures.isEmpty();
    }
  }

  /**
   * Runs one test until no timer is due. The policies of the test's own file act whatever their
   * mode, so that it can follow their ladders; those of its imports in the mode that they have, and
   * what such a policy would only observe counts as begun.
   */
  public static Result run(CheckedPolicy policies, TestCase test) {
    CheckedPolicy acting = policies.withEach(p -> isOf(p, test) ? p.in(Policy.Mode.ENFORCE) : p);
    List<Entry> entries = new ArrayList<>();
    List<Fact> facts = TestFacts.of(test);
    long last = facts.isEmpty() ? START : facts.get(facts.size() - 1).at();
    boolean rests;
    try (Simulation simulation =
        new Simulation(acting, TestFacts.topology(test), START, test.failing(), entries::add)) {
      facts.forEach(simulation::accept);
      rests = comesToRest(simulation, entries, last);
    }
    Judgement judgement = new Judgement(acting, test, facts, entries);
    List<Failure> failures = new ArrayList<>(judgement.failures());
    if (!rests) {
      failures.add(restless(test, entries, last));
    }
    long end = entries.isEmpty() ? last : Math.max(last, entries.get(entries.size() - 1).at());
    return new Result(test, failures, entries, Duration.ofNanos(end - START));
  }

  private static boolean isOf(Policy policy, TestCase test) {
    SourceFile file = policy.span().file();
    return file.name().equals(test.span().file().name());
  }

  private static boolean comesToRest(Simulation simulation, List<Entry> entries, long last) {
    int before = entries.size();
    long latest = Times.after(last, LONGEST);
    for (long next = simulation.nextAt(); next != Times.NEVER; next = simulation.nextAt()) {
      if (next > latest || entries.size() - before > MOST_STEPS) {
        return false;
      }
      simulation.runTo(next);
    }
    return true;
  }

  private static Failure restless(TestCase test, List<Entry> entries, long last) {
    List<Entry> tail = entries.subList(Math.max(0, entries.size() - 10), entries.size());
    long end = entries.isEmpty() ? last : entries.get(entries.size() - 1).at();
    return new Failure(
        test.span(),
        "the repairs to come to rest",
        "they go on and on: %d steps until +%s, and a timer is still due"
            .formatted(entries.size(), Times.words(end - START)),
        List.of(
            "bound them: `attempts N over D`, a `give up`, or facts in the test that end the fault"),
        tail);
  }
}
