package dev.heal.engine.fact;

import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.EventTest;
import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.policy.NumberSource;
import dev.heal.dsl.policy.Reading;
import dev.heal.dsl.tree.ComparisonOperator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The meaning of one fault on one entity, computed from the whole {@link History} at every step:
 * slow and plain, with nothing kept but the state of the instance. Shares no code with the stage.
 */
final class PlainReference {
  private final Fault fault;
  private final EntityId entity;
  private final History history;
  private final List<Reading> readings;
  private final List<History.Step> steps = new ArrayList<>();
  private final List<String> story = new ArrayList<>();
  private final IdentityHashMap<Condition, Map<Look, Truth>> answers = new IdentityHashMap<>();

  private String state = "CLEAR";

  /** From which step on the condition may have held: later only where an instance was ended. */
  private int whenBase;

  /** From which step on what ends the instance may have held. */
  private int endBase;

  /** When the event that raised, or was repeated, came last. */
  private long lastEvent;

  PlainReference(Fault fault, EntityId entity, History history) {
    this.fault = fault;
    this.entity = entity;
    this.history = history;
    this.readings =
        Stream.of(Optional.of(fault.when()), fault.clear(), fault.cured())
            .flatMap(Optional::stream)
            .flatMap(PlainReference::readings)
            .distinct()
            .toList();
  }

  /** Every change of the instance, one line each. */
  List<String> story() {
    for (History.Step step : history.steps()) {
      if (concerns(step)) {
        steps.add(step);
        at(steps.size() - 1);
      }
    }
    return story;
  }

  /** A step at which the answer may be another one. */
  private boolean concerns(History.Step step) {
    if (!history.isKnown(entity, step)) {
      return false;
    }
    return switch (step.kind()) {
      case TIMERS, FOUND -> true;
      case ENDED -> step.entity().equals(entity);
      case FACT -> readings.stream().anyMatch(r -> reads(r, step));
    };
  }

  private static Stream<Reading> readings(Condition condition) {
    if (condition instanceof Condition.All all) {
      return all.parts().stream().flatMap(PlainReference::readings);
    }
    if (condition instanceof Condition.Any any) {
      return any.parts().stream().flatMap(PlainReference::readings);
    }
    if (condition instanceof Condition.Not not) {
      return readings(not.part());
    }
    if (condition instanceof Condition.Held held) {
      return readings(held.part());
    }
    return Stream.of(reading(condition));
  }

  private static Reading reading(Condition atom) {
    if (atom instanceof Condition.NumberTest test) {
      NumberSource source = test.source();
      if (source instanceof NumberSource.Latest latest) {
        return latest.reading();
      }
      if (source instanceof NumberSource.Window window) {
        return window.reading();
      }
      if (source instanceof NumberSource.Ratio ratio) {
        return ratio.reading();
      }
      if (source instanceof NumberSource.Forecast forecast) {
        return forecast.reading();
      }
      return ((NumberSource.Count) source).event().reading();
    }
    if (atom instanceof Condition.NanTest nan) {
      return nan.reading();
    }
    if (atom instanceof Condition.FlagTest flag) {
      return flag.reading();
    }
    if (atom instanceof Condition.WordTest word) {
      return word.reading();
    }
    if (atom instanceof Condition.Silent silent) {
      return silent.reading();
    }
    return ((Condition.Happens) atom).reading();
  }

  private boolean reads(Reading reading, History.Step step) {
    return step.kind() == History.Kind.FACT
        && step.signal().equals(reading.signal().name())
        && history.related(entity, reading.signal().entity(), step).contains(step.entity());
  }

  // ---- the states of an instance ---------------------------------------------------------------

  private void at(int k) {
    if (steps.get(k).kind() == History.Kind.ENDED && !state.equals("CLEAR")) {
      whenBase = k;
      move(k, "CLEAR");
    }
    boolean event = true;
    for (int turn = 0; turn < 4; turn++) {
      String before = state;
      if (isRaised()) {
        whileRaised(k, event);
      } else {
        whileClear(k, event);
      }
      if (state.equals(before)) {
        return;
      }
      event = false;
    }
  }

