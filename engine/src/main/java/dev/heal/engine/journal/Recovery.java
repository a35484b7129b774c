package dev.heal.engine.journal;

import dev.heal.engine.decide.Halt;
import dev.heal.engine.record.Entry;
import java.util.List;
import java.util.Map;

/**
 * What the journal knew when it was opened.
 *
 * @param cleanShutdown whether the engine before closed it; true for a new one
 * @param lastOrder 0 for none
 * @param lastIncident 0 for none
 * @param incidents those that stand, and those that an order below belongs to
 * @param orders what an engine left behind, none twice
 * @param kept by the names of {@link Change.Kept}
 * @param lastLadder 0 for none
 * @param halts what kept the hands still, and still does
 * @param recent what was decided and done last, in order, {@link #MOST_RECENT} entries at most
 */
public record Recovery(
    boolean cleanShutdown,
    long lastOrder,
    long lastIncident,
    List<Incident> incidents,
    UnfinishedOrders orders,
    Map<String, String> kept,
    long lastLadder,
    List<Halt> halts,
    List<Entry> recent) {
  /** More than this in the longest window of attempts or budgets is far over all of them. */
  public static final int MOST_RECENT = 2_000;

  public Recovery {
    incidents = List.copyOf(incidents);
    kept = Map.copyOf(kept);
    halts = List.copyOf(halts);
    recent = List.copyOf(recent);
  }

  /**
   * Orders without an end, and acts that may stand.
   *
   * @param planned never started: nothing was touched
   * @param unknown started without an end: to be probed and verified, never blindly repeated
   * @param toUndo ended, and not undone yet
   */
  public record UnfinishedOrders(
      List<StoredOrder> planned, List<StoredOrder> unknown, List<StoredOrder> toUndo) {
    public UnfinishedOrders {
      planned = List.copyOf(planned);
      unknown = List.copyOf(unknown);
      toUndo = List.copyOf(toUndo);
    }
  }
}
