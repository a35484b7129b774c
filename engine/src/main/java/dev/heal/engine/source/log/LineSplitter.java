package dev.heal.engine.source.log;

import java.io.IOException;
import java.io.InputStream;

/**
 * Cuts a stream of bytes into lines without making text of them. A carriage return at the end is
 * not part of a line; of a line longer than {@link #LONGEST} the rest is dropped and counted.
 */
public final class LineSplitter {
  /** In bytes. */
  public static final int LONGEST = 64 * 1024;

  /** Receives the lines; the array is reused after the call. */
  @FunctionalInterface
  public interface Sink {
    void line(long number, byte[] bytes, int from, int to);
  }

  private long lines;
  private long cut;

  /** Reads to the end of the stream; does not close it. */
  public void read(InputStream in, Sink sink) throws IOException {
    byte[] buffer = new byte[1 << 18];
    int held = 0;
    boolean dropping = false;
    while (true) {
      int got = in.read(buffer, held, buffer.length - held);
      if (got < 0) {
        break;
      }
      int end = held + got;
      int from = 0;
      for (int i = held; i < end; i++) {
        if (buffer[i] == '\n') {
          if (!dropping) {
            emit(sink, buffer, from, i);
          }
          dropping = false;
          from = i + 1;
        }
      }
      held = end - from;
      if (dropping) {
        held = 0;
      } else if (held > LONGEST) {
        emit(sink, buffer, from, end);
        dropping = true;
        held = 0;
      } else {
        System.arraycopy(buffer, from, buffer, 0, held);
      }
    }
    if (held > 0) {
      emit(sink, buffer, 0, held);
    }
  }

  private void emit(Sink sink, byte[] buffer, int from, int end) {
    int to = end > from && buffer[end - 1] == '\r' ? end - 1 : end;
    if (to - from > LONGEST) {
      cut++;
      to = from + LONGEST;
    }
    sink.line(++lines, buffer, from, to);
  }

  /** Lines seen so far. */
  public long lines() {
    return lines;
  }

  /** Lines that were too long. */
  public long cut() {
    return cut;
  }
}
