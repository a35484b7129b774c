package dev.heal.engine.source.child;

import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** How a process ended. A code of 139 is not a SIGSEGV. */
public sealed interface Ending {
  /** Handles every kind. */
  <R> R match(IntFunction<R> code, Function<Signal, R> signal, Supplier<R> unknown);

  /** It returned or called exit, with 0 to 255. */
  record Code(int code) implements Ending {
    @Override
    public <R> R match(IntFunction<R> onCode, Function<Signal, R> signal, Supplier<R> unknown) {
      return onCode.apply(code);
    }
  }

  /**
   * A signal ended it.
   *
   * @param name {@code SIGSEGV}
   * @param core whether a core was dumped
   */
  record Signal(int number, String name, boolean core) implements Ending {
    @Override
    public <R> R match(IntFunction<R> code, Function<Signal, R> signal, Supplier<R> unknown) {
      return signal.apply(this);
    }
  }

  /** Only its parent is told how it ended, and that was an engine before this one. */
  record Unknown() implements Ending {
    @Override
    public <R> R match(IntFunction<R> code, Function<Signal, R> signal, Supplier<R> unknown) {
      return unknown.get();
    }
  }
}
