package dev.heal.engine.source.scheduling;

import dev.heal.engine.source.child.ChildSpec;
import dev.heal.engine.source.command.Commands;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Asks for the state of a node again and again: the door of this package. After something was done
 * to the node it is asked at once, and each second for some seconds.
 */
public final class NodeWatch implements AutoCloseable {
  private static final long SOON_NANOS = 1_000_000_000L;
  private static final int SOON_TIMES = 10;
  private static final String NAME = "node state";

  private final Question question;
  private final ChildSpec command;
  private final Consumer<StateAnswer> answers;
  private final Commands commands = new Commands("scheduling");
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread = new Thread(this::askAgainAndAgain, "heal-node-state");
  private long acts;
  private int soon;
  private boolean closed;

  /**
   * Starts to ask.
   *
   * @param environment of the command, all of it
   * @param answers called on a thread of its own; it must not wait
   */
  public NodeWatch(
      Question question, Map<String, String> environment, Consumer<StateAnswer> answers) {
    this.question = question;
    this.command = new ChildSpec(NAME, question.argv(), environment, Optional.empty());
    this.answers = answers;
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Something was done to the node. What was asked before is no longer told once this has returned:
   * it may say how the node was before.
   */
  public void acted() {
    lock.lock();
    try {
      acts++;
      soon = SOON_TIMES;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Ends; nothing is told any more once this has returned. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    thread.interrupt();
  }

  private void askAgainAndAgain() {
    try {
      while (true) {
        long before = acts();
        Commands.Ran ran = commands.run(NAME, command, question.patience());
        tell(
            before,
            ran.failure()
                .<StateAnswer>map(
                    why ->
                        new StateAnswer.Trouble("`%s`: %s".formatted(command.argv().get(0), why)))
                .orElseGet(() -> question.read(ran.out())));
      }
    } catch (InterruptedException e) {
      return; // this is how it is told to end
    }
  }

  private long acts() {
    lock.lock();
    try {
      return acts;
    } finally {
      lock.unlock();
    }
  }

  /** Tells it, and waits until the next time. */
  private void tell(long before, StateAnswer answer) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (closed || acts != before) {
        return; // where it is closed the thread is interrupted
      }
      answers.accept(answer);
      long every = question.every().toNanos();
      long left = soon > 0 ? Math.min(SOON_NANOS, every) : every;
      soon = Math.max(0, soon - 1);
      while (left > 0 && acts == before) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
