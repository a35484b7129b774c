package dev.heal.bench.rival;

import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.heal.bench.stream.ThresholdRule;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Conditions in CEL, which has no memory: two compiled expressions for each rule, found by the
 * signal, and the time since when one holds kept by hand beside them.
 */
@SuppressWarnings("InlineMeInliner") // the replacement is not in this version
public final class Cel implements Contender {
  private static final String VALUE = "value";
  private static final long NEVER = Long.MAX_VALUE;

  private final Map<String, List<Compiled>> rulesOf = new HashMap<>();
  private final Map<EntityId, Map<String, State>> states = new HashMap<>();
  private final Firings firings;

  private record Compiled(ThresholdRule rule, CelRuntime.Program when, CelRuntime.Program clears) {}

  private static final class State {
    private final long[] since;
    private final boolean[] raised;

    State(int rules) {
      since = new long[rules];
      raised = new boolean[rules];
      Arrays.fill(since, NEVER);
    }
  }

  private Cel(List<ThresholdRule> rules, Firings firings) {
    this.firings = firings;
    CelCompiler compiler =
        CelCompilerFactory.standardCelCompilerBuilder().addVar(VALUE, SimpleType.DOUBLE).build();
    CelRuntime runtime = CelRuntimeFactory.standardCelRuntimeBuilder().build();
    try {
      for (ThresholdRule rule : rules) {
        CelRuntime.Program when = program(compiler, runtime, VALUE + " >= " + rule.raise());
        CelRuntime.Program clears = program(compiler, runtime, VALUE + " < " + rule.clear());
        rulesOf
            .computeIfAbsent(rule.signal(), s -> new ArrayList<>())
            .add(new Compiled(rule, when, clears));
      }
    } catch (CelValidationException | CelEvaluationException broken) {
      throw new IllegalStateException("CEL refuses a comparison of two numbers", broken);
    }
  }

  private static CelRuntime.Program program(CelCompiler compiler, CelRuntime runtime, String text)
      throws CelValidationException, CelEvaluationException {
    return runtime.createProgram(compiler.compile(text).getAst());
  }

  @Override
  public void accept(Fact.Sample sample) {
    List<Compiled> rules = rulesOf.getOrDefault(sample.signal(), List.of());
    State state =
        states
            .computeIfAbsent(sample.entity(), e -> new HashMap<>())
            .computeIfAbsent(sample.signal(), s -> new State(rules.size()));
    Map<String, Double> variables = Map.of(VALUE, sample.value());
    try {
      for (int i = 0; i < rules.size(); i++) {
        look(rules.get(i), i, state, variables, sample);
      }
    } catch (CelEvaluationException broken) {
      throw new IllegalStateException("CEL cannot compare two numbers", broken);
    }
  }

  private void look(
      Compiled compiled, int i, State state, Map<String, Double> variables, Fact.Sample sample)
      throws CelEvaluationException {
    if (state.raised[i]) {
      state.raised[i] = !((Boolean) compiled.clears.eval(variables));
    } else if ((Boolean) compiled.when.eval(variables)) {
      state.since[i] = Math.min(state.since[i], sample.at());
      if (sample.at() - state.since[i] >= compiled.rule.held().toNanos()) {
        state.raised[i] = true;
        state.since[i] = NEVER;
        firings.fired(compiled.rule.policy(), sample.entity(), sample.at());
      }
    } else {
      state.since[i] = NEVER;
    }
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
      return "CEL";
    }

    @Override
    public Contender open(List<ThresholdRule> rules, Firings firings) {
      return new Cel(rules, firings);
    }
  }
}
