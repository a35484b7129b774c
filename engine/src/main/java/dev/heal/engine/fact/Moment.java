package dev.heal.engine.fact;

import org.jspecify.annotations.Nullable;

/** One look at a condition: the time, the event that is happening, and when to look again. */
final class Moment {
  private final long now;
  private final boolean due;
  private final Fact.@Nullable Event event;
  private final @Nullable Series happening;
  private long again = Long.MAX_VALUE;

  private Moment(long now, boolean due, Fact.@Nullable Event event, @Nullable Series happening) {
    this.now = now;
    this.due = due;
    this.event = event;
    this.happening = happening;
  }

  /**
   * Which time it is, for those who look at several cells.
   *
   * @param due whether the timers of this instant have run already
   */
  record Now(long now, boolean due) {
    Moment input() {
      return Moment.input(now, due);
    }
  }

  /** A timer calls: what is due now has come. */
  static Moment timer(long now) {
    return new Moment(now, true, null, null);
  }

  /**
   * An input, other than an event, calls.
   *
   * @param due whether the timers of this instant have run already: else what is due now is still
   *     to come
   */
  static Moment input(long now, boolean due) {
    return new Moment(now, due, null, null);
  }

  static Moment event(long now, boolean due, Fact.Event event, Series of) {
    return new Moment(now, due, event, of);
  }

  /** The same time, after the event. */
  Moment afterEvent() {
    return new Moment(now, due, null, null);
  }

  long now() {
    return now;
  }

  /** The event, where it is one of {@code series}. */
  Fact.@Nullable Event eventOf(Series series) {
    return happening == series ? event : null;
  }

  Fact.@Nullable Event event() {
    return event;
  }

  boolean isEvent() {
    return event != null;
  }

  /**
   * Whether {@code instant} has come. At one instant inputs come before timers, so to an input what
   * is due at that very instant has not, unless the timers of the instant have run. Where it has
   * not come, the answer may change then: the condition is looked at again.
   */
  boolean reached(long instant) {
    boolean come = passed(instant);
    if (!come && instant < again) {
      again = instant;
    }
    return come;
  }

  /** The same, where somebody else sees to it that the condition is looked at then. */
  boolean passed(long instant) {
    return due ? now >= instant : now > instant;
  }

  /** What is not later than this has left a window of that span. */
  long leftBy(long span) {
    return due ? now - span : now - span - 1;
  }

  /** {@link Long#MAX_VALUE}: only a fact can change the answer. */
  long againAt() {
    return again;
  }
}
