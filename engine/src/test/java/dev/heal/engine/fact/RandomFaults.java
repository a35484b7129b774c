package dev.heal.engine.fact;

import com.google.re2j.Pattern;
import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.EventTest;
import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.policy.NumberSource;
import dev.heal.dsl.policy.Reading;
import dev.heal.dsl.text.SourceFile;
import dev.heal.dsl.text.Span;
import dev.heal.dsl.tree.ComparisonOperator;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.dsl.vocabulary.Vocabulary;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Random faults, of levels and of events, on each kind of entity of the {@link History}. */
final class RandomFaults {
  private final Random random;
  private final EntityKind on;

  RandomFaults(Random random) {
    this.random = random;
    this.on = any(EntityKind.NODE, EntityKind.GPU, EntityKind.SERVICE);
  }

  Fault fault() {
    boolean event = random.nextInt(3) == 0;
    Optional<Condition> clear = Optional.empty();
    Optional<Condition> cured = Optional.empty();
    Optional<Duration> after = Optional.empty();
    Condition when;
    if (event) {
      when = eventCondition();
      cured = random.nextInt(3) > 0 ? Optional.of(end()) : Optional.empty();
      after = random.nextBoolean() ? Optional.of(span(20)) : Optional.empty();
    } else {
      when = condition(2);
      when = random.nextBoolean() ? new Condition.Held(when, span(5)) : when;
      clear = random.nextBoolean() ? Optional.of(end()) : Optional.empty();
    }
    return new Fault(
        "f",
        on,
        "",
        when,
        event,
        clear,
        cured,
        after,
        any(Fault.Missing.values()),
        Fault.FaultSeverity.ERROR,
        List.of(),
        Duration.ZERO,
        event ? List.of("rank") : List.of(),
        new Span(new SourceFile("generated", ""), 0, 0));
  }

  private Condition end() {
    Condition over = condition(1);
    return random.nextInt(3) > 0 ? new Condition.Held(over, span(5)) : over;
  }

  /** An event; or one of two; or one while a level is such and such. */
  private Condition eventCondition() {
    return switch (random.nextInt(3)) {
      case 0 -> new Condition.All(List.of(happens(), condition(1)));
      case 1 -> new Condition.Any(List.of(happens(), happens()));
      default -> happens();
    };
  }

  private Condition.Happens happens() {
    return switch (random.nextInt(5)) {
      case 0 -> new Condition.Happens(reading(EntityKind.GPU, "xid"), List.of(code()));
      case 1 ->
          new Condition.Happens(
              reading(EntityKind.SERVICE, "log"),
              List.of(
                  new EventTest.Matches(
                      "line",
                      Pattern.compile(
                          any("rank (?<rank>\\d+) hangs$", "hang", "rank (?<rank>\\d)")))));
      case 2 ->
          new Condition.Happens(
              reading(EntityKind.SERVICE, "exit"),
              List.of(
                  new EventTest.WordIn("exit_signal", Set.of("SIGSEGV"), random.nextBoolean())));
      case 3 ->
          new Condition.Happens(
              reading(EntityKind.SERVICE, "exit"),
              List.of(
                  new EventTest.NumberIs(
                      "exit_code", any(ComparisonOperator.values()), random.nextInt(2))));
      default ->
          new Condition.Happens(
              reading(EntityKind.NODE, "oom_kill"),
              random.nextBoolean()
                  ? List.of()
                  : List.of(new EventTest.WordIn("name", Set.of("vllm"), random.nextBoolean())));
    };
  }

  private EventTest code() {
    return random.nextBoolean()
        ? new EventTest.NumberIn("code", Set.of(79.0, 48.0), random.nextInt(4) == 0)
        : new EventTest.NumberIs("code", ComparisonOperator.EQUAL, any(79, 48));
  }

  private Condition condition(int depth) {
    return switch (depth > 0 ? random.nextInt(6) : 6) {
      case 0 -> new Condition.All(List.of(condition(depth - 1), condition(depth - 1)));
      case 1 -> new Condition.Any(List.of(condition(depth - 1), condition(depth - 1)));
      case 2 -> new Condition.Not(condition(depth - 1));
      case 3 -> new Condition.Held(condition(depth - 1), span(5));
      default -> atom();
    };
  }

  private Condition atom() {
    Reading level = level();
    return switch (random.nextInt(14)) {
      case 0 -> new Condition.Silent(reading(EntityKind.NODE, "heartbeat"), Optional.empty());
      case 1 ->
          new Condition.Silent(
              random.nextBoolean() ? level : reading(EntityKind.NODE, "heartbeat"),
              Optional.of(span(6)));
      case 2 -> new Condition.NanTest(level);
      case 3, 4 -> test(new NumberSource.Count(happens(), span(9)));
      case 5 -> test(new NumberSource.Ratio(level, 1 + random.nextInt(3)));
      case 6, 7, 8 ->
          test(new NumberSource.Window(any(NumberSource.Function.values()), level, span(5)));
      // a bound that no straight line through whole numbers meets exactly
      case 9 ->
          new Condition.NumberTest(
              new NumberSource.Forecast(level, span(6)),
              any(ComparisonOperator.values()),
              random.nextInt(6) + 0.1234567);
      case 10 ->
          new Condition.FlagTest(
              random.nextBoolean()
                  ? reading(EntityKind.GPU, "nvml.present")
                  : reading(EntityKind.SERVICE, "health.ok"));
      case 11 ->
          new Condition.WordTest(
              reading(EntityKind.GPU, "nvml.throttle_reasons"),
              random.nextBoolean(),
              Set.of("hw_thermal"));
      default -> test(new NumberSource.Latest(level));
    };
  }

  /** Of the entity itself, or of what is around or inside it. */
  private Reading level() {
    return switch (random.nextInt(4)) {
      case 0 -> reading(EntityKind.NODE, any("net.rtt", "net.loss"));
      case 1 -> reading(EntityKind.SERVICE, "health.latency");
      default -> reading(EntityKind.GPU, any("nvml.temperature", "nvml.power"));
    };
  }

  private Condition test(NumberSource source) {
    return new Condition.NumberTest(source, any(ComparisonOperator.values()), random.nextInt(5));
  }

  private Reading reading(EntityKind of, String signal) {
    return new Reading(on, Vocabulary.standard().signal(of, signal).orElseThrow());
  }

  private Duration span(int most) {
    return Duration.ofSeconds(1 + random.nextInt(most));
  }

  @SafeVarargs
  private final <T> T any(T... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
