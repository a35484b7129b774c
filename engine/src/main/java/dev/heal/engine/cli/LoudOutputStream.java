package dev.heal.engine.cli;

import java.io.IOException;
import java.io.OutputStream;

/** Throws what {@link java.io.PrintWriter} would swallow. */
final class LoudOutputStream extends OutputStream {
  private final OutputStream target;

  LoudOutputStream(OutputStream target) {
    this.target = target;
  }

  @Override
  public void write(int value) {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    try {
      target.write(bytes, offset, length);
    } catch (IOException e) {
      throw new OutputException(e);
    }
  }

  @Override
  public void flush() {
    try {
      target.flush();
    } catch (IOException e) {
      throw new OutputException(e);
    }
  }
}
