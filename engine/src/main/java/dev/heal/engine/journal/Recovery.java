package dev.heal.engine.journal;

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
 */
public record Recovery(
    boolean cleanShutdown,
    long lastOrder,
    long lastIncident,
    List<Incident> incidents,
    UnfinishedOrders orders,
    Map<String, String> kept) {
  public Recovery {
    incidents = List.copyOf(incidents);
    kept = Map.copyOf(kept);
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
