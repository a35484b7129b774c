package dev.heal.engine.cli;

import dev.heal.engine.cli.run.Daemon;
import dev.heal.engine.record.Entry;
import dev.heal.engine.source.inbox.Drops;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Takes what is to be written off the loop's hands: no terminal, pipe or log service that is slow
 * or gone may hold a repair up. What does not fit is counted, and that is written. For any thread.
 */
final class LogWriter implements Daemon.Observer, AutoCloseable {
  private static final int MOST_WAITING = 20_000;
  private static final Duration LAST_PATIENCE = Duration.ofSeconds(2);

  private final RunLog log;
  private final Consumer<Entry> listener;
  private final BlockingQueue<Consumer<RunLog>> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final AtomicLong unwritten = new AtomicLong();
  private final Thread thread = new Thread(this::run, "heal log");
  private volatile boolean ending;
  private volatile boolean readerIsGone;

  /**
   * Begins to write.
   *
   * @param listener hears each entry at once, on the loop's thread
   */
  LogWriter(RunLog log, Consumer<Entry> listener) {
    this.log = log;
    this.listener = listener;
    thread.setDaemon(true);
    thread.start();
  }

  /** Writes something about the engine itself. */
  void say(String event, String text) {
    put(to -> to.say(event, text));
  }

  private void put(Consumer<RunLog> line) {
    if (!waiting.offer(line)) {
      unwritten.incrementAndGet();
    }
  }

  private void run() {
    try {
      while (!ending || !waiting.isEmpty()) {
        write(waiting.take());
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(Consumer<RunLog> line) {
    if (readerIsGone) {
      return; // the journal has it all; nobody is left to tell
    }
    try {
      long missing = unwritten.getAndSet(0);
      if (missing > 0) {
        log.say(
            "unwritten",
            "%,d lines are missing here: whoever reads them is too slow".formatted(missing));
      }
      line.accept(log);
    } catch (OutputException gone) {
      readerIsGone = true;
    }
  }

  @Override
  public void entry(Entry entry, OptionalLong incident) {
    listener.accept(entry);
    put(to -> to.entry(entry, incident));
  }

  @Override
  public void journalFailed(String why) {
    put(to -> to.journalFailed(why));
  }

  @Override
  public void dropped(List<Drops> drops) {
    put(to -> to.dropped(drops));
  }

  @Override
  public void told(String source, String text) {
    put(to -> to.told(source, text));
  }

  @Override
  public void failed(String source, RuntimeException bug) {
    put(to -> to.failed(source, bug));
  }

  /** Writes what waits, as far as somebody takes it. */
  @Override
  public void close() {
    ending = true;
    put(to -> {});
    try {
      thread.join(LAST_PATIENCE.toMillis());
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
    thread.interrupt();
  }
}
