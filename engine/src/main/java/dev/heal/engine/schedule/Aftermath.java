package dev.heal.engine.schedule;

import dev.heal.dsl.policy.Policy;
import dev.heal.engine.decide.Estate;
import dev.heal.engine.decide.Ladder;
import dev.heal.engine.decide.Times;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.record.Entry;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the engine before left half done. A step whose orders were given is never given blindly
 * again: it is verified, and the ladder goes on from what the facts say. A step that can be undone
 * was undone with the engine, and begins anew. What was left to humans stays left to them.
 */
final class Aftermath {
  private static final String ENDED = "the engine ended while it ran";

  private final Climb climb;
  private final Standing standing;
  private final Map<FaultInstance, Stood> stood = new HashMap<>();

  Aftermath(Past past, Climb climb, Standing standing) {
    this.climb = climb;
    this.standing = standing;
    past.stood().forEach(one -> stood.put(one.instance(), one));
  }

  /** The ledgers of attempts, cooldowns, soaks and budgets, from what the journal tells. */
  static void fill(Ledgers ledgers, List<Entry> entries, Standing standing, Estate estate) {
    for (Entry entry : entries) {
      Optional<Policy> policy = entry.policy().flatMap(standing::find);
      if (policy.isPresent() && entry.instance().isPresent()) {
        fill(ledgers, entry, policy.get(), entry.instance().get(), estate);
      }
    }
  }

  private static void fill(
      Ledgers ledgers, Entry entry, Policy policy, FaultInstance instance, Estate estate) {
    switch (entry.type()) {
      case DECISION -> {
        if (entry.outcome().filter("act"::equals).isPresent()) {
          ledgers.enforced().ladder(entry.at(), policy, instance);
        }
      }
      case ACTION_STARTED -> {
        if (entry.verb().isPresent() && entry.target().isPresent()) {
          ledgers.enforced().order(entry.at(), entry.verb().get(), entry.target().get());
        }
      }
      case ACTION_FAILED -> {
        if (entry.outcome().filter(Outcome.Kind.NOT_BEGUN.word()::equals).isPresent()
            && entry.verb().isPresent()
            && entry.target().isPresent()) {
          ledgers.enforced().takeBack(entry.verb().get(), entry.target().get());
        }
      }
      case ENDED -> {
        ledgers.history().ended(policy, instance.entity(), estate, entry.at());
        if (entry.because().equals(Entry.LAST_STEP_CONFIRMED) && entry.rung().isPresent()) {
          ledgers.history().repaired(policy, instance, entry.rung().getAsInt(), entry.at());
        }
      }
      default -> {
        // bears on nothing that comes
      }
    }
  }

  /** What it has not gone on with yet. */
  List<Stood> kept() {
    return stood.values().stream().sorted(Comparator.comparing(Stood::instance)).toList();
  }

  /** When an instance was raised that the engine before knew. */
  Optional<Long> raisedAt(FaultInstance instance) {
    return Optional.ofNullable(stood.get(instance)).map(Stood::raisedAt);
  }

  /** It cleared: another spell of it begins at its foot. */
  void cleared(FaultInstance instance) {
    stood.remove(instance);
  }

  /**
   * Puts a ladder that was just opened to where the one before it was.
   *
   * @return false where there is nothing to go on with, or its policy has changed so far
   */
  boolean goOn(Episode episode, Ladder ladder, long now) {
    Optional<Stood.Place> place =
        Optional.ofNullable(stood.remove(episode.instance)).flatMap(Stood::climb);
    if (place.filter(p -> p.policy().equals(ladder.policy().name())).isEmpty()) {
      return false;
    }
    goOn(episode, ladder, place.get(), now);
    return true;
  }

  private void goOn(Episode episode, Ladder ladder, Stood.Place place, long now) {
    if (place.end().isPresent()) {
      ladder.phase(Ladder.Phase.ENDED, Times.NEVER);
      episode.end = end(place.end().get());
      return;
    }
    List<Policy.Rung> rungs = ladder.policy().rungs();
    if (place.rung() >= rungs.size() || place.step() >= rungs.get(place.rung()).steps().size()) {
      return; // its policy is another one now
    }
    ladder.toRung(place.rung());
    if (place.begun()) {
      ladder.resume(); // its attempt is counted already
    }
    List<Policy.Step> upToHere = rungs.get(place.rung()).steps().subList(0, place.step() + 1);
    boolean undone = upToHere.stream().anyMatch(step -> step.act().reversible());
    if (place.calledOff()) {
      ladder.callOff();
    }
    if (place.calledOff() && (undone || !place.acting())) {
      climb.end(ladder, Episode.End.VOID, StepGate.CALLED_OFF, now);
      return;
    }
    if (undone) {
      return; // undone with the engine: the rung begins anew
    }
    ladder.toStep(place.step());
    if (place.acting()) {
      ladder.begin();
      ladder.doubt();
      standing.ladders.put(ladder.id(), ladder);
      climb.overtaken(ladder, ENDED, now);
    }
  }

  private static Episode.End end(String word) {
    for (Episode.End end : Episode.End.values()) {
      if (end.name().equals(word)) {
        return end;
      }
    }
    return Episode.End.VOID;
  }
}