  private boolean isRaised() {
    return state.equals("RAISED") || state.equals("CLEARING");
  }

  private void move(int k, String to) {
    if (!state.equals(to)) {
      String captured = to.equals("RAISED") && !isRaised() ? captured(k) : "";
      story.add(steps.get(k).at() + " " + state + ">" + to + captured);
      state = to;
    }
  }

  private Condition part() {
    return fault.when() instanceof Condition.Held held ? held.part() : fault.when();
  }

  private boolean raisesForMissing(int k, boolean event) {
    return fault.missing() == Fault.Missing.RAISE
        && when(fault.when(), k, event) == Truth.UNKNOWN
        && anySilent(fault.when(), k);
  }

  private Truth when(Condition condition, int k, boolean event) {
    return truth(condition, new Look(k, whenBase, Long.MIN_VALUE, event));
  }

  private Truth end(Condition condition, int k) {
    return truth(
        condition, new Look(k, endBase, fault.event() ? lastEvent : Long.MIN_VALUE, false));
  }

  private void whileClear(int k, boolean event) {
    if (when(fault.when(), k, event) == Truth.TRUE || raisesForMissing(k, event)) {
      lastEvent = steps.get(k).at();
      endBase = k;
      move(k, "RAISED");
      return;
    }
    switch (when(part(), k, event)) {
      case TRUE -> move(k, "PENDING");
      case FALSE -> move(k, "CLEAR");
      case UNKNOWN -> move(k, fault.missing() == Fault.Missing.FORGET ? "CLEAR" : state);
    }
  }

  private void whileRaised(int k, boolean event) {
    if (fault.event()) {
      eventRaised(k, event);
    } else if (fault.clear().isEmpty()) {
      if (when(part(), k, event) == Truth.FALSE) {
        move(k, "CLEAR");
      }
    } else if (when(part(), k, event) == Truth.TRUE || raisesForMissing(k, event)) {
      endBase = k + 1;
      move(k, "RAISED");
    } else {
      endBy(fault.clear().get(), k);
    }
  }

  private void eventRaised(int k, boolean event) {
    if (event && when(fault.when(), k, true) == Truth.TRUE) {
      lastEvent = steps.get(k).at();
      endBase = k;
      story.add(steps.get(k).at() + " again");
      move(k, "RAISED");
    }
    if (fault.clearAfter().isPresent()
        && come(k, lastEvent + fault.clearAfter().get().toSeconds())) {
      move(k, "CLEAR");
    } else if (fault.cured().isPresent()) {
      endBy(fault.cured().get(), k);
    }
  }

  private void endBy(Condition condition, int k) {
    if (end(condition, k) == Truth.TRUE) {
      move(k, "CLEAR");
    } else if (condition instanceof Condition.Held held && end(held.part(), k) == Truth.TRUE) {
      move(k, "CLEARING");
    } else {
      move(k, "RAISED");
    }
  }

  // ---- the truth of a condition at a step ------------------------------------------------------

  /**
   * @param k the step
   * @param base the first step at which something may have held
   * @param from facts of an earlier own time are no evidence
   * @param event whether the event of the step, where it is one, is happening
   */
  private record Look(int k, int base, long from, boolean event) {}

  private Truth truth(Condition condition, Look look) {
    // remembered for speed alone: the same question has the same answer
    Map<Look, Truth> known = answers.computeIfAbsent(condition, c -> new HashMap<>());
    Truth answer = known.get(look);
    if (answer == null) {
      answer = truthAnew(condition, look);
      known.put(look, answer);
    }
    return answer;
  }

