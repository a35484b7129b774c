package dev.heal.engine.fact;

import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.policy.NumberSource;
import dev.heal.dsl.policy.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * The meaning of level faults on one entity, computed from the whole history at every step, with
 * nothing remembered. Times are whole seconds: at each second first the facts, then the timers.
 */
final class PlainReference {
  /** One fact, or (fact null's place: {@code signal} empty) the timers of a second. */
  private record Step(long at, boolean timers, String signal, double value) {}

  private final Fault fault;
  private final List<Step> steps = new ArrayList<>();
  private final List<Step> facts = new ArrayList<>();
  private final TreeSet<String> read = new TreeSet<>();

  PlainReference(Fault fault) {
    this.fault = fault;
  }

  void reads(String signal) {
    read.add(signal);
  }

  void fact(long at, String signal, double value) {
    Step step = new Step(at, false, signal, value);
    if (read.contains(signal)) {
      steps.add(step);
    }
    facts.add(step);
  }

  void timers(long at) {
    steps.add(new Step(at, true, "", 0));
  }

  List<String> story() {
    List<String> story = new ArrayList<>();
    String state = "CLEAR";
    int base = 0;
    for (int k = 0; k < steps.size(); k++) {
      for (int turn = 0; turn < 4; turn++) {
        boolean raised = state.equals("RAISED") || state.equals("CLEARING");
        if (raised && wrong(k)) {
          base = k + 1;
        }
        String next = raised ? whileRaised(state, k, base) : whileClear(state, k);
        if (next.equals(state)) {
          break;
        }
        if (!raised && next.equals("RAISED")) {
          base = k;
        }
        story.add(steps.get(k).at() + " " + state + ">" + next);
        state = next;
      }
    }
    return story;
  }

  private Condition part() {
    return fault.when() instanceof Condition.Held held ? held.part() : fault.when();
  }

  private boolean mustRaise(int k) {
    return fault.missing() == Fault.Missing.RAISE
        && truth(fault.when(), k, 0) == Truth.UNKNOWN
        && anySilent(fault.when(), k);
  }

  private boolean wrong(int k) {
    return truth(part(), k, 0) == Truth.TRUE || mustRaise(k);
  }

  private String whileClear(String state, int k) {
    if (truth(fault.when(), k, 0) == Truth.TRUE || mustRaise(k)) {
      return "RAISED";
    }
    return switch (truth(part(), k, 0)) {
      case TRUE -> "PENDING";
      case FALSE -> "CLEAR";
      case UNKNOWN -> fault.missing() == Fault.Missing.FORGET ? "CLEAR" : state;
    };
  }

  private String whileRaised(String state, int k, int base) {
    if (fault.clear().isEmpty()) {
      return truth(part(), k, 0) == Truth.FALSE ? "CLEAR" : state;
    }
    if (wrong(k)) {
      return "RAISED";
    }
    Condition clear = fault.clear().get();
    if (truth(clear, k, base) == Truth.TRUE) {
      return "CLEAR";
    }
    boolean begun =
        clear instanceof Condition.Held held && truth(held.part(), k, base) == Truth.TRUE;
    return begun ? "CLEARING" : "RAISED";
  }

  private Truth truth(Condition condition, int k, int base) {
    if (condition instanceof Condition.All all) {
      return all.parts().stream().map(p -> truth(p, k, base)).reduce(Truth.TRUE, Truth::and);
    }
    if (condition instanceof Condition.Any any) {
      return any.parts().stream().map(p -> truth(p, k, base)).reduce(Truth.FALSE, Truth::or);
    }
    if (condition instanceof Condition.Not not) {
      return truth(not.part(), k, base).not();
    }
    if (condition instanceof Condition.Held held) {
      Truth now = truth(held.part(), k, base);
      if (now != Truth.TRUE) {
        return now;
      }
      int first = k;
      while (first > base && truth(held.part(), first - 1, base) == Truth.TRUE) {
        first--;
      }
      return Truth.of(come(k, steps.get(first).at() + held.span().toSeconds()));
    }
    if (condition instanceof Condition.Silent silent) {
      List<Step> heard = heard(silent.reading(), k);
      long span = silent.span().map(d -> d.toSeconds()).orElse(15L);
      long from = heard.isEmpty() ? 0 : heard.get(heard.size() - 1).at();
      return Truth.of(come(k, from + span));
    }
    if (condition instanceof Condition.NanTest nan) {
      List<Step> heard = heard(nan.reading(), k);
      return known(nan.reading(), k)
          ? Truth.of(Double.isNaN(heard.get(heard.size() - 1).value()))
          : Truth.UNKNOWN;
    }
    Condition.NumberTest test = (Condition.NumberTest) condition;
    if (test.source() instanceof NumberSource.Count count) {
      long n =
          heard(count.event().reading(), k).stream()
              .filter(s -> !come(k, s.at() + count.window().toSeconds()))
              .count();
      return compare((double) n, test);
    }
    return level(test, k);
  }

