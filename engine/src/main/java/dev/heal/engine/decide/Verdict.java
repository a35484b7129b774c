package dev.heal.engine.decide;

import java.util.Objects;

/** What is decided about one due ladder. */
public sealed interface Verdict {
  String because();

  /** It begins now. */
  record Act(String because) implements Verdict {}

  /**
   * It waits.
   *
   * @param until when time alone may change this, in nanoseconds since the epoch; {@link
   *     Long#MAX_VALUE} where it cannot
   */
  record Hold(HoldReason reason, String because, long until) implements Verdict {
    public Hold {
      Objects.requireNonNull(reason);
    }
  }

  /** It never begins: {@code exceeded skip}. */
  record Skip(String because) implements Verdict {}

  /** No ladder is left to it: straight to {@code give up}. */
  record GiveUp(String because) implements Verdict {}
}
