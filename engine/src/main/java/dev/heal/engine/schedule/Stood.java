package dev.heal.engine.schedule;

import dev.heal.engine.decide.Ladder;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A fault that stood, and how far its repair had come: what the next engine goes on with.
 *
 * @param raisedAt nanoseconds since the epoch
 * @param captures what raised it said, by name
 * @param climb empty where no ladder was opened
 */
public record Stood(
    FaultInstance instance, long raisedAt, Map<String, String> captures, Optional<Place> climb) {
  private static final String NONE = "-";
  private static final String CALLED_OFF = "called_off";
  private static final int WORDS = 8;
  private static final int WORDS_WITHOUT = 3;

  public Stood {
    Objects.requireNonNull(instance);
    captures = Map.copyOf(captures);
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
        Captures.shortened(episode.captures),
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

  /** It in words that {@link #parse} reads: what was captured last, and only if anything was. */
  public List<String> words() {
    List<String> words = new ArrayList<>();
    words.add(instance.fault());
    words.add(instance.entity().toString());
    words.add(Long.toString(raisedAt));
    climb.ifPresent(
        place -> {
          words.add(place.policy());
          words.add(Integer.toString(place.rung()));
          words.add(Integer.toString(place.step()));
          words.add(place.acting() ? "acting" : place.begun() ? "begun" : NONE);
          words.add(place.end().orElse(NONE));
          if (place.calledOff()) {
            words.add(CALLED_OFF);
          }
        });
    if (!captures.isEmpty()) {
      words.add(Captures.word(captures));
    }
    return List.copyOf(words);
  }

  /** Empty where the words are of another version. */
  public static Optional<Stood> parse(List<String> all) {
    boolean captured = all.size() > WORDS_WITHOUT && Captures.isWord(all.get(all.size() - 1));
    List<String> words = captured ? all.subList(0, all.size() - 1) : all;
    Optional<Map<String, String>> captures =
        captured ? Captures.parse(all.get(all.size() - 1)) : Optional.of(Map.of());
    boolean calledOff = words.size() == WORDS + 1 && words.get(WORDS).equals(CALLED_OFF);
    if (words.size() != WORDS && words.size() != WORDS_WITHOUT && !calledOff) {
      return Optional.empty();
    }
    Optional<EntityId> entity = EntityId.parse(words.get(1));
    if (entity.isEmpty() || captures.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Stood(
              new FaultInstance(words.get(0), entity.get()),
              Long.parseLong(words.get(2)),
              captures.get(),
              words.size() == WORDS_WITHOUT
                  ? Optional.empty()
                  : Optional.of(place(words, calledOff))));
    } catch (NumberFormatException ofAnotherVersion) {
      return Optional.empty();
    }
  }

  private static Place place(List<String> words, boolean calledOff) {
    String how = words.get(6);
    return new Place(
        words.get(3),
        Integer.parseInt(words.get(4)),
        Integer.parseInt(words.get(5)),
        !how.equals(NONE),
        how.equals("acting"),
        Optional.of(words.get(7)).filter(end -> !end.equals(NONE)),
        calledOff);
  }
}
