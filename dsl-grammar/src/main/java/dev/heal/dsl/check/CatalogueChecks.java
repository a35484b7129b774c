package dev.heal.dsl.check;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.EventTest;
import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.policy.NumberSource;
import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.tree.ComparisonOperator;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.dsl.vocabulary.xid.XidCatalogue;
import dev.heal.dsl.vocabulary.xid.XidEntry;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Acts that contradict NVIDIA's Xid catalogue: a reset of a GPU that no longer answers, and whole
 * GPUs or nodes taken away for what the catalogue calls the application's, or nothing at all.
 */
final class CatalogueChecks {
  private static final String NEEDS_THE_MACHINE = "RESTART_BM";
  private static final String APPLICATION = "RESTART_APP";
  private static final String NOTHING = "IGNORE";

  private CatalogueChecks() {}

  static void check(CheckedPolicy policies, Map<String, Fault> faults, Findings findings) {
    for (Policy policy : policies.policies()) {
      findings.enter("policy `" + policy.name() + "`", policy.span());
      for (String name : policy.faults()) {
        Fault fault = faults.get(name);
        if (fault != null) {
          check(policy, fault, findings);
        }
      }
    }
    findings.leave();
  }

  private static void check(Policy policy, Fault fault, Findings findings) {
    Set<Integer> alone = codes(fault.when(), false);
    Set<Integer> counted = codes(fault.when(), true);
    for (int i = 0; i < policy.rungs().size(); i++) {
      for (Policy.Step step : policy.rungs().get(i).steps()) {
        boolean said =
            unanswered(step.act(), counted, findings)
                || (i == 0 && tooMuch(step.act(), alone, findings));
        if (said) {
          return;
        }
      }
    }
  }

  private static boolean unanswered(Policy.Act act, Set<Integer> codes, Findings findings) {
    Optional<Integer> code =
        codes.stream().filter(c -> action(c).equals(NEEDS_THE_MACHINE)).findFirst();
    if (!is(act, "reset", EntityKind.GPU) || code.isEmpty()) {
      return false;
    }
    findings.add(
        CheckCode.H0701,
        act.span(),
        "a GPU that fell off the bus (Xid %d) does not answer to a reset".formatted(code.get()),
        "restart the node");
    return true;
  }

  /** The first thing done takes more away than any of the codes calls for. */
  private static boolean tooMuch(Policy.Act act, Set<Integer> codes, Findings findings) {
    boolean large = is(act, "reset", EntityKind.GPU) || is(act, "restart", EntityKind.NODE);
    if (!large || codes.isEmpty()) {
      return false;
    }
    String what = act.verb() + " " + act.target().orElseThrow().word();
    if (codes.stream().allMatch(code -> action(code).equals(APPLICATION))) {
      findings.add(
          CheckCode.H0701,
          act.span(),
          "Xid %s is a mistake of the application: `%s` does not mend it"
              .formatted(words(codes), what),
          "restart the service first");
      return true;
    }
    if (codes.stream().allMatch(code -> action(code).equals(NOTHING))) {
      findings.add(
          CheckCode.H0701,
          act.span(),
          "Xid %s calls for nothing by itself: `%s` is too much".formatted(words(codes), what),
          "page, or look at what came before it");
      return true;
    }
    return false;
  }

  private static boolean is(Policy.Act act, String verb, EntityKind target) {
    return act.verb().equals(verb) && act.target().equals(Optional.of(target));
  }

  private static String action(int code) {
    return XidCatalogue.find(code).map(XidEntry::action).orElse("");
  }

  private static String words(Set<Integer> codes) {
    return String.join(" or ", codes.stream().map(String::valueOf).toList());
  }

  /**
   * The Xids that a condition asks for.
   *
   * @param repeated also those that it counts: an Xid that comes again and again may call for more
   */
  private static Set<Integer> codes(Condition condition, boolean repeated) {
    Set<Integer> codes = new TreeSet<>();
    if (condition instanceof Condition.Happens event) {
      codes.addAll(codes(event));
    } else if (repeated
        && condition instanceof Condition.NumberTest test
        && test.source() instanceof NumberSource.Count count) {
      codes.addAll(codes(count.event()));
    }
    ConditionFacts.parts(condition).forEach(part -> codes.addAll(codes(part, repeated)));
    return codes;
  }

  private static Set<Integer> codes(Condition.Happens event) {
    Set<Integer> codes = new TreeSet<>();
    if (event.reading().signal().name().equals("xid")) {
      for (EventTest test : event.tests()) {
        if (test instanceof EventTest.NumberIs is
            && is.field().equals("code")
            && is.operator() == ComparisonOperator.EQUAL) {
          codes.add((int) is.bound());
        } else if (test instanceof EventTest.NumberIn in
            && in.field().equals("code")
            && !in.negated()) {
          in.values().forEach(value -> codes.add(value.intValue()));
        }
      }
    }
    return codes;
  }
}
