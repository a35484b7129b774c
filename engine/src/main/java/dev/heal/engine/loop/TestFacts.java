package dev.heal.engine.loop;

import dev.heal.dsl.policy.TestCase;
import dev.heal.dsl.vocabulary.SignalKind;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** What a test gives: its machines and its facts. */
final class TestFacts {
  private TestFacts() {}

  /** The machines that are given; a signal is silent by the test's own {@code every}. */
  static Topology topology(TestCase test) {
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

  /** The facts by time; at equal time in the order of the test's lines. */
  static List<Fact> of(TestCase test) {
    List<Fact> facts = new ArrayList<>();
    for (TestCase.Feed feed : test.feeds()) {
      long step = feed.every().map(Duration::toNanos).orElse(Long.MAX_VALUE);
      long to = TestRun.START + feed.to().toNanos();
      long at = TestRun.START + feed.from().toNanos();
      facts.add(fact(feed, at));
      while (step <= to - at) {
        at += step;
        facts.add(fact(feed, at));
      }
    }
    facts.sort(Comparator.comparingLong(Fact::at));
    return List.copyOf(facts);
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
}
