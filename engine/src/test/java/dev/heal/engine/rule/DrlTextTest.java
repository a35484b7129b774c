package dev.heal.engine.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.compile.CompiledPolicy;
import dev.heal.dsl.compile.CompiledPolicy.Says;
import dev.heal.dsl.compile.DrlCompiler;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.policy.Policy;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
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
        from.faults().stream().map(fault -> renamed(fault, names)).toList(),
        policies,
        from.budgets(),
        from.maintenances(),
        from.breakers(),
        from.actions(),
        from.checks(),
        from.site(),
        from.tests());
  }

  private static Fault renamed(Fault from, Map<String, String> names) {
    return new Fault(
        names.getOrDefault(from.name(), from.name()),
        from.entity(),
        from.title(),
        from.when(),
        from.event(),
        from.clear(),
        from.cured(),
        from.clearAfter(),
        from.missing(),
        from.severity(),
        from.suppresses().stream()
            .map(
                s ->
                    new Fault.Suppression(
                        s.children().stream().map(c -> names.getOrDefault(c, c)).toList(),
                        s.relation(),
                        s.within(),
                        s.span()))
            .toList(),
        from.settle(),
        from.captures(),
        from.span());
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

  /** A session of the text, and what it proposes now. */
  private static final class TextSession implements AutoCloseable {
    private final KieSession session;
    private final Map<String, Says> says = new HashMap<>();
    private final Set<Match> matches = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<Object, FactHandle> handles = new HashMap<>();

    TextSession(KieBase base, CompiledPolicy compiled) {
      compiled.rules().forEach(rule -> says.put(rule.name(), rule.says()));
      session = base.newKieSession();
      ((RuleEventManager) session)
          .addEventListener(
              new RuleEventListener() {
                @Override
                public void onAfterMatchFire(Match match) {
                  matches.add(match);
                }

                @Override
                public void onDeleteMatch(Match match) {
                  matches.remove(match);
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
      Map<FaultInstance, String> policies = new TreeMap<>();
      Map<FaultInstance, FaultInstance> parents = new TreeMap<>();
      for (Match match : matches) {
        FaultInstance raised = ((RaisedFault) match.getDeclarationValue("$raised")).instance();
        Says found = says.get(match.getRule().getName());
        if (found instanceof Says.Takes takes) {
          assertThat(policies.put(raised, takes.policy())).isNull();
        } else {
          FaultInstance parent = ((Suppressing) match.getDeclarationValue("$parent")).instance();
          parents.merge(raised, parent, (a, b) -> a.compareTo(b) < 0 ? a : b);
        }
      }
      Set<String> current = new TreeSet<>();
      policies.forEach(
          (instance, policy) ->
              current.add(
                  RandomRules.text(policy, instance, Optional.ofNullable(parents.get(instance)))));
      return current;
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
    Set<Object> facts = new HashSet<>();
    try (RuleSession model = rules.open()) {
      for (int step = 0; step < STEPS; step++) {
        Object fact = RandomRules.fact(policies, random);
        text.toggle(fact);
        boolean holds = facts.add(fact);
        if (!holds) {
          facts.remove(fact);
        }
        RandomRules.tell(model, fact, holds);
        assertThat(text.current())
            .as(() -> "seed " + seed + "\n" + DrlCompiler.compile(policies).drl())
            .isEqualTo(new TreeSet<>(RandomRules.proposals(model)));
      }
    }
  }

  @Test
  void textAndModelProposeTheSame() {
    for (int set = 0; set < POLICY_SETS; set++) {
      Random random = new Random(set);
      CheckedPolicy policies = RandomRules.policies(1 + random.nextInt(12), random);
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
    CheckedPolicy plain = RandomRules.policies(EVIL.size(), new Random(7));
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
    EntityId entity = EntityId.node("n1");
    Set<Class<?>> seen = new HashSet<>();
    for (CompiledPolicy.CompiledRule rule : compiled.rules()) {
      try (TextSession text = new TextSession(base, compiled)) {
        seen.add(rule.says().getClass());
        if (rule.says() instanceof Says.Takes takes) {
          text.toggle(new RaisedFault(takes.fault(), entity));
          text.toggle(new Holds(takes.policy(), entity));
          assertThat(text.current())
              .as(compiled.drl())
              .contains(takes.policy() + " takes " + new FaultInstance(takes.fault(), entity));
        } else if (rule.says() instanceof Says.Suppresses suppresses) {
          RandomRules.ENTITIES.forEach(to -> text.toggle(new Related(entity, to)));
          text.toggle(new RaisedFault(suppresses.child(), entity));
          text.toggle(new Suppressing(suppresses.parent(), suppresses.statement(), entity));
          plain
              .policies()
              .forEach(p -> text.toggle(new Holds(names.getOrDefault(p.name(), p.name()), entity)));
          assertThat(text.current())
              .as(compiled.drl())
              .singleElement()
              .asString()
              .endsWith(" below " + new FaultInstance(suppresses.parent(), entity));
        }
      }
    }
    assertThat(seen).containsExactlyInAnyOrder(Says.Takes.class, Says.Suppresses.class);
  }
}
