package dev.heal.engine.decide;

import dev.heal.dsl.policy.Policy;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How earlier ladders ended: the ledger behind {@code cooldown} and {@code soak}. */
public final class History {
  private record Place(String policy, EntityId entity) {}

  private record Cure(String policy, FaultInstance instance) {}

  /** A confirmed repair. */
  private record Repaired(int rung, long at) {}

  /** When the last ladder of a policy ended on an entity. */
  record Ended(Place place, long at) {}

  /** The last confirmed repair of an instance. */
  record Cured(Cure cure, Repaired repaired) {}

  /** All of it. */
  public record Kept(List<Ended> ended, List<Cured> cured) {}

  private final Map<Place, Long> ends = new HashMap<>();
  private final Map<Cure, Repaired> repaired = new HashMap<>();

  public Kept kept() {
    return new Kept(
        ends.entrySet().stream()
            .map(each -> new Ended(each.getKey(), each.getValue()))
            .sorted(
                Comparator.<Ended, String>comparing(one -> one.place().policy())
                    .thenComparing(one -> one.place().entity()))
            .toList(),
        repaired.entrySet().stream()
            .map(each -> new Cured(each.getKey(), each.getValue()))
            .sorted(
                Comparator.<Cured, String>comparing(one -> one.cure().policy())
                    .thenComparing(one -> one.cure().instance()))
            .toList());
  }

  /** Goes on from what was kept elsewhere. */
  public void goOnWith(Kept kept) {
    kept.ended().forEach(one -> ends.put(one.place(), one.at()));
    kept.cured().forEach(one -> repaired.put(one.cure(), one.repaired()));
  }

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
