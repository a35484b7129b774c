package dev.heal.engine.cli;

import java.io.PrintWriter;
import java.io.Writer;

/** Ends lines with {@code \n} on every system, so that output is the same bytes everywhere. */
final class LineFeedWriter extends PrintWriter {
  private final boolean immediate;

  LineFeedWriter(Writer target, boolean immediate) {
    super(target, immediate);
    this.immediate = immediate;
  }

  @Override
  public void println() {
    write('\n');
    if (immediate) {
      flush();
    }
  }

  /** A message that is printed in one piece has its own line ends. */
  @Override
  public void write(String text, int offset, int length) {
    super.write(text, offset, length);
    if (immediate && length > 0 && text.charAt(offset + length - 1) == '\n') {
      flush();
    }
  }
}
