package dev.heal.engine.loop;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.NumberSource;
import dev.heal.dsl.policy.Reading;
import dev.heal.dsl.policy.Site;
import dev.heal.dsl.policy.TestCase;
import dev.heal.dsl.policy.Wording;
import dev.heal.dsl.vocabulary.SignalKind;
import dev.heal.engine.decide.Times;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.FactChange;
import dev.heal.engine.fact.FactStage;
import dev.heal.engine.fact.Topology;
import dev.heal.engine.fact.Truth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Goes through the facts of a test once more and watches the parts of one condition. */
final class Inquiry {
  private static final int MOST_NAMED = 5;
  private static final CheckedPolicy NOTHING =
      new CheckedPolicy(
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          Map.of(),
          Map.of(),
          Site.EMPTY,
          List.of());

  private final List<Fact> facts;
  private final EntityId entity;
  private final Topology topology;

  Inquiry(TestCase test, List<Fact> facts, EntityId entity) {
    this.facts = facts;
    this.entity = entity;
    this.topology = TestFacts.topology(test);
  }

  /** A part of the condition, and how long it must hold. */
  private record Question(Condition part, Optional<Duration> span) {}

  /** A stretch of one truth; {@code to} is {@link Times#NEVER} where it does not end. */
  private record Spell(Truth truth, long from, long to) {}

