package dev.heal.engine.source.child;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** What became of a request to stop. */
public sealed interface StopResult {
  /** Handles every kind. */
  <R> R match(
      Function<Gone, R> gone,
      Function<StillAlive, R> stillAlive,
      Function<Busy, R> busy,
      Supplier<R> notRunning);

  /**
   * Nothing of its process group is left.
   *
   * @param killed whether the grace period ran out
   */
  record Gone(ProcessId process, Ending ending, boolean killed) implements StopResult {
    @Override
    public <R> R match(
        Function<Gone, R> gone,
        Function<StillAlive, R> stillAlive,
        Function<Busy, R> busy,
        Supplier<R> notRunning) {
      return gone.apply(this);
    }
  }

  /**
   * SIGKILL was sent and did not help in time: something waits inside the kernel.
   *
   * @param pids of the group, still alive
   */
  record StillAlive(ProcessId process, List<Integer> pids) implements StopResult {
    public StillAlive {
      pids = List.copyOf(pids);
    }

    @Override
    public <R> R match(
        Function<Gone, R> gone,
        Function<StillAlive, R> stillAlive,
        Function<Busy, R> busy,
        Supplier<R> notRunning) {
      return stillAlive.apply(this);
    }
  }

  /**
   * Nothing was done.
   *
   * @param message what is under way
   */
  record Busy(String message) implements StopResult {
    @Override
    public <R> R match(
        Function<Gone, R> gone,
        Function<StillAlive, R> stillAlive,
        Function<Busy, R> busy,
        Supplier<R> notRunning) {
      return busy.apply(this);
    }
  }

  /** There was nothing to stop. */
  record NotRunning() implements StopResult {
    @Override
    public <R> R match(
        Function<Gone, R> gone,
        Function<StillAlive, R> stillAlive,
        Function<Busy, R> busy,
        Supplier<R> notRunning) {
      return notRunning.get();
    }
  }
}
