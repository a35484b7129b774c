package dev.heal.engine.schedule;

import dev.heal.dsl.policy.Policy;
import dev.heal.engine.decide.Cordons;
import dev.heal.engine.decide.Decider;
import dev.heal.engine.decide.Estate;
import dev.heal.engine.decide.HumanAsked;
import dev.heal.engine.decide.Ladder;
import dev.heal.engine.decide.Situation;
import dev.heal.engine.decide.Verdict;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Truth;
import dev.heal.engine.record.EntryType;
import java.util.Optional;
import java.util.Set;

/**
 * What is looked at again just before a step begins: the fault, the policy's {@code where}, a
 * pause, the breaker and maintenance, whose cordon it is, and whether the same device still stands
 * there.
 */
final class StepGate {
  /** Why a repair ends that was called off. */
  static final String CALLED_OFF = "called off with the policies that began it";

  private static final String IDENTITY = "uuid";

  private final Estate estate;
  private final Evidence evidence;
  private final Decider decider;
  private final Situation situation;
  private final Cordons cordons;
  private final Outbox outbox;

  StepGate(Shared shared, Decider decider, Situation situation) {
    this.estate = shared.estate();
    this.evidence = shared.evidence();
    this.cordons = shared.ledgers().cordons();
    this.outbox = shared.outbox();
    this.decider = decider;
    this.situation = situation;
  }

  /** What tells one device from another in the same place; empty where nobody says. */
  static Optional<String> identity(Estate estate, EntityId entity) {
    return estate.attribute(entity, IDENTITY);
  }

  /** Why nothing more is to be done; empty where the step is still wanted. */
  Optional<String> unwanted(Ladder ladder) {
    if (ladder.isCalledOff()) {
      return Optional.of(CALLED_OFF);
    }
    EntityId entity = ladder.instance().entity();
    boolean raised =
        ladder.isFormer()
            ? evidence.isStillRaised(ladder.instance())
            : evidence.isRaised(ladder.instance());
    if (!raised) {
      return Optional.of("the fault cleared before the step began");
    }
    if (ladder.policy().where().isPresent() && !isTrue(ladder.whereKey(), entity)) {
      return Optional.of("its `where` no longer holds");
    }
    return identity(estate, entity).equals(ladder.identity())
        ? Optional.empty()
        : Optional.of("another device stands at " + entity + " now");
  }

  /** What is decided about an act that is about to begin; empty where it may. */
  Optional<Verdict> verdict(Ladder ladder, Policy.Act act, long now) {
    return decider.beforeAct(ladder, act, now, situation);
  }

  /** Whether a pause, the breaker or a maintenance holds the step; says so once. */
  boolean holds(Ladder ladder, long now) {
    Optional<Verdict> verdict = verdict(ladder, ladder.currentStep().act(), now);
    if (verdict.isEmpty() || !(verdict.get() instanceof Verdict.Hold hold)) {
      return false;
    }
    if (ladder.phase() != Ladder.Phase.HELD) {
      outbox.add(
          Entries.step(now, EntryType.HELD, ladder, Optional.empty(), hold.because())
              .outcome("hold"));
    }
    ladder.phase(Ladder.Phase.HELD, hold.until());
    return true;
  }

  /** Why the step would take back a cordon that is to stay; empty where it may, or takes none. */
  Optional<String> cordonStays(Ladder ladder) {
    if (!ladder.currentStep().act().verb().equals("uncordon")) {
      return Optional.empty();
    }
    Set<EntityId> nodes = ladder.targets(ladder.currentStep().act(), estate);
    if (nodes.stream().noneMatch(cordons::isOurs)) {
      return Optional.of("the cordon is not ours");
    }
    return situation.begun().stream()
        .filter(other -> other != ladder && other.policy().mode() != Policy.Mode.OBSERVE)
        .filter(other -> HumanAsked.keepsCordon(other, nodes, estate))
        .findFirst()
        .map(other -> "`%s` waits there for a human".formatted(other.policy().name()));
  }

  boolean isTrue(String key, EntityId entity) {
    return evidence.truth(key, entity) == Truth.TRUE;
  }
}