  private Truth level(Condition.NumberTest test, int k) {
    NumberSource source = test.source();
    if (source instanceof NumberSource.Latest latest) {
      List<Step> heard = heard(latest.reading(), k);
      return known(latest.reading(), k)
          ? compare(heard.get(heard.size() - 1).value(), test)
          : Truth.UNKNOWN;
    }
    if (source instanceof NumberSource.Ratio ratio) {
      List<Step> heard = heard(ratio.reading(), k);
      int n = ratio.samples();
      if (!known(ratio.reading(), k) || heard.size() <= n) {
        return Truth.UNKNOWN;
      }
      double sum = 0;
      for (Step step : heard.subList(heard.size() - 1 - n, heard.size() - 1)) {
        sum += step.value();
      }
      return compare(heard.get(heard.size() - 1).value() / (sum / n), test);
    }
    NumberSource.Window window = (NumberSource.Window) source;
    if (!known(window.reading(), k)) {
      return Truth.UNKNOWN;
    }
    List<Double> values =
        heard(window.reading(), k).stream()
            .filter(s -> !come(k, s.at() + window.window().toSeconds()))
            .map(Step::value)
            .toList();
    boolean growth =
        window.function() == NumberSource.Function.INCREASE
            || window.function() == NumberSource.Function.RATE;
    if (values.size() < (growth ? 2 : 1)) {
      return Truth.UNKNOWN;
    }
    double result =
        switch (window.function()) {
          case AVG -> sum(values) / values.size();
          case MIN -> values.stream().reduce(Math::min).orElseThrow();
          case MAX -> values.stream().reduce(Math::max).orElseThrow();
          case INCREASE -> growth(values);
          case RATE -> growth(values) / window.window().toSeconds();
        };
    return compare(result, test);
  }

  private static double sum(List<Double> values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  private static double growth(List<Double> values) {
    double sum = 0;
    for (int i = 1; i < values.size(); i++) {
      double step = values.get(i) - values.get(i - 1);
      sum += step < 0 ? values.get(i) : step;
    }
    return sum;
  }

  private static Truth compare(double left, Condition.NumberTest test) {
    double right = test.bound();
    return Truth.of(
        switch (test.operator()) {
          case EQUAL -> left == right;
          case NOT_EQUAL -> left != right;
          case LESS -> left < right;
          case AT_MOST -> left <= right;
          case GREATER -> left > right;
          case AT_LEAST -> left >= right;
        });
  }

  /** Facts of a second come before its timers, so nothing is due for them yet. */
  private boolean come(int k, long instant) {
    Step step = steps.get(k);
    return step.timers() ? step.at() >= instant : step.at() > instant;
  }

  private List<Step> heard(Reading reading, int k) {
    return steps.subList(0, k + 1).stream()
        .filter(s -> s.signal().equals(reading.signal().name()))
        .toList();
  }

  private boolean known(Reading reading, int k) {
    return !heard(reading, k).isEmpty() && !silent(reading, k);
  }

  private boolean silent(Reading reading, int k) {
    List<Step> heard = heard(reading, k);
    return !heard.isEmpty() && come(k, heard.get(heard.size() - 1).at() + 3);
  }

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
    if (condition instanceof Condition.NanTest nan) {
      return silent(nan.reading(), k);
    }
    if (condition instanceof Condition.NumberTest test) {
      NumberSource source = test.source();
      if (source instanceof NumberSource.Latest latest) {
        return silent(latest.reading(), k);
      }
      if (source instanceof NumberSource.Ratio ratio) {
        return silent(ratio.reading(), k);
      }
      if (source instanceof NumberSource.Window window) {
        return silent(window.reading(), k);
      }
    }
    return false;
  }
}
