package dev.heal.dsl.check;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.EventTest;
import dev.heal.dsl.policy.NumberSource;
import dev.heal.dsl.policy.Reading;
import dev.heal.dsl.text.Span;
import dev.heal.dsl.tree.ComparisonOperator;
import dev.heal.dsl.tree.Name;
import dev.heal.dsl.tree.Value;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.dsl.vocabulary.Signal;
import dev.heal.dsl.vocabulary.SignalKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Conditions as written to conditions as meant. Empty results have a message already. */
final class ConditionLowering {
  private final Findings findings;
  private final Quantities quantities;
  private final Names names;
  private final Readings readings;

  ConditionLowering(Findings findings, Quantities quantities, Names names, Readings readings) {
    this.findings = findings;
    this.quantities = quantities;
    this.names = names;
    this.readings = readings;
  }

  Optional<Condition> lower(dev.heal.dsl.tree.Condition written, EntityKind on) {
    if (written instanceof dev.heal.dsl.tree.Condition.And and) {
      return parts(and.parts(), on).map(this::all);
    }
    if (written instanceof dev.heal.dsl.tree.Condition.Or or) {
      return parts(or.parts(), on).flatMap(parts -> any(parts, or.span()));
    }
    if (written instanceof dev.heal.dsl.tree.Condition.Not not) {
      return lower(not.part(), on).flatMap(part -> negated(part, not.span()));
    }
    if (written instanceof dev.heal.dsl.tree.Condition.Group group) {
      return lower(group.part(), on);
    }
    if (written instanceof dev.heal.dsl.tree.Condition.Held held) {
      return held(held, on);
    }
    return atom(written, on);
  }

  private Optional<List<Condition>> parts(
      List<dev.heal.dsl.tree.Condition> written, EntityKind on) {
    List<Condition> parts = new ArrayList<>();
    boolean whole = true;
    for (dev.heal.dsl.tree.Condition part : written) {
      Optional<Condition> lowered = lower(part, on);
      lowered.ifPresent(parts::add);
      whole &= lowered.isPresent();
    }
    return whole ? Optional.of(parts) : Optional.empty();
  }

  /** Tests on one event become one. */
  private Condition all(List<Condition> parts) {
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
    long events = parts.stream().filter(ConditionFacts::hasEvent).count();
    if (events > 0 && events < parts.size()) {
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

  private Optional<Condition> held(dev.heal.dsl.tree.Condition.Held held, EntityKind on) {
    Optional<Condition> part = lower(held.part(), on);
    Optional<Duration> span = quantities.duration(resolved(held.duration()));
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
    if (written instanceof dev.heal.dsl.tree.Condition.Compare compare) {
      return compare(compare, on);
    }
    if (written instanceof dev.heal.dsl.tree.Condition.In in) {
      return in(in, on);
    }
    if (written instanceof dev.heal.dsl.tree.Condition.Contains contains) {
      return readings
          .read(contains.left(), on)
          .flatMap(
              read -> {
                if (read.reading().signal().kind() != SignalKind.WORD
                    && read.reading().signal().kind() != SignalKind.ATTRIBUTE) {
                  return wrongKind(contains.left(), "holds no words");
                }
                return words(contains.right(), read.reading().signal())
                    .map(words -> new Condition.WordTest(read.reading(), true, words));
              });
    }
    if (written instanceof dev.heal.dsl.tree.Condition.Matches matches) {
      return matches(matches, on);
    }
    if (written instanceof dev.heal.dsl.tree.Condition.Silence silence) {
      return readings
          .read(silence.left(), on)
          .flatMap(
              read -> {
                Condition silent = new Condition.Silent(read.reading(), Optional.empty());
                return Optional.of(silence.alive() ? new Condition.Not(silent) : silent);
              });
    }
    if (written instanceof dev.heal.dsl.tree.Condition.IsNan nan) {
      return readings
          .read(nan.left(), on)
          .flatMap(
              read ->
                  read.reading().signal().kind().isNumber()
                      ? Optional.of(new Condition.NanTest(read.reading()))
                      : wrongKind(nan.left(), "is not a number"));
    }
    if (written instanceof dev.heal.dsl.tree.Condition.Exits exits) {
      return exits(exits, on);
    }
    if (written instanceof dev.heal.dsl.tree.Condition.CheckPasses check) {
      return checkPasses(check);
    }
    return bare(((dev.heal.dsl.tree.Condition.Bare) written).name(), on);
  }

  private Optional<Condition> checkPasses(dev.heal.dsl.tree.Condition.CheckPasses check) {
    String name = check.check().text();
    if (!names.of(dev.heal.dsl.tree.Declaration.BlockKind.CHECK).containsKey(name)) {
      findings.add(
          CheckCode.H0214,
          check.check().span(),
          "no check `" + name + "` is declared",
          Findings.near(name, names.of(dev.heal.dsl.tree.Declaration.BlockKind.CHECK).keySet()));
      return Optional.empty();
    }
    names.use(dev.heal.dsl.tree.Declaration.BlockKind.CHECK, name);
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
                      wrongKind(name, "is a sign of life: write `silent` or `alive` behind it");
                  case GAUGE, COUNTER -> wrongKind(name, "is a number: compare it");
                  case WORD, ATTRIBUTE -> wrongKind(name, "is a word: compare it with `==`");
                });
  }

