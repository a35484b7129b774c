package dev.heal.engine.decide;

import dev.heal.dsl.policy.Policy;
import dev.heal.engine.fact.EntityId;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Of repairs that have only to tell a human and to wait for him: they touch nothing, so they stand
 * in nobody's way; but what they did to keep work away stays until he has looked.
 */
public final class HumanAsked {
  private static final Set<String> CORDONING = Set.of("cordon", "drain");

  private HumanAsked() {}

  /** Whether no step that is still before the ladder acts on anything. */
  public static boolean isAllThatIsLeft(Ladder ladder) {
    List<Policy.Rung> rungs = ladder.policy().rungs();
    for (int rung = ladder.rung(); rung < rungs.size(); rung++) {
      List<Policy.Step> steps = rungs.get(rung).steps();
      int from = rung == ladder.rung() ? ladder.step() : 0;
      if (steps.subList(from, steps.size()).stream()
          .anyMatch(step -> step.act().target().isPresent())) {
        return false;
      }
    }
    return true;
  }

  /** Whether the ladder waits for a human, and has cordoned one of the nodes for that. */
  public static boolean keepsCordon(Ladder ladder, Collection<EntityId> nodes, Estate estate) {
    return isAllThatIsLeft(ladder)
        && ladder.currentRung().steps().subList(0, ladder.step()).stream()
            .map(Policy.Step::act)
            .filter(act -> CORDONING.contains(act.verb()))
            .anyMatch(act -> ladder.targets(act, estate).stream().anyMatch(nodes::contains));
  }
}
