package dev.heal.engine.fact;

import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.dsl.vocabulary.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that was heard and all moments at which time alone may change an answer, in the order in
 * which they count: whole seconds; in each first what is heard, then the timers.
 *
 * <p>The site is one node {@code n1} with a service {@code llm} on GPU 0. GPU 1 is not declared: it
 * is there from its first fact on.
 */
final class History {
  static final EntityId NODE = EntityId.node("n1");
  static final EntityId GPU0 = EntityId.gpu("n1", 0);
  static final EntityId GPU1 = EntityId.gpu("n1", 1);
  static final EntityId LLM = EntityId.service("n1", "llm");

  enum Kind {
    FACT,
    /** An entity is known from now on. */
    FOUND,
    /** Somebody ends the instance of the entity. */
    ENDED,
    /** What is due at this second comes now. */
    TIMERS
  }

  /**
   * @param due whether the timers of its second have run already
   * @param own what the fact says; {@code at} is when it was heard
   */
  record Step(
      int index,
      Kind kind,
      long at,
      boolean due,
      long own,
      EntityId entity,
      String signal,
      double value,
      String word,
      Map<String, String> fields) {}

  private final List<Step> steps = new ArrayList<>();
  private final Map<String, List<Step>> facts = new HashMap<>();
  private Optional<Step> lastEvent = Optional.empty();
  private int foundAt = Integer.MAX_VALUE;
  private long now;
  private boolean due;

  History() {
    add(Kind.FOUND, 0, NODE, "", 0, "", Map.of());
  }

  List<Step> steps() {
    return steps;
  }

  void hear(Fact fact) {
    long own = Math.floorDiv(fact.at(), 1_000_000_000L);
    if (own > now) {
      timersBefore(own);
    }
    if (fact.entity().equals(GPU1) && foundAt == Integer.MAX_VALUE) {
      foundAt = steps.size();
      add(Kind.FOUND, now, GPU1, "", 0, "", Map.of());
    }
    if (fact instanceof Fact.Sample sample) {
      add(Kind.FACT, own, fact.entity(), fact.signal(), sample.value(), "", Map.of());
    } else if (fact instanceof Fact.Word word) {
      add(Kind.FACT, own, fact.entity(), fact.signal(), 0, word.value(), Map.of());
    } else if (fact instanceof Fact.Event event) {
      event(event, own);
    }
  }

  /** Two sources may see one thing: the same event twice in a row is one. */
  private void event(Fact.Event event, long own) {
    Step step =
        new Step(
            0, Kind.FACT, now, due, own, event.entity(), event.signal(), 0, "", event.fields());
    boolean twice = !event.fields().isEmpty() && lastEvent.filter(l -> same(l, step)).isPresent();
    lastEvent = Optional.of(step);
    if (!twice) {
      add(Kind.FACT, own, event.entity(), event.signal(), 0, "", event.fields());
    }
  }

  private void add(
      Kind kind,
      long own,
      EntityId entity,
      String signal,
      double value,
      String word,
      Map<String, String> fields) {
    Step step = new Step(steps.size(), kind, now, due, own, entity, signal, value, word, fields);
    steps.add(step);
    if (kind == Kind.FACT) {
      facts.computeIfAbsent(entity + " " + signal, k -> new ArrayList<>()).add(step);
    }
  }

  private static boolean same(Step one, Step other) {
    return one.own() == other.own()
        && one.entity().equals(other.entity())
        && one.signal().equals(other.signal())
        && one.fields().equals(other.fields());
  }

  void end(EntityId entity, long at) {
    if (at > now) {
      timersBefore(at);
    }
    add(Kind.ENDED, at, entity, "", 0, "", Map.of());
  }

  /** The clock has come to {@code to}: all that is due by then has happened. */
  void advance(long to) {
    if (to >= now) {
      timersBefore(to);
      timers();
    }
  }

  private void timersBefore(long at) {
    while (now < at) {
      timers();
      now++;
      due = false;
    }
  }

  private void timers() {
    due = true;
    add(Kind.TIMERS, now, NODE, "", 0, "", Map.of());
  }

  /** Those of {@code kind} around or inside the entity, as far as they are known at the step. */
  List<EntityId> related(EntityId entity, EntityKind kind, Step step) {
    if (entity.kind() == kind) {
      return List.of(entity);
    }
    return switch (kind) {
      case NODE -> List.of(NODE);
      case SERVICE -> entity.equals(GPU1) ? List.of() : List.of(LLM);
      case GPU -> entity.equals(LLM) || !isFound(step) ? List.of(GPU0) : List.of(GPU0, GPU1);
      case JOB -> List.of();
    };
  }

  private boolean isFound(Step step) {
    return step.index() >= foundAt;
  }

  /** The facts of a signal up to the step. */
  List<Step> heard(EntityId entity, String signal, Step step) {
    List<Step> all = facts.getOrDefault(entity + " " + signal, List.of());
    int end = all.size();
    while (end > 0 && all.get(end - 1).index() > step.index()) {
      end--;
    }
    return all.subList(0, end);
  }

  /** Whether the entity is known at the step. */
  boolean isKnown(EntityId entity, Step step) {
    return !entity.equals(GPU1) || isFound(step);
  }

  /** After how many seconds a signal is silent. */
  Optional<Long> silence(EntityId entity, Signal signal) {
    if (entity.equals(LLM) && signal.name().equals("health.latency")) {
      return Optional.of(6L);
    }
    return signal.interval().map(Duration::toSeconds).map(interval -> 3 * interval);
  }

  /** Whether the site says how often it comes, so that it is missed from the start on. */
  boolean isDeclared(EntityId entity, Signal signal) {
    return (entity.equals(NODE) && signal.name().equals("heartbeat"))
        || (entity.equals(LLM) && signal.name().equals("health.latency"));
  }
}
