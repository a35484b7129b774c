package dev.heal.engine.fact;

import org.jspecify.annotations.Nullable;

/** One look at a condition: the time, the event that is happening, and when to look again. */
final class Moment {
  private final long now;
  private final boolean timer;
  private final Fact.@Nullable Event event;
  private final @Nullable Series happening;
  private long again = Long.MAX_VALUE;

  private Moment(long now, boolean timer, Fact.@Nullable Event event, @Nullable Series happening) {
    this.now = now;
    this.timer = timer;
    this.event = event;
    this.happening = happening;
  }

  /** A timer calls: what is due now has come. */
  static Moment timer(long now) {
    return new Moment(now, true, null, null);
  }

  /** An input, other than an event, calls: what is due now is still to come. */
  static Moment input(long now) {
    return new Moment(now, false, null, null);
  }

  static Moment event(long now, Fact.Event event, Series of) {
    return new Moment(now, false, event, of);
  }

  /** The same time, after the event. */
  Moment afterEvent() {
    return new Moment(now, timer, null, null);
  }

  long now() {
    return now;
  }

  /** The event, where it is one of {@code series}. */
  Fact.@Nullable Event eventOf(Series series) {
    return happening == series ? event : null;
  }

  boolean isEvent() {
    return event != null;
  }

  /**
   * Whether {@code instant} has come. At one instant inputs come before timers, so to an input what
   * is due at that very instant has not. Where it has not come, the answer may change then: the
   * condition is looked at again.
   */
  boolean reached(long instant) {
    boolean come = timer ? now >= instant : now > instant;
    if (!come && instant < again) {
      again = instant;
    }
    return come;
  }

  /** What is not later than this has left a window of that span. */
  long leftBy(long span) {
    return timer ? now - span : now - span - 1;
  }

  /** {@link Long#MAX_VALUE}: only a fact can change the answer. */
  long againAt() {
    return again;
  }
}
