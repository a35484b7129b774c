package dev.heal.engine.source.child;

import java.util.function.Function;

/** Something that a child did. Lines may still come after the exit that they explain. */
public sealed interface ChildEvent {
  /** The name of the child. */
  String child();

  /** Which process of that name. */
  ProcessId process();

  /** Handles every kind. */
  <R> R match(Function<Started, R> started, Function<Exited, R> exited, Function<Line, R> line);

  /**
   * It runs.
   *
   * @param adopted whether an engine before this one had started it
   */
  record Started(String child, ProcessId process, boolean adopted) implements ChildEvent {
    @Override
    public <R> R match(
        Function<Started, R> started, Function<Exited, R> exited, Function<Line, R> line) {
      return started.apply(this);
    }
  }

  /**
   * It ended. What is left of its process group is being killed.
   *
   * @param asked whether it had been told to stop
   */
  record Exited(String child, ProcessId process, Ending ending, boolean asked)
      implements ChildEvent {
    @Override
    public <R> R match(
        Function<Started, R> started, Function<Exited, R> exited, Function<Line, R> line) {
      return exited.apply(this);
    }
  }

  /**
   * It wrote a line.
   *
   * @param cut whether it was longer than 64 KiB; the rest was dropped
   */
  record Line(String child, ProcessId process, Output output, String text, boolean cut)
      implements ChildEvent {
    @Override
    public <R> R match(
        Function<Started, R> started, Function<Exited, R> exited, Function<Line, R> line) {
      return line.apply(this);
    }
  }

  /** Where a line was written to. */
  enum Output {
    STDOUT,
    STDERR
  }
}