  private Truth truthAnew(Condition condition, Look look) {
    if (condition instanceof Condition.All all) {
      return all.parts().stream().map(p -> truth(p, look)).reduce(Truth.TRUE, PlainReference::and);
    }
    if (condition instanceof Condition.Any any) {
      return any.parts().stream().map(p -> truth(p, look)).reduce(Truth.FALSE, PlainReference::or);
    }
    if (condition instanceof Condition.Not not) {
      return not(truth(not.part(), look));
    }
    if (condition instanceof Condition.Held held) {
      return held(held, look);
    }
    Reading reading = reading(condition);
    List<EntityId> related =
        history.related(entity, reading.signal().entity(), steps.get(look.k()));
    if (condition instanceof Condition.NumberTest test
        && test.source() instanceof NumberSource.Count count) {
      return count(count, test, related, look);
    }
    if (related.isEmpty()) {
      return condition instanceof Condition.Happens ? Truth.FALSE : Truth.UNKNOWN;
    }
    Truth any = Truth.FALSE;
    for (EntityId one : related) {
      any = or(any, of(condition, one, reading, look));
    }
    return any;
  }

  private Truth held(Condition.Held held, Look look) {
    Truth now = truth(held.part(), look);
    if (now != Truth.TRUE) {
      return now;
    }
    int first = look.k();
    while (first > look.base()
        && truth(held.part(), new Look(first - 1, look.base(), look.from(), look.event()))
            == Truth.TRUE) {
      first--;
    }
    return known(come(look.k(), steps.get(first).at() + held.span().toSeconds()));
  }

  private Truth of(Condition condition, EntityId one, Reading reading, Look look) {
    List<History.Step> heard = heard(one, reading, look.k());
    if (condition instanceof Condition.Happens happens) {
      History.Step step = steps.get(look.k());
      return known(
          look.event()
              && step.kind() == History.Kind.FACT
              && step.entity().equals(one)
              && step.signal().equals(reading.signal().name())
              && happens.tests().stream().allMatch(t -> passes(t, step)));
    }
    boolean fresh = heard.stream().anyMatch(s -> s.own() >= look.from());
    if (condition instanceof Condition.Silent silent) {
      Optional<Long> usual = history.silence(one, reading.signal());
      Optional<Long> span = silent.span().map(Duration::toSeconds).or(() -> usual);
      if (span.isEmpty() || (look.from() != Long.MIN_VALUE && !fresh)) {
        return Truth.UNKNOWN;
      }
      return silentFor(one, reading, span.get(), look.k());
    }
    if (heard.isEmpty() || !fresh || isSilent(one, reading, look.k())) {
      return Truth.UNKNOWN;
    }
    History.Step last = heard.get(heard.size() - 1);
    if (condition instanceof Condition.NanTest) {
      return known(Double.isNaN(last.value()));
    }
    if (condition instanceof Condition.FlagTest) {
      return known(last.value() != 0);
    }
    if (condition instanceof Condition.WordTest word) {
      return known(
          word.contains()
              ? Stream.of(last.word().split(",")).anyMatch(word.words()::contains)
              : word.words().contains(last.word()));
    }
    Condition.NumberTest test = (Condition.NumberTest) condition;
    List<History.Step> counting = heard.stream().filter(s -> s.at() >= look.from()).toList();
    OptionalDouble number = number(test.source(), heard, counting, look.k());
    return number.isEmpty()
        ? Truth.UNKNOWN
        : known(compare(number.getAsDouble(), test.operator(), test.bound()));
  }

  private OptionalDouble number(
      NumberSource source, List<History.Step> heard, List<History.Step> counting, int k) {
    if (source instanceof NumberSource.Latest) {
      return OptionalDouble.of(heard.get(heard.size() - 1).value());
    }
    if (source instanceof NumberSource.Window window) {
      return window(window, counting, k);
    }
    int end = counting.size() - 1;
    if (source instanceof NumberSource.Ratio ratio) {
      if (end < ratio.samples()) {
        return OptionalDouble.empty();
      }
      List<Double> before = values(counting.subList(end - ratio.samples(), end));
      return OptionalDouble.of(counting.get(end).value() / (sum(before) / before.size()));
    }
    long ahead = ((NumberSource.Forecast) source).ahead().toSeconds();
    return end < 0 ? OptionalDouble.empty() : forecast(counting, ahead);
  }

