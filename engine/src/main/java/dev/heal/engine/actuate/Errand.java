package dev.heal.engine.actuate;

import dev.heal.engine.schedule.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** One order on its way; it ends once, with a report. */
final class Errand {
  /** What is done; ends early when its thread is interrupted. */
  interface Work {
    Report act() throws InterruptedException;
  }

  private enum State {
    WAITING,
    AT_WORK,
    OVER
  }

  private final long id;
  private final String lane;
  private final Duration patience;
  private final Work work;
  private final Consumer<Report> done;
  private State state = State.WAITING;
  private Optional<Thread> thread = Optional.empty();
  private Optional<String> stopped = Optional.empty();

  /**
   * @param lane at most one errand of a lane is at work
   * @param done called once, on whichever thread ends it; must not block
   */
  Errand(long id, String lane, Duration patience, Work work, Consumer<Report> done) {
    this.id = id;
    this.lane = lane;
    this.patience = patience;
    this.work = work;
    this.done = done;
  }

  long id() {
    return id;
  }

  String lane() {
    return lane;
  }

  Duration patience() {
    return patience;
  }

  /** Does the work, on this thread, unless it was stopped before. */
  void run() {
    if (!begin()) {
      return;
    }
    Report report = Report.of(Outcome.Kind.UNKNOWN, "a fault of heal itself ended it");
    try {
      report = work.act();
    } catch (InterruptedException stop) {
      report = Report.of(Outcome.Kind.UNKNOWN, "it was interrupted");
    } finally {
      end(report);
    }
  }

  private synchronized boolean begin() {
    if (state != State.WAITING) {
      return false;
    }
    state = State.AT_WORK;
    thread = Optional.of(Thread.currentThread());
    return true;
  }

  private void end(Report report) {
    Report told;
    synchronized (this) {
      thread = Optional.empty();
      boolean flag = Thread.interrupted(); // what was meant for this errand must not hit the next
      told =
          (flag || stopped.isPresent()) && report.outcome().kind() == Outcome.Kind.UNKNOWN
              ? new Report(
                  new Outcome(
                      Outcome.Kind.UNKNOWN,
                      stopped.map(why -> why + ": ").orElse("") + report.outcome().because()),
                  report.memento())
              : report;
    }
    tell(told);
  }

  private void tell(Report report) {
    synchronized (this) {
      if (state == State.OVER) {
        return;
      }
      state = State.OVER;
    }
    done.accept(report);
  }

  /** Ends it: what has not begun has failed, what is at work is interrupted. */
  void stop(String why) {
    synchronized (this) {
      if (state == State.AT_WORK) {
        if (stopped.isEmpty()) {
          stopped = Optional.of(why);
        }
        thread.ifPresent(Thread::interrupt);
        return;
      }
    }
    tell(Report.of(Outcome.Kind.FAILED, why + ", before it began: nothing was done"));
  }

  /** Its thread does not come back: what became of it is unknown. */
  void abandon() {
    String why;
    synchronized (this) {
      if (state != State.AT_WORK) {
        return;
      }
      why = stopped.orElse("given up");
    }
    tell(Report.of(Outcome.Kind.UNKNOWN, why + ", and it cannot be ended"));
  }
}