  private Optional<Condition> wrongKind(Name name, String why) {
    findings.add(CheckCode.H0305, name.span(), "`" + name.text() + "` " + why);
    return Optional.empty();
  }

  private Optional<Condition> exits(dev.heal.dsl.tree.Condition.Exits exits, EntityKind on) {
    Optional<Readings.Read> read =
        readings.tried(new Name(List.of("service", "exit"), exits.process().span()), on);
    if (read.isEmpty()
        || !exits.process().parts().get(exits.process().parts().size() - 1).equals("process")) {
      return wrongKind(exits.process(), "does not exit: write `process exits`");
    }
    Reading reading = read.get().reading();
    if (exits.filter().isEmpty()) {
      return Optional.of(new Condition.Happens(reading, List.of()));
    }
    dev.heal.dsl.tree.Condition.ExitFilter filter = exits.filter().get();
    return switch (filter.subject().text()) {
      case "signal" ->
          words(exitValue(filter), reading.signal())
              .map(
                  words ->
                      new Condition.Happens(
                          reading,
                          List.of(
                              new EventTest.WordIn(
                                  "exit_signal",
                                  words,
                                  filter
                                      .operator()
                                      .equals(Optional.of(ComparisonOperator.NOT_EQUAL))))));
      case "code" -> exitCode(filter, reading);
      default -> {
        findings.add(
            CheckCode.H0216,
            filter.subject().span(),
            "`" + filter.subject().text() + "` is not a way to exit",
            "write `with signal in [SIGSEGV]` or `with code == 1`");
        yield Optional.empty();
      }
    };
  }

  private static Value exitValue(dev.heal.dsl.tree.Condition.ExitFilter filter) {
    return filter.value().orElseGet(() -> filter.list().orElseThrow());
  }

  private Optional<Condition> exitCode(
      dev.heal.dsl.tree.Condition.ExitFilter filter, Reading reading) {
    if (filter.list().isPresent()) {
      return numbers(filter.list().get(), dev.heal.dsl.vocabulary.Dimension.NUMBER)
          .map(
              set ->
                  new Condition.Happens(
                      reading, List.of(new EventTest.NumberIn("exit_code", set, false))));
    }
    return number(filter.value().orElseThrow(), dev.heal.dsl.vocabulary.Dimension.NUMBER)
        .map(
            bound ->
                new Condition.Happens(
                    reading,
                    List.of(
                        new EventTest.NumberIs(
                            "exit_code", filter.operator().orElseThrow(), bound))));
  }

  private Optional<Condition> matches(dev.heal.dsl.tree.Condition.Matches matches, EntityKind on) {
    Optional<Readings.Read> read = readings.read(matches.left(), on);
    Optional<Pattern> pattern = pattern(matches.pattern());
    if (read.isEmpty() || pattern.isEmpty()) {
      return Optional.empty();
    }
    Reading reading = read.get().reading();
    return switch (reading.signal().kind()) {
      case EVENT ->
          Optional.of(
              new Condition.Happens(
                  reading,
                  List.of(
                      new EventTest.Matches(read.get().field().orElse("line"), pattern.get()))));
      case WORD, ATTRIBUTE -> Optional.of(new Condition.WordMatches(reading, pattern.get()));
      case GAUGE, COUNTER, FLAG, HEARTBEAT -> wrongKind(matches.left(), "is not a text");
    };
  }

