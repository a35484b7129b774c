package dev.heal.engine.source.socket;

import java.io.IOException;

/** Nobody has taken the connection: nothing was asked. */
public final class NobodyListensException extends IOException {
  private static final long serialVersionUID = 1;

  NobodyListensException(IOException cause) {
    super(cause.getMessage(), cause);
  }
}
