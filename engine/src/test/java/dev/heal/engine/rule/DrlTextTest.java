package dev.heal.engine.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.check.Checker;
import dev.heal.dsl.check.ImportResolver;
import dev.heal.dsl.compile.CompiledPolicy;
import dev.heal.dsl.compile.DrlCompiler;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.text.SourceFile;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.kie.api.KieBase;
import org.kie.api.KieServices;
import org.kie.api.io.ResourceType;
import org.kie.api.runtime.KieSession;
import org.kie.api.runtime.rule.FactHandle;
import org.kie.api.runtime.rule.Match;
import org.kie.internal.builder.KnowledgeBuilder;
import org.kie.internal.builder.KnowledgeBuilderFactory;
import org.kie.internal.event.rule.RuleEventListener;
import org.kie.internal.event.rule.RuleEventManager;

/**
 * What {@code heal compile} shows is what the engine does: the text, compiled by Drools' own
 * compiler, proposes the same as the model built in memory.
 */
class DrlTextTest {
  private static final int POLICY_SETS = 20;
  private static final int STREAMS_PER_SET = 50;
  private static final int STEPS = 40;

  private static final List<String> EVIL =
      List.of(
          "\"",
          "\\",
          "\\\"",
          "x\") end rule \"evil\" when then throw new Error(); end //",
          "a\nend\nrule evil when then end",
          "*/",
          "/*",
          "${x}",
          "@{x}",
          "\\u0022",
          "\r",
          "\u2028",
          "\u202e",
          "\ud83d\ude00",
          "'",
          "a b");

  private static CheckedPolicy policies(int count, Random random) {
    StringBuilder text = new StringBuilder("heal 1\n");
    for (int i = 0; i < 5; i++) {
      text.append("fault f" + i + " on node \"*/ ${x} end\" {\n");
      text.append("  when hung_task\n  clear after 1m\n}\n");
    }
    for (int i = 0; i < count; i++) {
      text.append("policy p" + i + " {\n  on [f" + random.nextInt(5) + ", f" + random.nextInt(5));
      text.append("]\n  priority " + random.nextInt(4) * 10 + "\n");
      text.append(random.nextInt(4) > 0 ? "  where node.pool == \"\\\"*/ ${\"\n" : "");
      text.append("  try { cordon node, confirm node.cordoned }\n}\n");
    }
    CheckResult result =
        Checker.check(List.of(new SourceFile("t\n.heal", text.toString())), ImportResolver.NONE);
    assertThat(result.policy()).as(result.diagnostics().toString()).isPresent();
    return result.policy().orElseThrow();
  }

  /** The same policies under other names: what the language forbids, the text must still bear. */
  private static CheckedPolicy renamed(CheckedPolicy from, Map<String, String> names) {
    List<Policy> policies = new ArrayList<>();
    for (Policy p : from.policies()) {
      policies.add(
          new Policy(
              names.getOrDefault(p.name(), p.name()),
              p.entity(),
              p.faults().stream().map(f -> names.getOrDefault(f, f)).toList(),
              p.where(),
              p.within(),
              p.priority(),
              p.cooldown(),
              p.attempts(),
              p.budgets(),
              p.mode(),
              p.soak(),
              p.expires(),
              p.startWhen(),
              p.rungs(),
              p.giveUp(),
              p.order(),
              p.span()));
    }
    return new CheckedPolicy(
        from.faults(),
        policies,
        from.budgets(),
        from.maintenances(),
        from.breakers(),
        from.actions(),
        from.checks(),
        from.site(),
        from.tests());
  }

  /** The text, compiled by drools-compiler. */
  private static KieBase base(CompiledPolicy compiled) {
    KnowledgeBuilder builder = KnowledgeBuilderFactory.newKnowledgeBuilder();
    builder.add(
        KieServices.get()
            .getResources()
            .newByteArrayResource(compiled.drl().getBytes(StandardCharsets.UTF_8)),
        ResourceType.DRL);
    assertThat(builder.hasErrors()).as(() -> builder.getErrors() + "\n" + compiled.drl()).isFalse();
    return builder.newKieBase();
  }

  /** A session of the text: what it proposes now, as {@code policy fault on entity}. */
  private static final class TextSession implements AutoCloseable {
    private final KieSession session;
    private final Set<String> current = new TreeSet<>();
    private final Map<Object, FactHandle> handles = new HashMap<>();

