package dev.heal.engine.schedule;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.vocabulary.EntityKind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a generation of policies declares, to be found by name. Made by any thread, before it is in
 * force.
 *
 * @param suppressible the faults that some other fault counts among its consequences
 * @param bySilence the faults that the silence of a node's heartbeat may raise
 */
public record Declared(
    Map<String, Policy> policies,
    Map<String, Fault> faults,
    Set<String> suppressible,
    Set<String> bySilence) {
  /** What the policies declare. */
  public static Declared by(CheckedPolicy checked) {
    Map<String, Policy> policies = new HashMap<>();
    checked.policies().forEach(policy -> policies.put(policy.name(), policy));
    Map<String, Fault> faults = new HashMap<>();
    Set<String> suppressible = new HashSet<>();
    Set<String> bySilence = new HashSet<>();
    for (Fault fault : checked.faults()) {
      faults.put(fault.name(), fault);
      fault.suppresses().forEach(s -> suppressible.addAll(s.children()));
      if (isBySilence(fault.when())) {
        bySilence.add(fault.name());
      }
    }
    return new Declared(policies, faults, suppressible, bySilence);
  }

  private static boolean isBySilence(Condition condition) {
    if (condition instanceof Condition.Silent silent) {
      return silent.reading().signal().entity() == EntityKind.NODE
          && silent.reading().signal().name().equals("heartbeat");
    }
    return condition.parts().stream().anyMatch(Declared::isBySilence);
  }
}
