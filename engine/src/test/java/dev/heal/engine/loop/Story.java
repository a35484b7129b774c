package dev.heal.engine.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.check.Checker;
import dev.heal.dsl.check.ImportResolver;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.TestCase;
import dev.heal.dsl.text.SourceFile;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.Topology;
import dev.heal.engine.record.Entry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Facts through all stages, and what came of them as lines: {@code 12s action_started …}. */
final class Story {
  static final long SECOND = 1_000_000_000L;

  private final CheckedPolicy policies;
  private final List<Fact> facts = new ArrayList<>();
  private final List<TestCase.Target> failing = new ArrayList<>();
  private final List<Entry> entries = new ArrayList<>();

  private Story(CheckedPolicy policies) {
    this.policies = policies;
  }

  static Story of(String text) {
    CheckResult result =
        Checker.check(List.of(new SourceFile("t.heal", "heal 1\n" + text)), ImportResolver.NONE);
    assertThat(result.policy()).as(result.diagnostics().toString()).isPresent();
    return new Story(result.policy().orElseThrow());
  }

  Story event(double second, String entity, String event, String... fields) {
    Map<String, String> all = new java.util.TreeMap<>();
    for (int i = 0; i < fields.length; i += 2) {
      all.put(fields[i], fields[i + 1]);
    }
    facts.add(new Fact.Event(nanos(second), entity(entity), event, all));
    return this;
  }

  Story sample(double second, String entity, String signal, double value) {
    facts.add(new Fact.Sample(nanos(second), entity(entity), signal, value));
    return this;
  }

  Story word(double second, String entity, String signal, String value) {
    facts.add(new Fact.Word(nanos(second), entity(entity), signal, value));
    return this;
  }

  /** One sample every {@code step} seconds, both ends included. */
  Story samples(double from, double to, double step, String entity, String signal, double value) {
    for (double at = from; at <= to; at += step) {
      sample(at, entity, signal, value);
    }
    return this;
  }

  Story beats(double from, double to, double step, String entity) {
    for (double at = from; at <= to; at += step) {
      event(at, entity, "heartbeat");
    }
    return this;
  }

  Story failing(String verb) {
    failing.add(new TestCase.Target(verb, Optional.empty(), Optional.empty()));
    return this;
  }

  private static EntityId entity(String text) {
    return EntityId.parse(text).orElseThrow();
  }

  private static long nanos(double second) {
    return Math.round(second * SECOND);
  }

  /** Runs to {@code second} with time going on behind the last fact. */
  List<String> until(double second) {
    facts.sort(Comparator.comparingLong(Fact::at));
    try (Simulation simulation =
        new Simulation(policies, new Topology(policies.site()), 0, failing, entries::add)) {
      facts.forEach(simulation::accept);
      simulation.runTo(nanos(second));
    }
    return entries.stream().map(Story::line).toList();
  }

  /** The reasons of the entries of a type. */
  List<String> because(String type) {
    return entries.stream().filter(e -> e.type().word().equals(type)).map(Entry::because).toList();
  }

  private static String line(Entry entry) {
    String line = seconds(entry.at()) + "s " + entry.type().word();
    line += entry.outcome().filter(o -> !o.equals("hold")).map(o -> " " + o).orElse("");
    line += entry.verb().map(v -> " " + v).orElse("");
    line +=
        entry
            .target()
            .or(
                () ->
                    entry.verb().isPresent()
                        ? Optional.empty()
                        : entry.instance().map(i -> i.entity()))
            .map(t -> " " + t)
            .orElse("");
    return line;
  }

  private static String seconds(long at) {
    return at % SECOND == 0 ? "" + at / SECOND : "" + at / 1e9;
  }
}
