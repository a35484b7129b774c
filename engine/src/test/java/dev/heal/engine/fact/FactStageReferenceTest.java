package dev.heal.engine.fact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.policy.NumberSource;
import dev.heal.dsl.policy.Reading;
import dev.heal.dsl.policy.Site;
import dev.heal.dsl.text.SourceFile;
import dev.heal.dsl.text.Span;
import dev.heal.dsl.tree.ComparisonOperator;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.dsl.vocabulary.Vocabulary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The stage, with and without its index, against the plain reference on generated cases. */
class FactStageReferenceTest {
  private static final int CASES = 12_000;
  private static final EntityId NODE = EntityId.node("n1");
  private static final List<String> LEVELS = List.of("net.rtt", "net.loss");
  private static final List<String> SIGNALS =
      List.of("net.rtt", "net.loss", "heartbeat", "oom_kill");

  @Test
  void theStageAgreesWithTheReference() {
    int moved = 0;
    for (int seed = 0; seed < CASES; seed++) {
      moved += agree(seed);
    }
    assertThat(moved).as("cases that mean something").isGreaterThan(CASES);
  }

  private static int agree(int seed) {
    Random random = new Random(seed);
    Fault fault = fault(random);
    PlainReference reference = new PlainReference(fault);
    SIGNALS.stream()
        .filter(
            s ->
                fault.when().meaning().contains("node." + s)
                    || fault.clear().map(Condition::meaning).orElse("").contains("node." + s))
        .forEach(reference::reads);
    FactStage indexed = stage(fault, true);
    FactStage plain = stage(fault, false);
    List<String> withIndex = new ArrayList<>();
    List<String> without = new ArrayList<>();
    int serial = 0;
    long quietUntil = 0;
    reference.timers(0);
    tell(indexed.atStart(), withIndex);
    tell(plain.atStart(), without);
    for (long t = 1; t <= 40; t++) {
      if (random.nextInt(12) == 0) {
        quietUntil = t + random.nextInt(8);
      }
      boolean first = true;
      while (t >= quietUntil && random.nextInt(3) > 0) {
        String signal = SIGNALS.get(random.nextInt(SIGNALS.size()));
        double value = random.nextInt(25) == 0 ? Double.NaN : random.nextInt(7);
        long late = !first && random.nextInt(5) == 0 ? random.nextInt(3) : 0;
        Fact fact = fact(t - Math.min(t, late), signal, value, serial++);
        tell(indexed.accept(fact), withIndex);
        tell(plain.accept(fact), without);
        reference.fact(t, signal, value);
        first = false;
      }
      reference.timers(t);
      if (random.nextBoolean() || t == 40) {
        tell(indexed.advanceTo(seconds(t)), withIndex);
        tell(plain.advanceTo(seconds(t)), without);
      }
    }
    List<String> expected = reference.story();
    String what = "seed " + seed + ": " + fault.when().meaning() + " clear " + fault.clear();
    assertThat(without).as(what).isEqualTo(expected);
    assertThat(withIndex).as("with the index, " + what).isEqualTo(expected);
    return expected.size();
  }

  private static FactStage stage(Fault fault, boolean index) {
    Site.Node node = new Site.Node("n1", Map.of(), Optional.of(Duration.ofSeconds(5)), List.of());
    Site site = new Site(List.of(node), List.of(), List.of(), List.of());
    CheckedPolicy policy =
        new CheckedPolicy(
            List.of(fault),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Map.of(),
            Map.of(),
            site,
            List.of());
    return new FactStage(policy, new Topology(site), 0, index);
  }

  private static long seconds(long t) {
    return t * 1_000_000_000L;
  }

  private static Fact fact(long t, String signal, double value, int serial) {
    return LEVELS.contains(signal)
        ? new Fact.Sample(seconds(t), NODE, signal, value)
        : new Fact.Event(seconds(t), NODE, signal, Map.of("pid", Integer.toString(serial)));
  }

  private static void tell(List<FactChange> changes, List<String> story) {
    for (FactChange change : changes) {
      if (change instanceof FactChange.FaultMoved moved) {
        story.add(moved.at() / 1_000_000_000L + " " + moved.from() + ">" + moved.to());
      }
    }
  }

  private static Fault fault(Random random) {
    Condition when = condition(random, 2);
    if (random.nextBoolean()) {
      when = new Condition.Held(when, span(random));
    }
    Optional<Condition> clear = Optional.empty();
    if (random.nextBoolean()) {
      Condition over = condition(random, 1);
      clear = Optional.of(random.nextBoolean() ? over : new Condition.Held(over, span(random)));
    }
    return new Fault(
        "f",
        EntityKind.NODE,
        "",
        when,
        false,
        clear,
        Optional.empty(),
        Optional.empty(),
        any(List.of(Fault.Missing.values()), random),
        Fault.FaultSeverity.ERROR,
        List.of(),
        Duration.ZERO,
        List.of(),
        new Span(new SourceFile("generated", ""), 0, 0));
  }

  private static Duration span(Random random) {
    return Duration.ofSeconds(1 + random.nextInt(5));
  }

  private static Reading reading(String signal) {
    return new Reading(
        EntityKind.NODE, Vocabulary.standard().signal(EntityKind.NODE, signal).orElseThrow());
  }

  private static Condition condition(Random random, int depth) {
    int choice = depth > 0 ? random.nextInt(6) : 6;
    return switch (choice) {
      case 0 ->
          new Condition.All(List.of(condition(random, depth - 1), condition(random, depth - 1)));
      case 1 ->
          new Condition.Any(List.of(condition(random, depth - 1), condition(random, depth - 1)));
      case 2 -> new Condition.Not(condition(random, depth - 1));
      case 3 -> new Condition.Held(condition(random, depth - 1), span(random));
      default -> atom(random);
    };
  }

  private static Condition atom(Random random) {
    Reading level = reading(any(LEVELS, random));
    return switch (random.nextInt(9)) {
      case 0 -> new Condition.Silent(reading("heartbeat"), Optional.empty());
      case 1 -> new Condition.Silent(reading("heartbeat"), Optional.of(span(random)));
      case 2 -> new Condition.NanTest(level);
      case 3 -> {
        Condition.Happens killed = new Condition.Happens(reading("oom_kill"), List.of());
        yield test(new NumberSource.Count(killed, span(random)), random);
      }
      case 4 -> test(new NumberSource.Ratio(level, 1 + random.nextInt(3)), random);
      case 5, 6 -> {
        NumberSource.Function function = any(List.of(NumberSource.Function.values()), random);
        yield test(new NumberSource.Window(function, level, span(random)), random);
      }
      default -> test(new NumberSource.Latest(level), random);
    };
  }

  private static Condition test(NumberSource source, Random random) {
    return new Condition.NumberTest(
        source, any(List.of(ComparisonOperator.values()), random), random.nextInt(5));
  }

  private static <T> T any(List<T> choices, Random random) {
    return choices.get(random.nextInt(choices.size()));
  }
}
