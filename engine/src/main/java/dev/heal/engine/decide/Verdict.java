package dev.heal.engine.decide;

import java.util.Objects;
import java.util.Optional;

/** What is decided about one due ladder. */
public sealed interface Verdict {
  String because();

  /** Whether it says the same, though perhaps in other words: a hold for the same reason. */
  default boolean isLike(Verdict other) {
    return getClass() == other.getClass()
        && !(this instanceof Hold one && other instanceof Hold two && one.reason() != two.reason());
  }

  /** It begins now. */
  record Act(String because) implements Verdict {}

  /**
   * It waits.
   *
   * @param until when time alone may change this, in nanoseconds since the epoch; {@link
   *     Long#MAX_VALUE} where it cannot
   * @param page who is told
   */
  record Hold(HoldReason reason, String because, long until, Optional<String> page)
      implements Verdict {
    public Hold {
      Objects.requireNonNull(reason);
    }

    public Hold(HoldReason reason, String because, long until) {
      this(reason, because, until, Optional.empty());
    }
  }

  /** It never begins: {@code exceeded skip}. */
  record Skip(String because) implements Verdict {}

  /** No ladder is left to it: straight to {@code give up}. */
  record GiveUp(String because) implements Verdict {}
}
