package dev.heal.engine.cli.run.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.check.Checker;
import dev.heal.dsl.check.ImportResolver;
import dev.heal.dsl.diagnostic.Severity;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.text.SourceFile;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.loop.live.Intake;
import dev.heal.engine.loop.live.Source;
import dev.heal.engine.source.inbox.Importance;
import dev.heal.nvml.fake.FakeMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A loop that only listens: the facts that come in, at stamps 1, 2, 3… */
final class Listened implements Intake, SourceObserver {
  /** What came in at once. */
  record Part(Importance importance, String source, List<Fact> facts) {}

  /** What was told. */
  final BlockingQueue<String> told = new LinkedBlockingQueue<>();

  private final BlockingQueue<Part> parts = new LinkedBlockingQueue<>();
  private long stamp;

  @Override
  public synchronized void heard(
      Importance importance, String source, Source heardFacts, int bytes) {
    List<Fact> facts = new ArrayList<>();
    heardFacts.facts(++stamp).forEach(facts::add);
    facts.forEach(fact -> assertThat(fact.at()).isEqualTo(stamp));
    if (importance != Importance.CONTROL) { // a place, not news
      parts.add(new Part(importance, source, facts));
    }
  }

  @Override
  public void told(String source, String text) {
    told.add(source + ": " + text);
  }

  @Override
  public void failed(String source, RuntimeException bug) {
    told.add(source + " failed: " + bug);
  }

  /** The next part; fails after a minute. */
  Part next() {
    try {
      Part part = parts.poll(60, TimeUnit.SECONDS);
      assertThat(part).as("nothing is heard; told: %s", told).isNotNull();
      return part;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The next fact of this kind, past all others; fails after a minute. */
  Fact next(Predicate<Fact> wanted) {
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (true) {
      assertThat(System.nanoTime() - deadline).as("no such fact; told: %s", told).isNegative();
      Optional<Fact> fact = next().facts().stream().filter(wanted).findFirst();
      if (fact.isPresent()) {
        return fact.get();
      }
    }
  }

  boolean isSilent() {
    return parts.isEmpty();
  }

  void forget() {
    parts.clear();
  }

  /** Waits until something like this was told. */
  void awaitTold(String text) {
    FakeMachine.await(() -> told.stream().anyMatch(one -> one.contains(text)));
  }

  /** Waits until a source is heard. */
  void awaitFound(Feed feed, String source) {
    FakeMachine.await(
        () ->
            feed.status().stream()
                .anyMatch(
                    status ->
                        status.source().equals(source)
                            && status.counts().getOrDefault("starts of journalctl", 0L) > 0));
  }

  /** A fact at no particular time, to compare with. */
  static Fact timeless(Fact fact) {
    return fact.heardAt(0);
  }

  static CheckedPolicy policies(String text) {
    CheckResult checked =
        Checker.check(List.of(new SourceFile("site.heal", "heal 1\n" + text)), ImportResolver.NONE);
    assertThat(checked.diagnostics())
        .filteredOn(diagnostic -> diagnostic.severity() == Severity.ERROR)
        .isEmpty();
    return checked.policy().orElseThrow();
  }
}
