package dev.heal.engine.fact;

import org.jspecify.annotations.Nullable;

/** One look at a condition: the time, the event that is happening, and when to look again. */
final class Moment {
  private final long now;
  private final Fact.@Nullable Event event;
  private final @Nullable Series happening;
  private long again = Long.MAX_VALUE;

  Moment(long now, Fact.@Nullable Event event, @Nullable Series happening) {
    this.now = now;
    this.event = event;
    this.happening = happening;
  }

  static Moment quiet(long now) {
    return new Moment(now, null, null);
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

  /** The answer may change at {@code instant} without any fact; ignored where that is past. */
  void again(long instant) {
    if (instant > now && instant < again) {
      again = instant;
    }
  }

  /** {@link Long#MAX_VALUE}: only a fact can change the answer. */
  long againAt() {
    return again;
  }
}