  /** The pattern compiled in the linear-time dialect. */
  Optional<Pattern> pattern(Value.Pattern written) {
    try {
      return Optional.of(Pattern.compile(written.text().replace("(?<", "(?P<")));
    } catch (PatternSyntaxException refused) {
      String text = written.text();
      String help =
          text.contains("(?=")
                  || text.contains("(?!")
                  || text.contains("(?P<=")
                  || text.contains("(?<=")
              ? "look-around is not part of the dialect"
              : text.matches(".*\\\\[1-9].*")
                  ? "back-references are not part of the dialect"
                  : "patterns are RE2's: see its syntax";
      findings.add(
          CheckCode.H0307,
          written.span(),
          "this pattern cannot be used: " + refused.getDescription(),
          help);
      return Optional.empty();
    }
  }

  private Optional<Condition> in(dev.heal.dsl.tree.Condition.In in, EntityKind on) {
    if (!(in.left() instanceof dev.heal.dsl.tree.Condition.Operand.Signal signal)) {
      findings.add(CheckCode.H0311, in.left().span(), "a function is compared with one number");
      return Optional.empty();
    }
    return readings
        .read(signal.name(), on)
        .flatMap(
            read -> {
              Signal known = read.reading().signal();
              return switch (known.kind()) {
                case EVENT -> eventIn(read, in.list());
                case GAUGE, COUNTER ->
                    numbers(in.list(), known.dimension())
                        .map(set -> new Condition.NumberIn(read.reading(), set));
                case WORD, ATTRIBUTE ->
                    words(in.list(), known)
                        .map(words -> new Condition.WordTest(read.reading(), false, words));
                case FLAG, HEARTBEAT -> wrongKind(signal.name(), "is not compared with a list");
              };
            });
  }

  private Optional<Condition> eventIn(Readings.Read read, Value.ListOf list) {
    String field = read.field().orElse("code");
    if (field.equals("code") || field.equals("pid")) {
      return numbers(list, dev.heal.dsl.vocabulary.Dimension.NUMBER)
          .map(
              set ->
                  new Condition.Happens(
                      read.reading(), List.of(new EventTest.NumberIn(field, set, false))));
    }
    return words(list, read.reading().signal())
        .map(
            words ->
                new Condition.Happens(
                    read.reading(), List.of(new EventTest.WordIn(field, words, false))));
  }

