package dev.heal.bench.rival;

import dev.heal.bench.stream.ThresholdRule;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * Plain Java, written by hand for this one kind of rule: a signal of an entity remembers between
 * which two thresholds it lies and when a rule is due, and looks at its rules only when that
 * changes.
 */
public final class PlainLoop implements Contender {
  private final Map<String, ThresholdRule[]> rulesOf = new HashMap<>();
  private final Map<String, double[]> boundsOf = new HashMap<>();
  private final Map<EntityId, Map<String, State>> states = new HashMap<>();
  private final Firings firings;

  private static final class State {
    private static final long NEVER = Long.MAX_VALUE;

    private final ThresholdRule[] rules;
    private final double[] bounds;
    private final long[] since;
    private final boolean[] raised;
    private double above = Double.NaN;
    private double below = Double.NaN;
    private long due = NEVER;

    State(ThresholdRule[] rules, double[] bounds) {
      this.rules = rules;
      this.bounds = bounds;
      this.since = new long[rules.length];
      this.raised = new boolean[rules.length];
      Arrays.fill(since, NEVER);
    }

    void look(Fact.Sample sample, Firings firings) {
      due = NEVER;
      for (int i = 0; i < rules.length; i++) {
        if (raised[i]) {
          raised[i] = sample.value() >= rules[i].clear();
        } else if (sample.value() >= rules[i].raise()) {
          hold(i, sample, firings);
        } else {
          since[i] = NEVER;
        }
      }
      int next = Arrays.binarySearch(bounds, sample.value());
      next = next < 0 ? -next - 1 : next + 1;
      above = next == 0 ? Double.NEGATIVE_INFINITY : bounds[next - 1];
      below = next == bounds.length ? Double.POSITIVE_INFINITY : bounds[next];
    }

    private void hold(int i, Fact.Sample sample, Firings firings) {
      since[i] = Math.min(since[i], sample.at());
      long fires = since[i] + rules[i].held().toNanos();
      if (sample.at() < fires) {
        due = Math.min(due, fires);
        return;
      }
      raised[i] = true;
      since[i] = NEVER;
      firings.fired(rules[i].policy(), sample.entity(), sample.at());
    }
  }

  private PlainLoop(List<ThresholdRule> rules, Firings firings) {
    this.firings = firings;
    Map<String, List<ThresholdRule>> bySignal = new HashMap<>();
    rules.forEach(r -> bySignal.computeIfAbsent(r.signal(), s -> new ArrayList<>()).add(r));
    bySignal.forEach(
        (signal, of) -> {
          rulesOf.put(signal, of.toArray(new ThresholdRule[0]));
          boundsOf.put(
              signal,
              of.stream()
                  .flatMapToDouble(r -> DoubleStream.of(r.raise(), r.clear()))
                  .sorted()
                  .distinct()
                  .toArray());
        });
  }

  @Override
  public void accept(Fact.Sample sample) {
    Map<String, State> ofEntity = states.get(sample.entity());
    State state = ofEntity == null ? null : ofEntity.get(sample.signal());
    if (state == null) {
      state = begin(sample);
    }
    double value = sample.value();
    if (!(value > state.above && value < state.below && sample.at() < state.due)) {
      state.look(sample, firings);
    }
  }

  private State begin(Fact.Sample sample) {
    State state =
        new State(
            rulesOf.getOrDefault(sample.signal(), new ThresholdRule[0]),
            boundsOf.getOrDefault(sample.signal(), new double[0]));
    states.computeIfAbsent(sample.entity(), e -> new HashMap<>()).put(sample.signal(), state);
    return state;
  }

  @Override
  public void run(Fact.Sample[] samples) {
    for (Fact.Sample sample : samples) {
      accept(sample);
    }
  }

  @Override
  public void finish(long last) {}

  @Override
  public void close() {}

  /** Makes it. */
  public static final class Maker implements Contender.Maker {
    @Override
    public String name() {
      return "plain loop";
    }

    @Override
    public Contender open(List<ThresholdRule> rules, Firings firings) {
      return new PlainLoop(rules, firings);
    }
  }
}
