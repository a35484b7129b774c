package dev.heal.engine.source.child;

import dev.heal.engine.source.posix.Posix;
import dev.heal.engine.source.posix.PosixException;
import dev.heal.engine.source.posix.ProcessTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * One run of a child: its leader, which is the process that was started, and whatever else is in
 * the process group. The group's number cannot be given to strangers while anybody is in it, and
 * the leader is buried only after the group was told to end: so no signal reaches the wrong
 * process.
 */
final class Group {
  private static final long FIRST_LOOK_NANOS = 500_000L;
  private static final long CAREFUL_NANOS = 2_000_000L; // by then the table is worth a look
  private static final long LAST_LOOK_NANOS = 50_000_000L;

  private final ChildSpec spec;
  private final ProcessId process;
  private final Leader leader;
  private final Consumer<ChildEvent> events;
  private final Runnable afterGone;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // all under the lock
  private boolean stopping;
  private Optional<Ending> ending = Optional.empty();
  private boolean gone;
  private boolean drained;
  private boolean told;

  Group(
      ChildSpec spec,
      ProcessId process,
      Leader leader,
      Consumer<ChildEvent> events,
      Runnable afterGone) {
    this.spec = spec;
    this.process = process;
    this.leader = leader;
    this.events = events;
    this.afterGone = afterGone;
  }

  ChildSpec spec() {
    return spec;
  }

  ProcessId process() {
    return process;
  }

  /** Starts the threads. */
  void watch(Outputs outputs) {
    daemon("out", () -> drain(outputs));
    daemon("wait", () -> awaitEnd(outputs));
  }

  /** Starts the thread of a group whose outputs cannot be read. */
  void watchWithoutOutputs() {
    drained = true;
    daemon("wait", this::awaitEnd);
  }

  /** Whether nothing of it is left and all its lines were given. */
  boolean isOver() {
    lock.lock();
    try {
      return gone && drained && told;
    } finally {
      lock.unlock();
    }
  }

  /** SIGTERM, a time of grace, SIGKILL. */
  StopResult stop(long graceNanos, long patienceNanos) throws InterruptedException {
    lock.lock();
    try {
      stopping = true;
      signal(Posix.SIGTERM);
      signal(Posix.SIGCONT); // who was stopped hears the SIGTERM only now
      boolean killed = !awaitOver(graceNanos) && !gone;
      if (killed) {
        signal(Posix.SIGKILL);
      }
      if (!awaitOver(patienceNanos)) {
        return new StopResult.StillAlive(process, living());
      }
      return new StopResult.Gone(process, ending.orElseThrow(), killed);
    } finally {
      lock.unlock();
    }
  }

  /** Kills it without grace and waits for nothing. */
  void kill() {
    lock.lock();
    try {
      signal(Posix.SIGKILL);
    } finally {
      lock.unlock();
    }
  }

  private boolean awaitOver(long nanos) throws InterruptedException {
    long left = nanos;
    while (!(gone && drained && told) && left > 0) {
      left = changed.awaitNanos(left);
    }
    return gone && drained && told;
  }

  /** Under the lock. */
  private void signal(int signal) {
    if (gone || (ending.isEmpty() && !leader.isThere())) {
      return;
    }
    try {
      boolean unused = Posix.signal(-process.pid(), signal);
    } catch (PosixException e) {
      // EPERM: all that is left runs as another user; it is reported as still alive
      if (e.number() != PosixException.EPERM) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void drain(Outputs outputs) {
    try {
      outputs.readAll();
    } catch (PosixException e) {
      throw new UncheckedIOException(e);
    } finally {
      set(() -> drained = true);
    }
  }

  private void awaitEnd(Outputs outputs) {
    try {
      awaitEnd();
      outputs.finish();
    } catch (PosixException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitEnd() {
    try {
      leader.awaitEnd();
      events.accept(bury());
      awaitOthers();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
    set(() -> gone = true);
    afterGone.run();
    set(() -> told = true);
  }

  private ChildEvent bury() throws PosixException {
    lock.lock();
    try {
      if (!stopping) {
        boolean unused = Posix.signal(-process.pid(), Posix.SIGKILL);
      }
      Ending how = leader.bury();
      ending = Optional.of(how);
      changed.signalAll();
      return new ChildEvent.Exited(spec.name(), process, how, stopping);
    } finally {
      lock.unlock();
    }
  }

  /** Until nobody in the group is alive. Orphans may be the engine's where it is PID 1. */
  private void awaitOthers() throws IOException, InterruptedException {
    long pause = FIRST_LOOK_NANOS;
    while (Posix.signal(-process.pid(), Posix.NO_SIGNAL)) {
      if (Posix.reap(-process.pid()).isEmpty()) {
        if (pause >= CAREFUL_NANOS && living().isEmpty()) {
          return; // dead, and their new parent does not bury them
        }
        lock.lock();
        try {
          long unused = changed.awaitNanos(pause);
        } finally {
          lock.unlock();
        }
        pause = Math.min(2 * pause, LAST_LOOK_NANOS);
      }
    }
  }

  private List<Integer> living() {
    try {
      return ProcessTable.all().stream()
          .filter(entry -> entry.group() == process.pid() && !entry.ended())
          .map(ProcessTable.Entry::pid)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void set(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void daemon(String what, Runnable task) {
    Thread thread = new Thread(task, "heal-child-" + what + "-" + spec.name());
    thread.setDaemon(true);
    thread.start();
  }
}
