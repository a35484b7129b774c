package dev.heal.engine.schedule;

import dev.heal.dsl.policy.Policy;
import dev.heal.engine.decide.Decider;
import dev.heal.engine.decide.Estate;
import dev.heal.engine.decide.Ladder;
import dev.heal.engine.decide.Times;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import dev.heal.engine.rule.Proposal;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Opens ladders for what the rules propose: one for each spell of a fault, and no ladder twice. */
final class Openings {
  private final Estate estate;
  private final Outbox outbox;
  private final Ledgers ledgers;
  private final Standing standing;
  private final Aftermath aftermath;
  private final Climb climb;
  private List<Proposal> lastProposed = List.of();

  /** Whether a fault is raised whose repair was called off: another policy may take it. */
  private boolean offered;

  private long ladderCount;

  /** Numbers ladders from the one behind {@code lastLadder}. */
  Openings(Shared shared, Standing standing, Aftermath aftermath, Climb climb, long lastLadder) {
    this.estate = shared.estate();
    this.outbox = shared.outbox();
    this.ledgers = shared.ledgers();
    this.standing = standing;
    this.aftermath = aftermath;
    this.climb = climb;
    this.ladderCount = lastLadder;
  }

  /** The number of the last ladder that was ever opened; 0 for none. */
  long lastLadder() {
    return ladderCount;
  }

  /** Whether a repair was called off that another policy may take. */
  boolean isOffered() {
    return offered;
  }

  /** Another policy may take the spell at the next {@link #offer}. */
  void offered() {
    offered = true;
  }

  /** What was proposed last, to others; opens nothing. */
  void wereProposed(Collection<Proposal> proposals) {
    lastProposed = List.copyOf(proposals);
  }

  /** What was called off may be taken now. */
  void offer(long now) {
    if (offered) {
      offered = false;
      proposed(lastProposed, now);
    }
  }

  /** The next proposal opens a ladder; where one stands, that is now. */
  void reopen(Episode episode, long now) {
    episode.ladder = Optional.empty();
    episode.resumed = true;
    proposed(lastProposed, now);
  }

  /** The whole current set of proposals: opens ladders for what is new, and no ladder twice. */
  void proposed(Collection<Proposal> proposals, long now) {
    lastProposed = List.copyOf(proposals);
    Set<FaultInstance> named = new HashSet<>();
    for (Proposal proposal : proposals) {
      Episode episode = standing.episodes.get(proposal.instance());
      if (episode != null && named.add(proposal.instance())) {
        propose(episode, proposal, now);
      }
    }
    for (Episode episode : standing.episodes.values()) {
      if (!named.contains(episode.instance)
          && episode.ladder.filter(l -> !l.ended() && !l.begun()).isPresent()) {
        end(episode.ladder.get(), now, "its `where` no longer holds");
        episode.ladder = Optional.empty();
        episode.end = Episode.End.OPEN;
      }
    }
  }

  private void propose(Episode episode, Proposal proposal, long now) {
    Policy policy = standing.policy(proposal.policy());
    suppression(episode, policy, proposal, now);
    if (episode.ladder.isEmpty()) {
      open(episode, policy, now);
      return;
    }
    Ladder old = episode.ladder.get();
    // what runs finishes; what ended is left to humans, unless it was only observed or called off
    boolean open =
        old.ended()
            ? old.policy().mode() == Policy.Mode.OBSERVE || old.isCalledOff()
            : !old.begun();
    if (open && !old.policy().equals(policy)) {
      if (old.policy().meaning().equals(policy.meaning())) {
        old.follow(policy, standing.fault(episode.instance)); // only its text is another
        return;
      }
      boolean itself = old.policy().name().equals(policy.name());
      end(old, now, "`%s` %s".formatted(policy.name(), itself ? "was changed" : "takes it"));
      open(episode, policy, now);
    }
  }

  private void suppression(Episode episode, Policy policy, Proposal proposal, long now) {
    Optional<FaultInstance> by =
        Decider.onlyAllowedVerbs(policy) ? Optional.empty() : proposal.suppressedBy();
    if (!by.equals(episode.suppressedBy) && by.isPresent()) {
      outbox.add(
          Entry.of(
                  now,
                  EntryType.SUPPRESSED,
                  episode.instance,
                  "suppressed by " + by.get() + ": one root cause, one repair")
              .policy(policy.name()));
    }
    episode.suppressedBy = by;
  }

  private void open(Episode episode, Policy policy, long now) {
    int first = episode.resumed ? 0 : ledgers.history().firstRung(policy, episode.instance, now);
    Ladder ladder =
        new Ladder(
            ++ladderCount,
            policy,
            standing.fault(episode.instance),
            episode.instance,
            episode.raisedAt,
            StepGate.identity(estate, episode.instance.entity()),
            first,
            episode.captures);
    episode.ladder = Optional.of(ladder);
    episode.end = Episode.End.OPEN;
    if (!aftermath.goOn(episode, ladder, now)) {
      fromItsFoot(episode, ladder, now);
    }
    if (!ladder.ended()) {
      standing.ladders.put(ladder.id(), ladder);
    }
  }

  private void fromItsFoot(Episode episode, Ladder ladder, long now) {
    if (ladder.rung() > 0) {
      String soak = Times.words(ladder.policy().soak().orElseThrow());
      outbox.add(
          Entry.of(now, EntryType.RUNG_FAILED, episode.instance, "back within its soak of " + soak)
              .policy(ladder.policy().name())
              .rung(ladder.rung() - 1));
    }
    if (episode.resumed) {
      ladder.resume();
      episode.resumed = false;
    }
  }

  /** Ends a ladder that did not repair. */
  private void end(Ladder ladder, long now, String because) {
    climb.end(ladder, Episode.End.VOID, because, now);
  }
}
