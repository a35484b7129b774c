package dev.heal.engine.loop.live;

import dev.heal.engine.fact.Fact;
import dev.heal.engine.journal.Appended;
import dev.heal.engine.journal.Batch;
import dev.heal.engine.journal.Change;
import dev.heal.engine.journal.store.Journal;
import dev.heal.engine.loop.Engine;
import dev.heal.engine.record.Entry;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The thread that owns the engine. An order is durable as started before the hands get it; where it
 * cannot be written, nothing is touched, and that is told.
 */
public final class LiveLoop {
  private static final long LONGEST_WAIT = 1_000_000_000L;

  /** What the loop tells. */
  public interface Observer {
    /** An entry was decided; it may not be durable yet. */
    void entry(Entry entry);

    /** The journal does not take what was decided: nothing is done. */
    void journalFailed(String why);
  }

  private final BlockingQueue<Input> inputs = new LinkedBlockingQueue<>();
  private final Engine engine;
  private final Journal journal;
  private final Journalist journalist;
  private final BiConsumer<Order, Consumer<Input>> hands;
  private final LongSupplier clock;
  private final Observer observer;
  private CompletableFuture<Void> settled = CompletableFuture.completedFuture(null);
  private volatile boolean stopping;
  private volatile int open;
  private long last;

  /**
   * Begins with what the journal knows.
   *
   * @param hands start an order without waiting, and put its end in
   * @param clock nanoseconds since the epoch; read once for each input
   */
  public LiveLoop(
      Engine engine,
      Journal journal,
      BiConsumer<Order, Consumer<Input>> hands,
      LongSupplier clock,
      Observer observer) {
    this.engine = engine;
    this.journal = journal;
    this.journalist = new Journalist(journal.recovery());
    this.hands = hands;
    this.clock = clock;
    this.observer = observer;
    this.last = clock.getAsLong();
  }

  /** How many orders have not ended. */
  public int open() {
    return open;
  }

  /** Puts something in; never waits. */
  public void put(Input input) {
    inputs.add(input);
  }

  /** Runs until {@link #stop}; what was put in before that is still taken. */
  public void run() throws InterruptedException {
    while (!stopping || !inputs.isEmpty()) {
      long wait = Math.min(LONGEST_WAIT, Math.max(0, engine.nextAt() - now()));
      Input input = inputs.poll(wait, TimeUnit.NANOSECONDS);
      long now = now();
      if (input == null) {
        engine.runTo(now);
        settle(now, List.of());
      } else {
        take(input, now);
      }
    }
    settled.join(); // what was decided last is durable, or its failure was told
  }

  /** Time never runs back, whatever the host's clock does. */
  private long now() {
    last = Math.max(last, clock.getAsLong());
    return last;
  }

  private void take(Input input, long now) {
    List<Change> outcome = new ArrayList<>();
    if (input instanceof Input.Heard heard) {
      for (Fact fact : heard.source().facts(now)) {
        engine.accept(fact);
      }
    } else if (input instanceof Input.Ended ended) {
      outcome.addAll(journalist.ended(ended.order(), ended.outcome(), now));
      engine.ended(ended.order(), ended.outcome(), now);
    } else if (input instanceof Input.Command command) {
      command.command().accept(engine, now);
    }
    settle(now, outcome);
  }

  /** Makes durable what was decided, and lets the hands move. */
  private void settle(long now, List<Change> before) {
    Engine.Step step = engine.take();
    open = engine.open();
    if (step.isEmpty() && before.isEmpty()) {
      return;
    }
    List<Change> changes = new ArrayList<>(before);
    for (Entry entry : step.entries()) {
      observer.entry(entry);
      changes.addAll(journalist.entry(entry));
    }
    for (Order order : step.orders()) {
      changes.addAll(journalist.started(order, now));
    }
    settled =
        journal.append(Batch.of(changes)).thenAccept(appended -> written(appended, step.orders()));
  }

  private void written(Appended appended, List<Order> orders) {
    if (appended.isWritten()) {
      orders.forEach(order -> hands.accept(order, this::put));
      return;
    }
    String why =
        appended instanceof Appended.DiskFull full
            ? "the disk is full: " + full.text()
            : "the journal is broken: " + appended;
    observer.journalFailed(why);
    for (Order order : orders) {
      put(
          new Input.Ended(
              order.id(), new Outcome(Outcome.Kind.REFUSED, why + "; nothing was touched")));
    }
  }

  /** Ends the loop, from any thread. */
  public void stop() {
    stopping = true;
    put(new Input.Command((e, at) -> {}));
  }
}
