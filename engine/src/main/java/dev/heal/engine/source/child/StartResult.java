package dev.heal.engine.source.child;

import java.util.function.Function;

/** What became of a request to start. */
public sealed interface StartResult {
  /** Handles every kind. */
  <R> R match(Function<Running, R> running, Function<Failed, R> failed, Function<Busy, R> busy);

  /** It runs, and the ledger has it. */
  record Running(ProcessId process) implements StartResult {
    @Override
    public <R> R match(
        Function<Running, R> running, Function<Failed, R> failed, Function<Busy, R> busy) {
      return running.apply(this);
    }
  }

  /**
   * Nothing runs.
   *
   * @param message for the operator
   */
  record Failed(Reason reason, String message) implements StartResult {
    @Override
    public <R> R match(
        Function<Running, R> running, Function<Failed, R> failed, Function<Busy, R> busy) {
      return failed.apply(this);
    }
  }

  /**
   * Nothing was done.
   *
   * @param message {@code runs already}, or what is under way
   */
  record Busy(String message) implements StartResult {
    @Override
    public <R> R match(
        Function<Running, R> running, Function<Failed, R> failed, Function<Busy, R> busy) {
      return busy.apply(this);
    }
  }

  /** Why a start failed. */
  enum Reason {
    /** No such program. */
    NOT_FOUND,
    /** No right to execute the program. */
    NOT_PERMITTED,
    /** The file is no program, or one for another machine. */
    NOT_EXECUTABLE,
    /** No such working directory. */
    NO_DIRECTORY,
    /** No memory, process or descriptor is left. */
    NO_RESOURCES,
    /** The ledger could not be written; the process was killed again. */
    NOT_RECORDED,
    /** Its former self could not be stopped, and runs. */
    STILL_ALIVE,
    /** Anything else; the message says what. */
    OTHER
  }
}
