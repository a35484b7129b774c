package dev.heal.engine.journal;

import dev.heal.engine.schedule.Outcome;
import java.util.Locale;

/** How far an order has come. */
public enum OrderState {
  PLANNED(false),
  /** Whether the hands moved is not known until it ends. */
  STARTED(false),
  DONE(true),
  FAILED(true),
  REFUSED(true),
  UNKNOWN(true);

  private final boolean end;

  OrderState(boolean end) {
    this.end = end;
  }

  public boolean isEnd() {
    return end;
  }

  /** {@code planned}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static OrderState of(Outcome.Kind kind) {
    return switch (kind) {
      case DONE -> DONE;
      case FAILED -> FAILED;
      case REFUSED, NOT_BEGUN -> REFUSED;
      case UNKNOWN -> UNKNOWN;
    };
  }
}
