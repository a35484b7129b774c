package dev.heal.engine.journal;

import dev.heal.engine.schedule.Order;
import java.util.List;

/**
 * Changes that are durable together or not at all.
 *
 * @param mayUseReserve whether it is written on a full disk too, with the space kept for that
 * @param knows how many refusals its writer knew of when it was made, where it follows from the
 *     batches before it: where one of them is refused meanwhile, so is this; {@link #UNRELATED}: it
 *     follows from none
 */
public record Batch(List<Change> changes, boolean mayUseReserve, long knows) {
  /** Of a batch that needs none before it. */
  public static final long UNRELATED = Long.MAX_VALUE;

  public Batch {
    changes = List.copyOf(changes);
    if (changes.isEmpty()) {
      throw new IllegalArgumentException("a batch has at least one change");
    }
  }

  /**
   * Ends of orders, all of an undoing and what keeps the hands still are written on a full disk
   * too; nothing else begins.
   */
  public static Batch of(List<Change> changes) {
    boolean begins = changes.stream().anyMatch(Batch::beginsAnother);
    return new Batch(changes, !begins && changes.stream().anyMatch(Batch::isOwed), UNRELATED);
  }

  /** Written on a full disk too: for what makes room, and its end. */
  public static Batch withReserve(List<Change> changes) {
    return new Batch(changes, true, UNRELATED);
  }

  /** Whether an actuator waits for it. */
  public boolean startsOrders() {
    return changes.stream().anyMatch(Change.OrderStarted.class::isInstance);
  }

  private static boolean isOwed(Change change) {
    return change instanceof Change.OrderEnded
        || change instanceof Change.OrderUndone
        || change instanceof Change.OrderRemembered
        || change instanceof Change.HaltsMoved
        || (change instanceof Change.OrderPlanned planned
            && planned.plan().purpose() == Order.Purpose.UNDO);
  }

  private static boolean beginsAnother(Change change) {
    return change instanceof Change.OrderPlanned planned
        && planned.plan().purpose() != Order.Purpose.UNDO;
  }
}
