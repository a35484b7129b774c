package dev.heal.engine.reload.origin;

import dev.heal.engine.reload.bundle.Digest;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Asks the configuration centre again and again, and hands over each new bundle once it is
 * verified. One question at a time, on threads that are not ours.
 */
public final class Poller implements AutoCloseable {
  /** So often it is asked for the whole bundle, whatever it says of changes. */
  static final int FULL_EVERY = 60;

  /** Runs something later, on a thread that may wait. */
  public interface Timer {
    /** Runs the task once the time has passed, unless the timer is closed before. */
    void after(Duration delay, Runnable task);

    /**
     * On these threads; what is due when they are shut down is not run.
     *
     * @param bug is told what a task throws: a mistake of heal's own
     */
    static Timer on(ScheduledExecutorService threads, Consumer<Throwable> bug) {
      return (delay, task) -> {
        try {
          ScheduledFuture<?> unused =
              threads.schedule(
                  () -> {
                    try {
                      task.run();
                    } catch (RuntimeException | Error e) {
                      bug.accept(e);
                    }
                  },
                  delay.toNanos(),
                  TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
          return; // the engine is ending
        }
      };
    }
  }

  /** Is told what the questions give. */
  public interface Sink {
    /** A verified bundle that is not in force; the same one is not handed over twice in a row. */
    void delivered(Candidate candidate);

    /** A question that gave nothing. */
    void failed(Failure failure);

    /** An answer, with what is known already: it works. */
    void unchanged();
  }

  private final Origin centre;
  private final Pace pace;
  private final Timer timer;
  private final Supplier<Verification> verification;
  private final Sink sink;

  // of the one question that runs at a time
  private final Object lock = new Object();
  private Optional<String> tag = Optional.empty();
  private int failures;
  private int unconfirmed;
  private Optional<Digest> handedOver = Optional.empty();
  private boolean forget;
  private boolean closed;

  /**
   * Asks nothing yet.
   *
   * @param verification read for each answer: keys and what is in force change meanwhile
   * @param sink called on a thread of the timer
   */
  public Poller(
      Origin centre, Pace pace, Timer timer, Supplier<Verification> verification, Sink sink) {
    this.centre = centre;
    this.pace = pace;
    this.timer = timer;
    this.verification = verification;
    this.sink = sink;
  }

  /** Asks for the first time at once, and then again and again. */
  public void start() {
    timer.after(Duration.ZERO, this::ask);
  }

  /** The next question is for the whole bundle: keys were changed, or an operator wants it. */
  public void forget() {
    synchronized (lock) {
      forget = true;
    }
  }

  /** No question follows; one that runs is not waited for, and what it gives is dropped. */
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
    }
  }

  private void ask() {
    synchronized (lock) {
      if (closed) {
        return;
      }
    }
    OptionalLong retryAfter = OptionalLong.empty();
    try {
      retryAfter = question();
    } finally {
      askAgain(retryAfter);
    }
  }

  private OptionalLong question() {
    if (verification.get().trust().isEmpty()) {
      return failed(new Origin.Failed(Verification.unverifiable(centre)));
    }
    return centre.ask(known()).match(this::delivered, this::unchanged, this::failed);
  }

  private void askAgain(OptionalLong retryAfter) {
    Duration delay;
    synchronized (lock) {
      if (closed) {
        return;
      }
      delay = failures == 0 ? pace.afterAnswer() : pace.afterFailure(failures, retryAfter);
    }
    timer.after(delay, this::ask);
  }

  private Optional<String> known() {
    synchronized (lock) {
      if (forget) {
        handedOver = Optional.empty();
      }
      if (forget || ++unconfirmed >= FULL_EVERY) {
        forget = false;
        unconfirmed = 0;
        tag = Optional.empty();
      }
      return tag;
    }
  }

  private OptionalLong delivered(Origin.Delivered delivered) {
    Verification now = verification.get(); // not before: what is in force changes meanwhile
    return now.of(centre, delivered)
        .match(
            candidate -> good(now, candidate, delivered.tag()),
            failure -> failed(new Origin.Failed(failure)));
  }

  private OptionalLong good(Verification now, Candidate candidate, Optional<String> newTag) {
    Optional<Digest> digest = Optional.of(candidate.bundle().manifest().digest());
    boolean tell;
    boolean known;
    synchronized (lock) {
      tag = newTag;
      failures = 0;
      tell = !closed;
      known = now.standing().isInForce(candidate.bundle().manifest()) || handedOver.equals(digest);
      handedOver = digest;
    }
    if (tell && known) {
      sink.unchanged();
    } else if (tell) {
      sink.delivered(candidate);
    }
    return OptionalLong.empty();
  }

  private OptionalLong unchanged(Origin.Unchanged answer) {
    boolean tell;
    synchronized (lock) {
      failures = 0;
      tell = !closed;
    }
    if (tell) {
      sink.unchanged();
    }
    return OptionalLong.empty();
  }

  private OptionalLong failed(Origin.Failed failed) {
    boolean tell;
    synchronized (lock) {
      tag = Optional.empty(); // what is refused today may be taken tomorrow
      failures++;
      tell = !closed;
    }
    if (tell) {
      sink.failed(failed.failure());
    }
    return failed.retryAfter();
  }
}