  /** One line for each part: when it was true, or that it never was, and what was heard. */
  List<String> about(Condition condition) {
    List<Question> questions = new ArrayList<>();
    parts(condition, questions);
    List<List<Spell>> spells = watch(questions);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < questions.size(); i++) {
      lines.add(line(questions.get(i), spells.get(i)));
    }
    return lines;
  }

  private static void parts(Condition condition, List<Question> sink) {
    if (condition instanceof Condition.Held held) {
      sink.add(new Question(held.part(), Optional.of(held.span())));
      if (held.part() instanceof Condition.All || held.part() instanceof Condition.Any) {
        parts(held.part(), sink);
      }
    } else if (condition instanceof Condition.All all) {
      all.parts().forEach(part -> parts(part, sink));
    } else if (condition instanceof Condition.Any any) {
      any.parts().forEach(part -> parts(part, sink));
    } else {
      sink.add(new Question(condition, Optional.empty()));
    }
  }

  private List<List<Spell>> watch(List<Question> questions) {
    FactStage stage = new FactStage(NOTHING, topology, TestRun.START);
    List<FactChange> changes = new ArrayList<>();
    List<Truth> first = new ArrayList<>();
    for (int i = 0; i < questions.size(); i++) {
      stage.watch(key(i), questions.get(i).part(), entity, Long.MIN_VALUE);
      first.add(stage.beliefs().truth(key(i), entity));
    }
    facts.forEach(fact -> changes.addAll(stage.accept(fact)));
    // nothing is declared that repeats: each timer is the last of a window or of a silence
    while (stage.nextTimer() != Long.MAX_VALUE) {
      changes.addAll(stage.advanceTo(stage.nextTimer()));
    }
    List<List<Spell>> spells = new ArrayList<>();
    for (int i = 0; i < questions.size(); i++) {
      spells.add(spells(key(i), first.get(i), changes));
    }
    return spells;
  }

  private static String key(int question) {
    return "part:" + question;
  }

  private static List<Spell> spells(String key, Truth first, List<FactChange> changes) {
    List<Spell> spells = new ArrayList<>();
    Truth truth = first;
    long since = TestRun.START;
    for (FactChange change : changes) {
      if (change instanceof FactChange.ConditionMoved moved && moved.key().equals(key)) {
        // a moment of truth, as of an event, is kept; another empty stretch is not
        if (moved.at() > since || truth == Truth.TRUE) {
          spells.add(new Spell(truth, since, moved.at()));
        }
        truth = moved.truth();
        since = moved.at();
      }
    }
    spells.add(new Spell(truth, since, Times.NEVER));
    return spells;
  }

  private String line(Question question, List<Spell> spells) {
    String what = "`" + Wording.of(question.part()) + "`";
    List<Spell> held = spells.stream().filter(s -> s.truth() == Truth.TRUE).toList();
    if (held.isEmpty()) {
      return what + never(question.part(), spells);
    }
    if (question.span().isEmpty()) {
      return what + " was true " + stretches(held);
    }
    Spell longest = held.get(0);
    for (Spell spell : held) {
      longest = length(spell) > length(longest) ? spell : longest;
    }
    String needed = Wording.span(question.span().get());
    long more = length(longest) - question.span().get().toNanos();
    if (more > 0) {
      return what + " held for the " + needed + " that it takes, " + stretch(longest);
    }
    if (more == 0) {
      return "%s held %s: a fact ended it at the very moment at which %s were over"
          .formatted(what, stretch(longest), needed);
    }
    return "%s held for %s at most, %s; it takes %s"
        .formatted(what, Times.words(length(longest)), stretch(longest), needed);
  }

  private static long length(Spell spell) {
    return spell.to() == Times.NEVER ? Times.NEVER : spell.to() - spell.from();
  }

  private static String stretches(List<Spell> spells) {
    List<String> named = spells.stream().limit(MOST_NAMED).map(Inquiry::stretch).toList();
    int more = spells.size() - named.size();
    return String.join(", ", named) + (more > 0 ? ", and %d times more".formatted(more) : "");
  }

  private static String stretch(Spell spell) {
    String from = Judgement.sinceStart(spell.from());
    if (spell.to() == Times.NEVER) {
      return "from " + from + " on";
    }
    return spell.from() == spell.to()
        ? "at " + from
        : "from " + from + " to " + Judgement.sinceStart(spell.to());
  }

  private String never(Condition part, List<Spell> spells) {
    List<Spell> unknown = spells.stream().filter(s -> s.truth() == Truth.UNKNOWN).toList();
    boolean known = spells.stream().anyMatch(s -> s.truth() == Truth.FALSE);
    String heard = heard(part);
    if (!known) {
      return " was never known" + heard;
    }
    Optional<Spell> silent = unknown.stream().filter(s -> s.from() > TestRun.START).findFirst();
    return " was never true"
        + heard
        + silent.map(s -> "; unknown " + stretch(s) + ", for want of facts").orElse("");
  }

  /** What was heard of the signal that a part reads. */
  private String heard(Condition part) {
    Optional<Reading> reading = reading(part);
    if (reading.isEmpty()) {
      return "";
    }
    String signal = reading.get().signal().name();
    var related = topology.related(entity, reading.get().signal().entity());
    if (related.isEmpty()) {
      return ": no %s of %s is given".formatted(reading.get().signal().entity().word(), entity);
    }
    if (reading.get().signal().kind() == SignalKind.ATTRIBUTE) {
      return attributes(signal, related);
    }
    List<Fact> said =
        facts.stream()
            .filter(
                f -> f.signal().equals(signal) && related.contains(topology.resolve(f.entity())))
            .toList();
    if (said.isEmpty()) {
      return ": no `%s` of %s was heard".formatted(signal, related.first());
    }
    return ": " + values(reading.get(), said);
  }

  private String attributes(String name, Set<EntityId> related) {
    TreeSet<String> values = new TreeSet<>();
    related.forEach(one -> topology.attribute(one, name).ifPresent(values::add));
    return values.isEmpty()
        ? ": this test gives no `%s`".formatted(name)
        : ": it is `%s`".formatted(String.join("`, `", values));
  }

  private static String values(Reading reading, List<Fact> said) {
    if (said.get(0) instanceof Fact.Sample) {
      TreeSet<Double> values = new TreeSet<>();
      said.forEach(f -> values.add(((Fact.Sample) f).value()));
      String least = Wording.value(reading, values.first());
      return values.size() == 1
          ? "it was " + least
          : "it was " + least + " to " + Wording.value(reading, values.last());
    }
    TreeSet<String> values = new TreeSet<>();
    for (Fact fact : said) {
      values.add(
          fact instanceof Fact.Event event
              ? fields(event.fields())
              : "`" + ((Fact.Word) fact).value() + "`");
    }
    String named = String.join(", ", values.stream().limit(MOST_NAMED).toList());
    int more = values.size() - MOST_NAMED;
    return "heard with " + named + (more > 0 ? " and %d others".formatted(more) : "");
  }

  private static String fields(Map<String, String> fields) {
    List<String> texts = new ArrayList<>();
    fields.forEach((name, value) -> texts.add("%s `%s`".formatted(name, value)));
    return texts.isEmpty() ? "nothing more" : String.join(" ", texts);
  }

  private static Optional<Reading> reading(Condition part) {
    if (part instanceof Condition.NumberTest test) {
      return Optional.of(reading(test.source()));
    }
    if (part instanceof Condition.NumberIn in) {
      return Optional.of(in.reading());
    }
    if (part instanceof Condition.NanTest nan) {
      return Optional.of(nan.reading());
    }
    if (part instanceof Condition.FlagTest flag) {
      return Optional.of(flag.reading());
    }
    if (part instanceof Condition.Happens happens) {
      return Optional.of(happens.reading());
    }
    if (part instanceof Condition.Not not) {
      return reading(not.part());
    }
    if (part instanceof Condition.WordTest word) {
      return Optional.of(word.reading());
    }
    if (part instanceof Condition.WordMatches word) {
      return Optional.of(word.reading());
    }
    // of silence, a check, or several parts, the truth alone says all
    return Optional.empty();
  }

  private static Reading reading(NumberSource source) {
    if (source instanceof NumberSource.Latest latest) {
      return latest.reading();
    }
    if (source instanceof NumberSource.Window window) {
      return window.reading();
    }
    if (source instanceof NumberSource.Count count) {
      return count.event().reading();
    }
    if (source instanceof NumberSource.Ratio ratio) {
      return ratio.reading();
    }
    if (source instanceof NumberSource.Forecast forecast) {
      return forecast.reading();
    }
    throw new IllegalStateException("a new kind of source: " + source);
  }
}
