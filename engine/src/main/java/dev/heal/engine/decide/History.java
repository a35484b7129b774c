package dev.heal.engine.decide;

import dev.heal.dsl.policy.Policy;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** How earlier ladders ended: the ledger behind {@code cooldown} and {@code soak}. */
public final class History {
  private record Place(String policy, EntityId entity) {}

  private record Cure(String policy, FaultInstance instance) {}

  /** A confirmed repair. */
  private record Repaired(int rung, long at) {}

  private final Map<Place, Long> ends = new HashMap<>();
  private final Map<Cure, Repaired> repaired = new HashMap<>();

  /** A ladder that had begun ended. */
  public void ended(Ladder ladder, Estate estate, long now) {
    ended(ladder.policy(), ladder.instance().entity(), estate, now);
  }

  /** A ladder of the policy on the entity ended. */
  public void ended(Policy policy, EntityId entity, Estate estate, long now) {
    ends.put(new Place(policy.name(), entity), now);
    policy
        .cooldown()
        .ifPresent(
            c ->
                estate
                    .related(entity, c.per())
                    .forEach(e -> ends.put(new Place(policy.name(), e), now)));
  }

  /** A ladder ended well. */
  public void repaired(Ladder ladder, long now) {
    repaired(ladder.policy(), ladder.instance(), ladder.rung(), now);
  }

  /** A ladder of the policy ended well, on that rung. */
  public void repaired(Policy policy, FaultInstance instance, int rung, long now) {
    repaired.put(new Cure(policy.name(), instance), new Repaired(rung, now));
  }

  public Optional<Long> lastEnd(Policy policy, EntityId entity) {
    return Optional.ofNullable(ends.get(new Place(policy.name(), entity)));
  }

  /** The rung that a recurrence begins with: behind the one whose repair did not last. */
  public int firstRung(Policy policy, FaultInstance instance, long now) {
    Repaired last = repaired.get(new Cure(policy.name(), instance));
    if (last == null || policy.soak().isEmpty()) {
      return 0;
    }
    return now - last.at() <= policy.soak().get().toNanos() ? last.rung() + 1 : 0;
  }
}