    TextSession(KieBase base, CompiledPolicy compiled) {
      Map<String, String> policyOf = new HashMap<>();
      compiled.rules().forEach(rule -> policyOf.put(rule.name(), rule.policy()));
      session = base.newKieSession();
      ((RuleEventManager) session)
          .addEventListener(
              new RuleEventListener() {
                @Override
                public void onAfterMatchFire(Match match) {
                  current.add(text(match));
                }

                @Override
                public void onDeleteMatch(Match match) {
                  current.remove(text(match));
                }

                private String text(Match match) {
                  RaisedFault raised = (RaisedFault) match.getDeclarationValue("$raised");
                  return policyOf.get(match.getRule().getName())
                      + " "
                      + new FaultInstance(raised.getFault(), raised.getEntity());
                }
              });
    }

    void toggle(Object fact) {
      FactHandle handle = handles.remove(fact);
      if (handle == null) {
        handles.put(fact, session.insert(fact));
      } else {
        session.delete(handle);
      }
    }

    Set<String> current() {
      session.fireAllRules();
      return new TreeSet<>(current);
    }

    @Override
    public void close() {
      session.dispose();
    }
  }

  /** One random change after the other goes to both; they propose the same after each. */
  private static void compare(
      CheckedPolicy policies, RuleSession.Rules rules, TextSession text, long seed) {
    Random random = new Random(seed);
    List<String> faults =
        policies.policies().stream().flatMap(p -> p.faults().stream()).distinct().toList();
    Set<Object> told = new java.util.HashSet<>();
    try (RuleSession model = rules.open()) {
      for (int step = 0; step < STEPS; step++) {
        EntityId entity = EntityId.node("n" + random.nextInt(3));
        if (random.nextBoolean()) {
          String fault = faults.get(random.nextInt(faults.size()));
          RaisedFault fact = new RaisedFault(fault, entity);
          text.toggle(fact);
          if (told.add(fact)) {
            model.raised(new FaultInstance(fault, entity));
          } else {
            told.remove(fact);
            model.cleared(new FaultInstance(fault, entity));
          }
        } else {
          String policy =
              policies.policies().get(random.nextInt(policies.policies().size())).name();
          Holds fact = new Holds(policy, entity);
          text.toggle(fact);
          boolean holds = told.add(fact);
          if (!holds) {
            told.remove(fact);
          }
          model.where(policy, entity, holds);
        }
        Set<String> expected = new TreeSet<>();
        model.current().forEach(p -> expected.add(p.policy() + " " + p.instance()));
        assertThat(text.current())
            .as(() -> "seed " + seed + "\n" + DrlCompiler.compile(policies).drl())
            .isEqualTo(expected);
      }
    }
  }

  @Test
  void textAndModelProposeTheSame() {
    for (int set = 0; set < POLICY_SETS; set++) {
      Random random = new Random(set);
      CheckedPolicy policies = policies(1 + random.nextInt(12), random);
      CompiledPolicy compiled = DrlCompiler.compile(policies);
      KieBase base = base(compiled);
      RuleSession.Rules rules = new RuleSession.Rules(policies);
      for (int stream = 0; stream < STREAMS_PER_SET; stream++) {
        try (TextSession text = new TextSession(base, compiled)) {
          compare(policies, rules, text, set * 1_000L + stream);
        }
      }
    }
  }

  @Test
  void whateverANameHoldsItIsOnlyAName() {
    CheckedPolicy plain = policies(EVIL.size(), new Random(7));
    Map<String, String> names = new HashMap<>();
    for (int i = 0; i < EVIL.size(); i++) {
      names.put("p" + i, EVIL.get(i));
    }
    for (int i = 0; i < 5; i++) {
      names.put("f" + i, EVIL.get(i) + "fault");
    }
    CompiledPolicy compiled = DrlCompiler.compile(renamed(plain, names));
    KieBase base = base(compiled);

    assertThat(base.getKiePackage("heal.policies").getRules())
        .extracting(rule -> rule.getName())
        .containsExactlyInAnyOrderElementsOf(
            compiled.rules().stream().map(rule -> rule.name()).toList());
    for (CompiledPolicy.CompiledRule rule : compiled.rules()) {
      EntityId entity = EntityId.node("n1");
      try (TextSession text = new TextSession(base, compiled)) {
        text.toggle(new RaisedFault(rule.fault(), entity));
        text.toggle(new Holds(rule.policy(), entity));
        assertThat(text.current())
            .as(compiled.drl())
            .contains(rule.policy() + " " + new FaultInstance(rule.fault(), entity));
      }
    }
  }
}
