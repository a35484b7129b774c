package dev.heal.engine.source.child;

import dev.heal.engine.source.posix.Posix;
import dev.heal.engine.source.posix.PosixException;
import dev.heal.engine.source.posix.ProcessTable;
import dev.heal.engine.source.posix.WaitStatus;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * The process that leads the group: the way to learn that it ended depends on whose child it is.
 */
interface Leader {
  /** Waits until it has ended. */
  void awaitEnd() throws PosixException;

  /** After that: how, and frees its pid. */
  Ending bury() throws PosixException;

  /** Whether it is still the process that was meant, alive or not reaped. */
  boolean isThere();

  /** A child of this engine: its pid stays taken until it is buried. */
  record Own(int pid) implements Leader {
    @Override
    public void awaitEnd() throws PosixException {
      Posix.awaitEnd(pid);
    }

    @Override
    public Ending bury() throws PosixException {
      return Posix.reap(pid).map(Own::ending).orElseGet(Ending.Unknown::new);
    }

    @Override
    public boolean isThere() {
      return true;
    }

    private static Ending ending(WaitStatus status) {
      return status.exited()
          ? new Ending.Code(status.code())
          : new Ending.Signal(status.signal(), WaitStatus.name(status.signal()), status.core());
    }
  }

  /** Started by an engine before this one: somebody else buries it. */
  record Adopted(ProcessId process) implements Leader {
    private static final long LOOK_AGAIN_NANOS = 200_000_000L;

    @Override
    public void awaitEnd() throws PosixException {
      Optional<Integer> descriptor = descriptor();
      if (descriptor.isPresent()) {
        try {
          // the start is looked at after the descriptor is open: it cannot be another process then
          if (isThere()) {
            boolean[] unused = Posix.poll(new int[] {descriptor.get()}, -1);
          }
        } finally {
          Posix.close(descriptor.get());
        }
      }
      while (isThere()) {
        LockSupport.parkNanos(this, LOOK_AGAIN_NANOS);
      }
    }

    @Override
    public Ending bury() {
      return new Ending.Unknown();
    }

    @Override
    public boolean isThere() {
      return ProcessTable.find(process.pid())
          .filter(found -> found.startTicks() == process.startTicks() && !found.ended())
          .isPresent();
    }

    /** Empty where the process is gone, or the kernel too old: then it is looked for again. */
    private Optional<Integer> descriptor() {
      try {
        return Optional.of(Posix.pidDescriptor(process.pid()));
      } catch (PosixException e) {
        return Optional.empty();
      }
    }
  }
}