  private Optional<Condition> compare(dev.heal.dsl.tree.Condition.Compare compare, EntityKind on) {
    if (compare.left() instanceof dev.heal.dsl.tree.Condition.Operand.Call call) {
      return new FunctionLowering(this, findings, quantities, readings).lower(call, compare, on);
    }
    Name name = ((dev.heal.dsl.tree.Condition.Operand.Signal) compare.left()).name();
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
            read -> {
              Signal known = read.reading().signal();
              boolean differs = compare.operator() == ComparisonOperator.NOT_EQUAL;
              return switch (known.kind()) {
                case GAUGE, COUNTER -> numberTest(read.reading(), compare, name);
                case EVENT -> eventTest(read, compare);
                case WORD, ATTRIBUTE ->
                    words(compare.right(), known)
                        .flatMap(w -> equality(compare, w))
                        .map(
                            words -> {
                              Condition test = new Condition.WordTest(read.reading(), false, words);
                              return differs ? new Condition.Not(test) : test;
                            });
                case FLAG ->
                    wrongKind(name, "is true or false: write it alone, or `not` before it");
                case HEARTBEAT ->
                    wrongKind(name, "is a sign of life: write `silent` or `alive` behind it");
              };
            });
  }

  private Optional<Set<String>> equality(
      dev.heal.dsl.tree.Condition.Compare compare, Set<String> words) {
    if (compare.operator() == ComparisonOperator.EQUAL
        || compare.operator() == ComparisonOperator.NOT_EQUAL) {
      return Optional.of(words);
    }
    findings.add(CheckCode.H0305, compare.span(), "words have no order: use `==` or `!=`");
    return Optional.empty();
  }

  private Optional<Condition> numberTest(
      Reading reading, dev.heal.dsl.tree.Condition.Compare compare, Name name) {
    return bound(compare.right(), reading.signal(), name.text())
        .map(
            bound ->
                new Condition.NumberTest(
                    new NumberSource.Latest(reading), compare.operator(), bound));
  }

  /** A bound in the base unit, inside the physical range of the signal. */
  Optional<Double> bound(Value written, Signal signal, String name) {
    Optional<Double> bound = number(written, signal.dimension());
    if (bound.isPresent()
        && (signal.min().orElse(Double.NEGATIVE_INFINITY) > bound.get()
            || signal.max().orElse(Double.POSITIVE_INFINITY) < bound.get())) {
      findings.add(
          CheckCode.H0304,
          written.span(),
          "`" + written.span().text() + "` is outside of what `" + name + "` can be");
      return Optional.empty();
    }
    return bound;
  }

  private Optional<Condition> eventTest(
      Readings.Read read, dev.heal.dsl.tree.Condition.Compare compare) {
    Signal signal = read.reading().signal();
    boolean coded = read.field().isEmpty();
    if (coded && !signal.numericCode()) {
      findings.add(
          CheckCode.H0305, compare.left().span(), "`" + signal.name() + "` has no code to compare");
      return Optional.empty();
    }
    String field = read.field().orElse("code");
    if (field.equals("code") || field.equals("pid")) {
      return number(compare.right(), dev.heal.dsl.vocabulary.Dimension.NUMBER)
          .map(
              bound ->
                  new Condition.Happens(
                      read.reading(),
                      List.of(new EventTest.NumberIs(field, compare.operator(), bound))));
    }
    return words(compare.right(), signal)
        .flatMap(w -> equality(compare, w))
        .map(
            words ->
                new Condition.Happens(
                    read.reading(),
                    List.of(
                        new EventTest.WordIn(
                            field, words, compare.operator() == ComparisonOperator.NOT_EQUAL))));
  }

  /** The value behind a {@code let} or {@code tune}; anything else is itself. */
  Value resolved(Value written) {
    return written instanceof Value.Word word ? names.value(word.name()).orElse(written) : written;
  }

  private Optional<Double> number(Value written, dev.heal.dsl.vocabulary.Dimension dimension) {
    Value value = resolved(written);
    if (value instanceof Value.Quantity quantity) {
      return quantities.number(quantity, dimension);
    }
    if (value instanceof Value.Word word) {
      findings.add(
          CheckCode.H0214,
          word.span(),
          "`" + word.name().text() + "` is not declared",
          Findings.near(word.name().text(), names.valueNames()));
    } else {
      findings.add(
          CheckCode.H0305,
          value.span(),
          "`" + value.span().text() + "` is not a number",
          "write " + Quantities.example(dimension));
    }
    return Optional.empty();
  }

  private Optional<Set<Double>> numbers(
      Value.ListOf list, dev.heal.dsl.vocabulary.Dimension dimension) {
    Set<Double> numbers = new TreeSet<>();
    boolean whole = true;
    for (Value item : list.items()) {
      Optional<Double> number = number(item, dimension);
      number.ifPresent(numbers::add);
      whole &= number.isPresent();
    }
    return whole ? Optional.of(numbers) : Optional.empty();
  }

  private Optional<Set<String>> words(Value written, Signal signal) {
    Value value = resolved(written);
    if (value instanceof Value.ListOf list) {
      Set<String> words = new TreeSet<>();
      boolean whole = true;
      for (Value item : list.items()) {
        Optional<Set<String>> one = words(item, signal);
        one.ifPresent(words::addAll);
        whole &= one.isPresent();
      }
      return whole ? Optional.of(words) : Optional.empty();
    }
    Optional<String> word =
        value instanceof Value.Text text
            ? Optional.of(text.text())
            : value instanceof Value.Word bare && bare.name().isSimple()
                ? Optional.of(bare.name().text())
                : Optional.empty();
    if (word.isEmpty()) {
      findings.add(CheckCode.H0305, value.span(), "`" + value.span().text() + "` is not a word");
      return Optional.empty();
    }
    if (signal.kind() == SignalKind.WORD
        && !signal.words().isEmpty()
        && !signal.words().contains(word.get())) {
      findings.add(
          CheckCode.H0216,
          value.span(),
          "`" + word.get() + "` is not a word of `" + signal.name() + "`",
          Findings.near(word.get(), signal.words())
              .or(
                  () ->
                      Optional.of(
                          "it is one of " + String.join(", ", new TreeSet<>(signal.words())))));
      return Optional.empty();
    }
    return Optional.of(Set.of(word.get()));
  }
}
