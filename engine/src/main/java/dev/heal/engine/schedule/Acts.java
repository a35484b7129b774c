package dev.heal.engine.schedule;

import dev.heal.dsl.policy.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** The acts of a policy by number: those of its steps, rung by rung, and then of its give up. */
final class Acts {
  private Acts() {}

  private static List<Policy.Act> of(Policy policy) {
    List<Policy.Act> acts = new ArrayList<>();
    Handover.steps(policy).forEach(step -> acts.add(step.act()));
    acts.addAll(policy.giveUp());
    return acts;
  }

  /**
   * Where the act stands, or one that says the same elsewhere in a file; empty where the policy has
   * none.
   */
  static OptionalInt place(Policy policy, Policy.Act act) {
    String meaning = act.meaning();
    List<Policy.Act> acts = of(policy);
    return IntStream.range(0, acts.size())
        .filter(i -> acts.get(i).meaning().equals(meaning))
        .findFirst();
  }

  /**
   * The act at a place.
   *
   * @throws IllegalArgumentException where there is none
   */
  static Policy.Act at(Policy policy, int place) {
    List<Policy.Act> acts = of(policy);
    if (place < 0 || place >= acts.size()) {
      throw new IllegalArgumentException("`%s` has no act %d".formatted(policy.name(), place));
    }
    return acts.get(place);
  }
}
