package dev.heal.dsl.check;

import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.EventTest;
import dev.heal.dsl.policy.NumberSource;
import dev.heal.dsl.policy.Reading;
import dev.heal.dsl.text.Span;
import dev.heal.dsl.tree.ComparisonOperator;
import dev.heal.dsl.tree.Condition.And;
import dev.heal.dsl.tree.Condition.Bare;
import dev.heal.dsl.tree.Condition.CheckPasses;
import dev.heal.dsl.tree.Condition.Compare;
import dev.heal.dsl.tree.Condition.Contains;
import dev.heal.dsl.tree.Condition.Exits;
import dev.heal.dsl.tree.Condition.Group;
import dev.heal.dsl.tree.Condition.Held;
import dev.heal.dsl.tree.Condition.In;
import dev.heal.dsl.tree.Condition.IsNan;
import dev.heal.dsl.tree.Condition.Matches;
import dev.heal.dsl.tree.Condition.Not;
import dev.heal.dsl.tree.Condition.Operand;
import dev.heal.dsl.tree.Condition.Or;
import dev.heal.dsl.tree.Condition.Silence;
import dev.heal.dsl.tree.Declaration.BlockKind;
import dev.heal.dsl.tree.Name;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.dsl.vocabulary.Signal;
import dev.heal.dsl.vocabulary.SignalKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Conditions as written to conditions as meant. Empty results have a message already. */
final class ConditionLowering {
  private final Findings findings;
  private final Quantities quantities;
  private final Names names;
  private final Readings readings;
  private final Literals literals;
  private final EventLowering events;
  private final FunctionLowering functions;

  ConditionLowering(Findings findings, Quantities quantities, Names names, Readings readings) {
    this.findings = findings;
    this.quantities = quantities;
    this.names = names;
    this.readings = readings;
    this.literals = new Literals(findings, quantities, names);
    this.events = new EventLowering(findings, literals, readings);
    this.functions = new FunctionLowering(this, findings, quantities, readings);
  }

  Literals literals() {
    return literals;
  }

  /** The whole condition behind a word such as {@code when}. */
  Optional<Condition> lower(dev.heal.dsl.tree.Condition written, EntityKind on) {
    Optional<Condition> lowered = part(written, on);
    lowered
        .flatMap(Possibility::contradiction)
        .ifPresent(
            parts ->
                findings.add(
                    CheckCode.H0501,
                    written.span(),
                    "this can never be true: " + parts,
                    "mend one of them, or write `or`"));
    return lowered;
  }

  /** A condition that is asked at any time, so that no event can stand in it. */
  Optional<Condition> level(dev.heal.dsl.tree.Condition written, EntityKind on, String word) {
    return lower(written, on)
        .filter(
            condition -> {
              boolean event = ConditionFacts.hasEvent(condition);
              if (event) {
                findings.add(
                    CheckCode.H0310,
                    written.span(),
                    "an event happens at a moment: `" + word + "` is asked at any time");
              }
              return !event;
            });
  }

  private Optional<Condition> part(dev.heal.dsl.tree.Condition written, EntityKind on) {
    if (written instanceof And and) {
      return parts(and.parts(), on).map(ConditionLowering::all);
    }
    if (written instanceof Or or) {
      return parts(or.parts(), on).flatMap(parts -> any(parts, or.span()));
    }
    if (written instanceof Not not) {
      return part(not.part(), on).flatMap(part -> negated(part, not.span()));
    }
    if (written instanceof Group group) {
      return part(group.part(), on);
    }
    if (written instanceof Held held) {
      return held(held, on);
    }
    return atom(written, on);
  }

  private Optional<List<Condition>> parts(
      List<dev.heal.dsl.tree.Condition> written, EntityKind on) {
    List<Condition> parts = new ArrayList<>();
    boolean whole = true;
    for (dev.heal.dsl.tree.Condition part : written) {
      Optional<Condition> lowered = part(part, on);
      lowered.ifPresent(parts::add);
      whole &= lowered.isPresent();
    }
    return whole ? Optional.of(parts) : Optional.empty();
  }

