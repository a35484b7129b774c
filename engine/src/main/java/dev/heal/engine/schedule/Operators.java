package dev.heal.engine.schedule;

import dev.heal.dsl.policy.Policy;
import dev.heal.engine.decide.HoldReason;
import dev.heal.engine.decide.Ladder;
import dev.heal.engine.decide.Verdict;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.fact.Truth;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * What operators may say about repairs and faults. Each word that changes something is an entry;
 * what comes of it is decided in the turn behind it.
 */
public final class Operators {
  private final Standing standing;
  private final Evidence evidence;
  private final Outbox outbox;
  private final Rejecting rejecting;
  private final Reopening reopening;

  /** Ends a ladder, and says why. */
  interface Rejecting {
    void reject(Ladder ladder, String because, long now);
  }

  /** Has a ladder opened at the next proposal of the instance; at once where one stands. */
  interface Reopening {
    void reopen(Episode episode, long now);
  }

  Operators(Shared shared, Standing standing, Rejecting rejecting, Reopening reopening) {
    this.standing = standing;
    this.evidence = shared.evidence();
    this.outbox = shared.outbox();
    this.rejecting = rejecting;
    this.reopening = reopening;
  }

  /** Lets a repair go on that waits for approval. */
  public Answer approve(long ladder, Speaker speaker, long now) {
    return waiting(ladder, speaker, "approve", now, Ladder::approve);
  }

  /** Refuses a repair that waits for approval; the fault is left to humans. */
  public Answer reject(long ladder, Speaker speaker, long now) {
    return waiting(
        ladder,
        speaker,
        "reject",
        now,
        found -> rejecting.reject(found, "rejected " + speaker.words(), now));
  }

  private Answer waiting(
      long number, Speaker speaker, String verb, long now, Consumer<Ladder> doing) {
    Ladder ladder = standing.ladders.get(number);
    if (ladder == null) {
      return Answer.noSuch(
          "there is no repair %d: it has ended, or never was; `heal status` lists those that wait"
              .formatted(number));
    }
    String policy = ladder.policy().name();
    String name = "repair %d (`%s` for %s)".formatted(number, policy, ladder.instance());
    if (ladder.policy().mode() != Policy.Mode.APPROVE) {
      String mode = ladder.policy().mode().name().toLowerCase(Locale.ROOT);
      return Answer.refused("%s needs no approval: its policy is in mode %s".formatted(name, mode));
    }
    if (ladder.begun()) {
      return Answer.refused("%s has begun: it was approved".formatted(name));
    }
    if (ladder.approved() && verb.equals("approve")) {
      return Answer.already("%s was approved before%s".formatted(name, behind(ladder)));
    }
    outbox.add(entry(now, verb, Optional.of(ladder.instance()), speaker.words()).policy(policy));
    String waits = behind(ladder);
    doing.accept(ladder);
    return verb.equals("approve")
        ? Answer.done("%s is approved%s".formatted(name, waits))
        : Answer.done("%s is rejected: the fault is left to you".formatted(name));
  }

  /** What an approved repair still waits for. */
  private static String behind(Ladder ladder) {
    return ladder.lastVerdict().orElse(null) instanceof Verdict.Hold hold
            && hold.reason() != HoldReason.APPROVAL
        ? "; it still waits: " + hold.because()
        : "";
  }

  /**
   * Hands an instance back that was given up: a ladder is opened from its foot, whatever attempts
   * are left.
   */
  public Answer resume(FaultInstance instance, Speaker speaker, long now) {
    Episode episode = standing.episodes.get(instance);
    if (episode == null) {
      return Answer.noSuch("%s is not raised".formatted(instance));
    }
    if (episode.ladder.isEmpty()) {
      return Answer.refused("%s is raised, but no policy takes it now".formatted(instance));
    }
    if (!episode.ladder.get().ended()) {
      return Answer.refused(
          "%s is not given up: its repair %d goes on"
              .formatted(instance, episode.ladder.get().id()));
    }
    outbox.add(entry(now, "resume", Optional.of(instance), speaker.words()));
    reopening.reopen(episode, now);
    return episode.ladder.isPresent()
        ? Answer.done(
            "%s is taken up again, as repair %d".formatted(instance, episode.ladder.get().id()))
        : Answer.done("%s is taken up again as soon as a policy takes it".formatted(instance));
  }

  /** Ends an instance that nothing else ends. A level that still holds is not ended by words. */
  public Answer clear(FaultInstance instance, Speaker speaker, long now) {
    if (!evidence.isRaised(instance)) {
      return Answer.noSuch("%s is not raised".formatted(instance));
    }
    if (evidence.stillHolds(instance) == Truth.TRUE) {
      return Answer.refused(
          "%s still holds: it clears when what it measures is well again".formatted(instance));
    }
    outbox.add(entry(now, "clear", Optional.of(instance), speaker.words()));
    evidence.repaired(instance, now, "cleared " + speaker.words());
    return Answer.done("%s is clear".formatted(instance));
  }

  static Entry entry(long now, String verb, Optional<FaultInstance> instance, String because) {
    return new Entry(
        now,
        EntryType.COMMANDED,
        instance,
        Optional.empty(),
        OptionalInt.empty(),
        Optional.of(verb),
        instance.map(FaultInstance::entity),
        OptionalLong.empty(),
        Optional.empty(),
        because);
  }
}
