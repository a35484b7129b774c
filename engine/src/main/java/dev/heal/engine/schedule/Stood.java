package dev.heal.engine.schedule;

import dev.heal.engine.decide.Ladder;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A fault that stood, and how far its repair had come: what the next engine goes on with.
 *
 * @param raisedAt nanoseconds since the epoch
 * @param climb empty where no ladder was opened
 */
public record Stood(FaultInstance instance, long raisedAt, Optional<Place> climb) {
  private static final String NONE = "-";
  private static final String CALLED_OFF = "called_off";
  private static final int WORDS = 8;
  private static final int WORDS_WITHOUT = 3;

  public Stood {
    Objects.requireNonNull(instance);
    Objects.requireNonNull(climb);
  }

  /**
   * Where a ladder was.
   *
   * @param begun whether it had begun to act
   * @param acting whether orders of its step were given and not confirmed
   * @param end how it ended; empty where it had not
   * @param calledOff whether it was to stop before its next step
   */
  record Place(
      String policy,
      int rung,
      int step,
      boolean begun,
      boolean acting,
      Optional<String> end,
      boolean calledOff) {}

  static Stood of(Episode episode) {
    return new Stood(
        episode.instance,
        episode.raisedAt,
        episode.ladder.map(ladder -> place(ladder, episode.end)));
  }

  private static Place place(Ladder ladder, Episode.End end) {
    boolean acting =
        ladder.phase() == Ladder.Phase.ACTING || ladder.phase() == Ladder.Phase.CONFIRMING;
    return new Place(
        ladder.policy().name(),
        ladder.rung(),
        ladder.step(),
        ladder.begun(),
        acting,
        ladder.ended() ? Optional.of(end.name()) : Optional.empty(),
        ladder.isCalledOff());
  }

  /** It in words that {@link #parse} reads. */
  public List<String> words() {
    String fault = instance.fault();
    String entity = instance.entity().toString();
    String at = Long.toString(raisedAt);
    if (climb.isEmpty()) {
      return List.of(fault, entity, at);
    }
    Place place = climb.get();
    List<String> words =
        new ArrayList<>(
            List.of(
                fault,
                entity,
                at,
                place.policy(),
                Integer.toString(place.rung()),
                Integer.toString(place.step()),
                place.acting() ? "acting" : place.begun() ? "begun" : NONE,
                place.end().orElse(NONE)));
    if (place.calledOff()) {
      words.add(CALLED_OFF);
    }
    return words;
  }

  /** Empty where the words are of another version. */
  public static Optional<Stood> parse(List<String> words) {
    boolean calledOff = words.size() == WORDS + 1 && words.get(WORDS).equals(CALLED_OFF);
    if (words.size() != WORDS && words.size() != WORDS_WITHOUT && !calledOff) {
      return Optional.empty();
    }
    Optional<EntityId> entity = EntityId.parse(words.get(1));
    if (entity.isEmpty()) {
      return Optional.empty();
    }
    try {
      FaultInstance instance = new FaultInstance(words.get(0), entity.get());
      long at = Long.parseLong(words.get(2));
      if (words.size() == WORDS_WITHOUT) {
        return Optional.of(new Stood(instance, at, Optional.empty()));
      }
      String how = words.get(6);
      Place place =
          new Place(
              words.get(3),
              Integer.parseInt(words.get(4)),
              Integer.parseInt(words.get(5)),
              !how.equals(NONE),
              how.equals("acting"),
              Optional.of(words.get(7)).filter(end -> !end.equals(NONE)),
              calledOff);
      return Optional.of(new Stood(instance, at, Optional.of(place)));
    } catch (NumberFormatException ofAnotherVersion) {
      return Optional.empty();
    }
  }
}