  /** Tests on one event become one. */
  private static Condition all(List<Condition> parts) {
    Map<Reading, List<EventTest>> events = new LinkedHashMap<>();
    List<Condition> rest = new ArrayList<>();
    for (Condition part : parts) {
      if (part instanceof Condition.Happens event) {
        events.computeIfAbsent(event.reading(), r -> new ArrayList<>()).addAll(event.tests());
      } else {
        rest.add(part);
      }
    }
    List<Condition> merged = new ArrayList<>();
    events.forEach((reading, tests) -> merged.add(new Condition.Happens(reading, tests)));
    merged.addAll(rest);
    return merged.size() == 1 ? merged.get(0) : new Condition.All(merged);
  }

  private Optional<Condition> any(List<Condition> parts, Span span) {
    long moments = parts.stream().filter(ConditionFacts::hasEvent).count();
    if (moments > 0 && moments < parts.size()) {
      findings.add(
          CheckCode.H0310,
          span,
          "an event and a level under one `or`",
          "declare two faults, one for the event and one for the level");
      return Optional.empty();
    }
    return Optional.of(new Condition.Any(parts));
  }

  private Optional<Condition> negated(Condition part, Span span) {
    if (ConditionFacts.hasEvent(part)) {
      findings.add(CheckCode.H0310, span, "an event has no opposite that could hold");
      return Optional.empty();
    }
    return Optional.of(part instanceof Condition.Not not ? not.part() : new Condition.Not(part));
  }

  private Optional<Condition> held(Held held, EntityKind on) {
    Optional<Condition> part = part(held.part(), on);
    Optional<Duration> span = quantities.duration(literals.resolved(held.duration()));
    if (part.isEmpty() || span.isEmpty()) {
      return Optional.empty();
    }
    if (part.get() instanceof Condition.Silent silent && silent.span().isEmpty()) {
      return Optional.of(new Condition.Silent(silent.reading(), span));
    }
    if (ConditionFacts.hasEvent(part.get())) {
      findings.add(
          CheckCode.H0310,
          held.span(),
          "an event happens at a moment: it does not hold `for` a time",
          "count it: `count(…) >= 2 over 10m`");
      return Optional.empty();
    }
    Optional<Duration> interval = ConditionFacts.slowestInterval(part.get());
    if (interval.isPresent() && span.get().compareTo(interval.get().multipliedBy(2)) < 0) {
      findings.add(
          CheckCode.H0402,
          held.duration().span(),
          "`for` spans under two samples, which come every " + Durations.words(interval.get()),
          "write at least `for " + Durations.words(interval.get().multipliedBy(2)) + "`");
      return Optional.empty();
    }
    return Optional.of(new Condition.Held(part.get(), span.get()));
  }

  private Optional<Condition> atom(dev.heal.dsl.tree.Condition written, EntityKind on) {
    if (written instanceof Compare compare) {
      return compare(compare, on);
    }
    if (written instanceof In in) {
      return in(in, on);
    }
    if (written instanceof Contains contains) {
      return contains(contains, on);
    }
    if (written instanceof Matches matches) {
      return events.matches(matches, on);
    }
    if (written instanceof Silence silence) {
      return silence(silence, on);
    }
    if (written instanceof IsNan nan) {
      return nan(nan, on);
    }
    if (written instanceof Exits exits) {
      return events.exits(exits, on);
    }
    if (written instanceof CheckPasses check) {
      return checkPasses(check);
    }
    return bare(((Bare) written).name(), on);
  }

  private Optional<Condition> contains(Contains contains, EntityKind on) {
    return readings
        .read(contains.left(), on)
        .flatMap(
            read -> {
              Signal signal = read.reading().signal();
              if (signal.kind() != SignalKind.WORD && signal.kind() != SignalKind.ATTRIBUTE) {
                return findings.wrongKind(contains.left(), "holds no words");
              }
              return literals
                  .words(contains.right(), signal)
                  .map(words -> new Condition.WordTest(read.reading(), true, words));
            });
  }

  private Optional<Condition> silence(Silence silence, EntityKind on) {
    return readings
        .read(silence.left(), on)
        .map(
            read -> {
              Condition silent = new Condition.Silent(read.reading(), Optional.empty());
              return silence.alive() ? new Condition.Not(silent) : silent;
            });
  }

