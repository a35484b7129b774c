package dev.heal.packs;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.engine.decide.Times;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.Topology;
import dev.heal.engine.fact.json.JsonFactReader;
import dev.heal.engine.fact.log.LogEvent;
import dev.heal.engine.fact.log.LogFacts;
import dev.heal.engine.fact.log.LogOptions;
import dev.heal.engine.fact.log.LogReader;
import dev.heal.engine.loop.Simulation;
import dev.heal.engine.record.Entry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Recorded facts through the same parser and the same simulation as {@code heal simulate}. */
final class RecordedRun {
  private static final Duration TAIL = Duration.ofDays(2);

  private RecordedRun() {}

  /**
   * The facts of a recording.
   *
   * @param node the host of a log that does not name it
   * @param service whose log it is
   */
  static List<Fact> facts(String text, String node, String service) {
    List<Fact> facts = new ArrayList<>();
    if (text.startsWith("{")) {
      JsonFactReader reader = new JsonFactReader();
      text.lines()
          .filter(line -> !line.isBlank())
          .forEach(line -> facts.add(reader.read(line).fact().orElseThrow()));
      return facts;
    }
    LogReader reader =
        new LogReader(
            new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), LogOptions.none());
    try {
      for (Optional<LogEvent> event = reader.next(); event.isPresent(); event = reader.next()) {
        EntityId entity = LogFacts.entity(event.get(), node, service);
        facts.add(LogFacts.fact(event.get(), entity, event.get().at().orElseThrow()));
      }
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    return facts;
  }

  /** What the policies do about them; facts of one moment keep their order. */
  static List<Entry> run(CheckedPolicy policies, List<Fact> recorded) {
    List<Fact> facts = new ArrayList<>(recorded);
    facts.sort(Comparator.comparingLong(Fact::at));
    List<Entry> entries = new ArrayList<>();
    try (Simulation simulation =
        new Simulation(
            policies, new Topology(policies.site()), facts.get(0).at(), List.of(), entries::add)) {
      facts.forEach(simulation::accept);
      simulation.finish(Times.after(facts.get(facts.size() - 1).at(), TAIL));
    }
    return entries;
  }

  /** {@code +12s decision nv.off_bus gpu:n1/0 cordon node:n1 act}: what happened, not the words. */
  static String line(Entry entry, long start) {
    List<String> words = new ArrayList<>();
    words.add("+" + Times.words(entry.at() - start));
    words.add(entry.type().word());
    entry.instance().ifPresent(i -> words.add(i.fault() + " " + i.entity()));
    add(words, entry.policy().map(p -> "by " + p));
    if (entry.rung().isPresent()) {
      words.add("rung " + (entry.rung().getAsInt() + 1));
    }
    add(words, entry.verb());
    add(words, entry.target().map(Object::toString));
    add(words, entry.outcome());
    return String.join(" ", words);
  }

  private static void add(List<String> words, Optional<String> word) {
    word.ifPresent(words::add);
  }
}
