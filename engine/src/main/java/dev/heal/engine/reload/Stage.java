package dev.heal.engine.reload;

import java.util.Locale;

/** The stages of a reload, in order; all that can fail comes before {@link #SWAP}. */
public enum Stage {
  /** All texts as they are at one moment. */
  SNAPSHOT,
  /** Whether somebody who may has signed them. */
  SIGNATURE,
  /** What {@code heal check} does. */
  CHECK,
  /** The tests beside the policies. */
  TESTS,
  /** The rules. */
  COMPILE,
  /** The conditions, with what they would remember. */
  BUILD,
  /** What came meanwhile. */
  CATCH_UP,
  /** One reference, on the thread of the loop. */
  SWAP;

  /** {@code catch_up}: as metrics and JSON name it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** As people read it. */
  public String words() {
    return word().replace('_', ' ');
  }
}