  private Optional<Condition> nan(IsNan nan, EntityKind on) {
    return readings
        .read(nan.left(), on)
        .flatMap(
            read ->
                read.reading().signal().kind().isNumber()
                    ? Optional.of(new Condition.NanTest(read.reading()))
                    : findings.wrongKind(nan.left(), "is not a number"));
  }

  private Optional<Condition> checkPasses(CheckPasses check) {
    String name = check.check().text();
    if (!names.of(BlockKind.CHECK).containsKey(name)) {
      findings.add(
          CheckCode.H0214,
          check.check().span(),
          "no check `" + name + "` is declared",
          findings.near(name, names.of(BlockKind.CHECK).keySet()));
      return Optional.empty();
    }
    names.use(BlockKind.CHECK, name);
    return Optional.of(new Condition.CheckPasses(names.qualified(name)));
  }

  private Optional<Condition> bare(Name name, EntityKind on) {
    return readings
        .read(name, on)
        .flatMap(
            read ->
                switch (read.reading().signal().kind()) {
                  case FLAG -> Optional.of(new Condition.FlagTest(read.reading()));
                  case EVENT -> Optional.of(new Condition.Happens(read.reading(), List.of()));
                  case HEARTBEAT ->
                      findings.wrongKind(
                          name, "is a sign of life: write `silent` or `alive` behind it");
                  case GAUGE, COUNTER -> findings.wrongKind(name, "is a number: compare it");
                  case WORD, ATTRIBUTE ->
                      findings.wrongKind(name, "is a word: compare it with `==`");
                });
  }

  private Optional<Condition> in(In in, EntityKind on) {
    if (!(in.left() instanceof Operand.Signal signal)) {
      findings.add(CheckCode.H0311, in.left().span(), "a function is compared with one number");
      return Optional.empty();
    }
    return readings
        .read(signal.name(), on)
        .flatMap(
            read -> {
              Signal known = read.reading().signal();
              return switch (known.kind()) {
                case EVENT -> events.listed(read, in.list());
                case GAUGE, COUNTER ->
                    literals
                        .numbers(in.list(), known.dimension())
                        .map(set -> new Condition.NumberIn(read.reading(), set));
                case WORD, ATTRIBUTE ->
                    literals
                        .words(in.list(), known)
                        .map(words -> new Condition.WordTest(read.reading(), false, words));
                case FLAG, HEARTBEAT ->
                    findings.wrongKind(signal.name(), "is not compared with a list");
              };
            });
  }

  private Optional<Condition> compare(Compare compare, EntityKind on) {
    if (compare.left() instanceof Operand.Call call) {
      return functions.lower(call, compare, on);
    }
    Name name = ((Operand.Signal) compare.left()).name();
    if (compare.over().isPresent()) {
      findings.add(
          CheckCode.H0311,
          compare.over().get().span(),
          "`over` belongs to a function",
          "write `avg(" + name.text() + ") … over " + compare.over().get().span().text() + "`");
      return Optional.empty();
    }
    return readings
        .read(name, on)
        .flatMap(
            read ->
                switch (read.reading().signal().kind()) {
                  case GAUGE, COUNTER -> numberTest(read.reading(), compare, name);
                  case EVENT -> events.compared(read, compare);
                  case WORD, ATTRIBUTE -> wordTest(read.reading(), compare);
                  case FLAG ->
                      findings.wrongKind(
                          name, "is true or false: write it alone, or `not` before it");
                  case HEARTBEAT ->
                      findings.wrongKind(
                          name, "is a sign of life: write `silent` or `alive` behind it");
                });
  }

  private Optional<Condition> numberTest(Reading reading, Compare compare, Name name) {
    return literals
        .bound(compare.right(), reading.signal(), name.text())
        .map(
            bound ->
                new Condition.NumberTest(
                    new NumberSource.Latest(reading), compare.operator(), bound));
  }

  private Optional<Condition> wordTest(Reading reading, Compare compare) {
    boolean differs = compare.operator() == ComparisonOperator.NOT_EQUAL;
    return literals
        .words(compare.right(), reading.signal())
        .flatMap(words -> events.equality(compare, words))
        .map(
            words -> {
              Condition test = new Condition.WordTest(reading, false, words);
              return differs ? new Condition.Not(test) : test;
            });
  }
}
