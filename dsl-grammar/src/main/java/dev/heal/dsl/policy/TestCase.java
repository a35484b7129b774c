package dev.heal.dsl.policy;

import dev.heal.dsl.text.Span;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.dsl.vocabulary.Signal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A test beside the rules, on virtual time from Monday 2026-01-05T00:00:00Z.
 *
 * @param failing verbs that fail instead of succeeding
 */
public record TestCase(
    String title,
    Site site,
    List<Feed> feeds,
    List<Expectation> expectations,
    List<Target> failing,
    Span span) {
  public TestCase {
    feeds = List.copyOf(feeds);
    expectations = List.copyOf(expectations);
    failing = List.copyOf(failing);
  }

  /**
   * One fact, or one every {@code every} from {@code from} to {@code to} inclusive.
   *
   * @param entity as in facts: {@code gpu:n1/0}
   * @param number of a level, base unit; or the code of an event
   * @param fields further fields of an event: {@code line}, {@code exit_signal}, {@code exit_code}
   */
  public record Feed(
      Duration from,
      Duration to,
      Optional<Duration> every,
      Signal signal,
      String entity,
      Optional<Double> number,
      Optional<String> word,
      Map<String, String> fields,
      Span span) {
    public Feed {
      fields = Map.copyOf(fields);
    }
  }

  /**
   * What must, or must never, happen.
   *
   * @param never {@code never} rather than {@code expect}
   * @param what the kind of step: {@code action}, {@code fault}, {@code page}, {@code gave_up}
   */
  public record Expectation(
      boolean never, What what, Target target, Optional<Duration> by, Span span) {}

  /** What an expectation speaks of. */
  public enum What {
    /** The verb is begun on the target. */
    ACTION,
    /** The fault is raised on the entity. */
    FAULT_RAISED,
    /** The fault clears on the entity. */
    FAULT_CLEARED,
    /** The ladder ends without success. */
    GAVE_UP
  }

  /**
   * @param word a verb, or a fault's qualified name
   * @param kind the kind of the target; empty: any
   * @param name as in facts without its kind ({@code n1/0}, {@code llm}); empty: any
   */
  public record Target(String word, Optional<EntityKind> kind, Optional<String> name) {}
}
