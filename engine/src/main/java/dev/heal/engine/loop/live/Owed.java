package dev.heal.engine.loop.live;

import dev.heal.engine.journal.Batch;
import dev.heal.engine.journal.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a full disk did not take, in its order: it goes in front of what is decided next, for that
 * follows from it. While something is owed, one batch is on its way at a time. For any thread.
 */
final class Owed {
  /** More is some hours of a busy engine; then the journal has a hole, and takes nothing. */
  private static final int MOST = 200_000;

  private final List<Change> refused = new ArrayList<>();
  private final List<Change> behind = new ArrayList<>();
  private int onTheirWay;
  private long refusals;
  private boolean tooMuch;

  /**
   * What is to be handed over now; empty where it waits for what is on its way.
   *
   * @param changes what was decided, which may be nothing
   */
  synchronized Optional<Batch> next(List<Change> changes) {
    boolean isOwed = !refused.isEmpty() || !behind.isEmpty();
    if (tooMuch || (isOwed && onTheirWay > 0)) {
      add(behind, changes);
      return Optional.empty();
    }
    if (!isOwed) {
      onTheirWay++;
      return Optional.of(new Batch(changes, Batch.of(changes).mayUseReserve(), refusals));
    }
    List<Change> all = new ArrayList<>(refused);
    all.addAll(behind);
    all.addAll(changes);
    refused.clear();
    behind.clear();
    onTheirWay++;
    // the reserve is for ends, with what comes before them
    boolean ends = !changes.isEmpty() && Batch.of(changes).mayUseReserve();
    return Optional.of(new Batch(all, ends, refusals));
  }

  private void add(List<Change> to, List<Change> changes) {
    if (refused.size() + behind.size() + changes.size() > MOST) {
      tooMuch = true;
    }
    if (!tooMuch) {
      to.addAll(changes);
    }
  }

  /** A batch is on the disk, or never will be. */
  synchronized void over() {
    onTheirWay--;
  }

  /** There was no space for a batch. */
  synchronized void refused(Batch batch) {
    onTheirWay--;
    refusals++;
    add(refused, batch.changes());
  }

  /** Whether something waits that could be handed over now. */
  synchronized boolean waits() {
    return !tooMuch && onTheirWay == 0 && !(refused.isEmpty() && behind.isEmpty());
  }

  /** Whether so much was refused that not all of it is known any more. */
  synchronized boolean isTooMuch() {
    return tooMuch;
  }
}
