package dev.heal.engine.loop.live;

import dev.heal.engine.decide.Halt;
import dev.heal.engine.journal.Appended;
import dev.heal.engine.journal.Batch;
import dev.heal.engine.journal.Change;
import dev.heal.engine.journal.store.Journal;
import dev.heal.engine.loop.Engine;
import dev.heal.engine.schedule.Order;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * What the loop has decided on its way into the journal; orders go on from there. Handed over on
 * the loop's thread; what comes of it is told on the journal's.
 */
final class Writing {
  private static final String PAGE = "page";
  private static final String UNTOUCHED = "; nothing was touched";

  /** Takes the orders that are durable, or says why they are not. */
  interface Onward {
    /**
     * Takes one.
     *
     * @param refusal why it must not be carried out; empty: it is durable
     */
    void take(Order order, Optional<String> refusal);
  }

  private final Journal journal;
  private final LongSupplier clock;
  private final LiveLoop.Observer observer;
  private final LoopMeter meter;
  private final Onward onward;
  private final Owed owed = new Owed();
  private final Map<String, Change.Kept> toKeep = new LinkedHashMap<>();
  private CompletableFuture<Appended> settled =
      CompletableFuture.completedFuture(new Appended.Written());
  private volatile Optional<String> problem = Optional.empty();

  /** What is in the journal of what outlives the engine. */
  private List<Halt> halts;

  private long lastLadder;

  Writing(
      Journal journal,
      Engine engine,
      LongSupplier clock,
      LiveLoop.Observer observer,
      LoopMeter meter,
      Onward onward) {
    this.journal = journal;
    this.clock = clock;
    this.observer = observer;
    this.meter = meter;
    this.onward = onward;
    this.halts = engine.halts();
    this.lastLadder = engine.lastLadder();
  }

  /** Written with the next batch, or within a second. */
  void keep(Change.Kept kept) {
    toKeep.put(kept.name(), kept);
  }

  /** Writes what waits to be kept, and tries again what a full disk did not take. */
  void keepNow() {
    if (!toKeep.isEmpty() || owed.waits()) {
      append(new ArrayList<>(), List.of());
    } else if (problem.isPresent()) {
      append(new ArrayList<>(List.of(new Change.LaddersNumbered(lastLadder))), List.of());
    }
  }

  /** Adds what the next engine takes over, where it has changed. */
  void standing(Engine engine, List<Change> changes) {
    if (halts != engine.halts()) {
      halts = engine.halts();
      changes.add(new Change.HaltsMoved(halts));
    }
    if (lastLadder != engine.lastLadder()) {
      lastLadder = engine.lastLadder();
      changes.add(new Change.LaddersNumbered(lastLadder));
    }
  }

  /** Makes it durable; then the orders go on. */
  void append(List<Change> changes, List<Order> orders) {
    changes.addAll(toKeep.values());
    toKeep.clear();
    Optional<Batch> batch = owed.next(changes);
    if (batch.isEmpty()) {
      String why = problem.orElse("the journal still writes what came before");
      refuse(orders, why);
      settled = CompletableFuture.completedFuture(new Appended.DiskFull(why));
      return;
    }
    long from = clock.getAsLong();
    settled =
        journal
            .append(batch.get())
            .thenApply(appended -> written(batch.get(), appended, orders, from));
  }

  private Appended written(Batch batch, Appended appended, List<Order> orders, long from) {
    long took = clock.getAsLong() - from;
    meter.committed(took, appended.isWritten());
    if (appended instanceof Appended.DiskFull) {
      owed.refused(batch);
    } else {
      owed.over();
    }
    if (appended.isWritten()) {
      if (!batch.mayUseReserve()) { // else there may be no other space
        problem = Optional.empty();
      }
      for (Order order : orders) {
        onward.take(order, Optional.empty());
        meter.started(order, took);
      }
      return appended;
    }
    String why = why(appended);
    boolean isNew = !problem.equals(Optional.of(why));
    problem = Optional.of(why);
    if (isNew) {
      observer.journalFailed(why);
    }
    refuse(orders, why);
    return appended;
  }

  /** Nothing is touched that nobody could find again; but somebody must be told. */
  private void refuse(List<Order> orders, String why) {
    for (Order order : orders) {
      boolean tells = order.act().verb().equals(PAGE);
      onward.take(order, tells ? Optional.empty() : Optional.of(why + UNTOUCHED));
    }
  }

  private String why(Appended appended) {
    if (owed.isTooMuch()) {
      return "the disk was full for too long: once it has space, start the engine anew";
    }
    if (appended instanceof Appended.DiskFull full) {
      return full.text();
    }
    return appended instanceof Appended.Broken broken
        ? "the journal is broken: " + broken.text()
        : "the journal takes nothing";
  }

  /** What was handed over last is durable, or was refused, when this is complete. */
  CompletableFuture<Appended> settled() {
    return settled;
  }

  /** Why nothing can be written now; empty where it can. */
  Optional<String> problem() {
    return problem;
  }
}
