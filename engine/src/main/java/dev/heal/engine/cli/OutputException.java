package dev.heal.engine.cli;

import java.io.IOException;
import java.util.Locale;
import java.util.Objects;

/** Standard output or standard error cannot be written. */
final class OutputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OutputException(IOException cause) {
    super(cause);
  }

  /** Why, in the operating system's words. */
  String reason() {
    return Objects.requireNonNullElse(
        Objects.requireNonNull(getCause()).getMessage(), "input/output error");
  }

  /** The other end of the pipe was closed: nobody wants the rest, which is no failure. */
  boolean readerIsGone() {
    return reason().toLowerCase(Locale.ROOT).contains("pipe");
  }
}
