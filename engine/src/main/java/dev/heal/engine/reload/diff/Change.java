package dev.heal.engine.reload.diff;

import java.util.Locale;
import java.util.Optional;

/**
 * One difference.
 *
 * @param name of the item, as it was; of a new one, as it is
 * @param field which line of the item, in the words of the language: {@code for}, {@code rung 1
 *     takes}; empty where it is the whole item
 * @param before how it was; empty where it was not there
 * @param after how it is; empty where it is not there any more
 * @param placeBefore {@code thermal.heal:3}
 * @param placeAfter {@code thermal.heal:4}
 */
public record Change(
    Kind kind,
    Item item,
    String name,
    String field,
    Optional<String> before,
    Optional<String> after,
    Optional<String> placeBefore,
    Optional<String> placeAfter) {
  /** What happened to an item. */
  public enum Kind {
    ADDED,
    REMOVED,
    /** It means what it meant; before and after are the names. */
    RENAMED,
    CHANGED,
    /** Only its place in the order of declaration, which decides between equals. */
    MOVED;

    /** {@code added}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What the change is in. */
  public enum Item {
    FAULT,
    POLICY,
    BUDGET,
    MAINTENANCE,
    BREAKER,
    ACTION,
    CHECK,
    NODE,
    SERVICE,
    JOB,
    PAGER,
    TEST;

    /** {@code fault}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