  private OptionalDouble window(NumberSource.Window window, List<History.Step> counting, int k) {
    List<Double> values =
        values(
            counting.stream().filter(s -> !come(k, s.at() + window.window().toSeconds())).toList());
    int least =
        switch (window.function()) {
          case AVG, MIN, MAX -> 1;
          case INCREASE, RATE -> 2;
        };
    if (values.size() < least) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(
        switch (window.function()) {
          case AVG -> sum(values) / values.size();
          case MIN -> values.stream().reduce(Math::min).orElseThrow();
          case MAX -> values.stream().reduce(Math::max).orElseThrow();
          case INCREASE -> growth(values);
          case RATE -> growth(values) / window.window().toSeconds();
        });
  }

  /** The straight line of least squares by the sums of the textbook, at `ahead` behind the last. */
  private static OptionalDouble forecast(List<History.Step> counting, long ahead) {
    long last = counting.get(counting.size() - 1).at();
    double n = 0;
    double x = 0;
    double y = 0;
    double xx = 0;
    double xy = 0;
    for (History.Step step : counting) {
      if (step.at() > last - ahead) {
        double t = step.at() - last;
        n++;
        x += t;
        y += step.value();
        xx += t * t;
        xy += t * step.value();
      }
    }
    double spread = n * xx - x * x;
    if (spread == 0) {
      return OptionalDouble.empty();
    }
    double slope = (n * xy - x * y) / spread;
    return OptionalDouble.of((y - slope * x) / n + slope * ahead);
  }

  private Truth count(
      NumberSource.Count count, Condition.NumberTest test, List<EntityId> related, Look look) {
    double n = 0;
    for (EntityId one : related) {
      for (History.Step step : heard(one, count.event().reading(), look.k())) {
        boolean inside = !come(look.k(), step.at() + count.window().toSeconds());
        if (inside
            && step.at() >= look.from()
            && count.event().tests().stream().allMatch(t -> passes(t, step))) {
          n++;
        }
      }
    }
    return known(compare(n, test.operator(), test.bound()));
  }

  private static boolean passes(EventTest test, History.Step step) {
    String text = step.fields().get(test.field());
    if (text == null) {
      return false;
    }
    if (test instanceof EventTest.NumberIs is) {
      return compare(Double.parseDouble(text), is.operator(), is.bound());
    }
    if (test instanceof EventTest.NumberIn in) {
      return in.values().contains(Double.parseDouble(text)) != in.negated();
    }
    if (test instanceof EventTest.WordIn in) {
      return in.words().contains(text) != in.negated();
    }
    return pattern((EventTest.Matches) test).matcher(text).find();
  }

  private static Pattern pattern(EventTest.Matches test) {
    return Pattern.compile(test.pattern().pattern());
  }

  /** What the named groups of the patterns of the event at hand matched. */
  private String captured(int k) {
    TreeMap<String, String> found = new TreeMap<>();
    if (steps.get(k).kind() == History.Kind.FACT && !fault.captures().isEmpty()) {
      captured(fault.when(), k, found);
    }
    return found.isEmpty() ? "" : " " + found;
  }

  private void captured(Condition condition, int k, Map<String, String> found) {
    if (condition instanceof Condition.All all) {
      all.parts().forEach(part -> captured(part, k, found));
    } else if (condition instanceof Condition.Any any) {
      any.parts().forEach(part -> captured(part, k, found));
    } else if (condition instanceof Condition.Happens happens
        && when(happens, k, true) == Truth.TRUE) {
      for (EventTest test : happens.tests()) {
        if (test instanceof EventTest.Matches matches) {
          Matcher matcher = pattern(matches).matcher(steps.get(k).fields().get(test.field()));
          if (matcher.find() && matches.pattern().pattern().contains("?<rank>")) {
            found.put("rank", matcher.group("rank"));
          }
        }
      }
    }
  }

