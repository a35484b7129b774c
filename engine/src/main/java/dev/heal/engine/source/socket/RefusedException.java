package dev.heal.engine.source.socket;

import java.io.IOException;

/** The answer is no: its status is not 200. */
public final class RefusedException extends IOException {
  private static final long serialVersionUID = 1;

  private final int status;

  RefusedException(int status, String said) {
    super("the answer is %d%s".formatted(status, said.isEmpty() ? "" : ": " + said));
    this.status = status;
  }

  /** 404, for example. */
  public int status() {
    return status;
  }
}