  // ---- what was heard --------------------------------------------------------------------------

  /** Facts of a second come before its timers, so nothing is due for them yet. */
  private boolean come(int k, long instant) {
    History.Step step = steps.get(k);
    return step.due() ? step.at() >= instant : step.at() > instant;
  }

  private List<History.Step> heard(EntityId one, Reading reading, int k) {
    return history.heard(one, reading.signal().name(), steps.get(k));
  }

  /** Unknown where nothing was heard, nor declared from the start on. */
  private Truth silentFor(EntityId one, Reading reading, long span, int k) {
    List<History.Step> heard = heard(one, reading, k);
    if (heard.isEmpty() && !history.isDeclared(one, reading.signal())) {
      return Truth.UNKNOWN;
    }
    long since = heard.isEmpty() ? 0 : heard.get(heard.size() - 1).at();
    return known(come(k, since + span));
  }

  private boolean isSilent(EntityId one, Reading reading, int k) {
    Optional<Long> span = history.silence(one, reading.signal());
    return span.isPresent() && silentFor(one, reading, span.get(), k) == Truth.TRUE;
  }

  /** Whether a level that the condition reads is silent. */
  private boolean anySilent(Condition condition, int k) {
    if (condition instanceof Condition.All all) {
      return all.parts().stream().anyMatch(p -> anySilent(p, k));
    }
    if (condition instanceof Condition.Any any) {
      return any.parts().stream().anyMatch(p -> anySilent(p, k));
    }
    if (condition instanceof Condition.Not not) {
      return anySilent(not.part(), k);
    }
    if (condition instanceof Condition.Held held) {
      return anySilent(held.part(), k);
    }
    Reading reading = reading(condition);
    boolean level = !(condition instanceof Condition.Silent) && reading.signal().kind().isLevel();
    return level
        && history.related(entity, reading.signal().entity(), steps.get(k)).stream()
            .anyMatch(one -> isSilent(one, reading, k));
  }

  // ---- arithmetic and logic --------------------------------------------------------------------

  private static List<Double> values(List<History.Step> steps) {
    return steps.stream().map(History.Step::value).toList();
  }

  private static double sum(List<Double> values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  /** How far a counter has grown; one that falls began anew at zero. */
  private static double growth(List<Double> values) {
    double sum = 0;
    for (int i = 1; i < values.size(); i++) {
      boolean fell = values.get(i) < values.get(i - 1);
      sum += fell ? values.get(i) : values.get(i) - values.get(i - 1);
    }
    return sum;
  }

  private static boolean compare(double left, ComparisonOperator operator, double right) {
    return switch (operator) {
      case EQUAL -> left == right;
      case NOT_EQUAL -> left != right;
      case LESS -> left < right;
      case AT_MOST -> left <= right;
      case GREATER -> left > right;
      case AT_LEAST -> left >= right;
    };
  }

  private static Truth known(boolean value) {
    return value ? Truth.TRUE : Truth.FALSE;
  }

  private static Truth not(Truth truth) {
    return truth == Truth.UNKNOWN ? truth : known(truth == Truth.FALSE);
  }

  private static Truth and(Truth one, Truth other) {
    if (one == Truth.FALSE || other == Truth.FALSE) {
      return Truth.FALSE;
    }
    return one == Truth.TRUE && other == Truth.TRUE ? Truth.TRUE : Truth.UNKNOWN;
  }

  private static Truth or(Truth one, Truth other) {
    if (one == Truth.TRUE || other == Truth.TRUE) {
      return Truth.TRUE;
    }
    return one == Truth.FALSE && other == Truth.FALSE ? Truth.FALSE : Truth.UNKNOWN;
  }
}
