package dev.heal.engine.source.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Cuts bytes that arrive piece by piece into lines. What has no line feed yet is held, however long
 * that takes. A carriage return at the end is not part of a line; of a line longer than {@link
 * LineReader#LONGEST} the rest is dropped. Bytes that are not UTF-8 become replacement characters.
 */
public final class LineCutter {
  /** Takes a whole line. */
  @FunctionalInterface
  public interface Sink {
    /**
     * @param text without its line feed
     * @param cut whether the rest of it was dropped
     * @param end bytes fed up to behind the line feed, since the cutter was made
     */
    void line(String text, boolean cut, long end);
  }

  private byte[] held = new byte[512];
  private int length; // of what is held
  private boolean dropping;
  private long fed;

  /** Gives each line that is now whole. */
  public void feed(byte[] bytes, int count, Sink sink) {
    int from = 0;
    for (int i = 0; i < count; i++) {
      if (bytes[i] == '\n') {
        hold(bytes, from, i);
        give(sink, fed + i + 1);
        from = i + 1;
      }
    }
    hold(bytes, from, count);
    fed += count;
  }

  /** No more bytes will come: gives what is held, if anything is. */
  public void finish(Sink sink) {
    if (length > 0 || dropping) {
      give(sink, fed);
    }
  }

  private void hold(byte[] bytes, int from, int to) {
    int taken = Math.min(to - from, LineReader.LONGEST - length);
    dropping |= taken < to - from;
    if (length + taken > held.length) {
      held = Arrays.copyOf(held, Math.max(length + taken, 2 * held.length));
    }
    System.arraycopy(bytes, from, held, length, taken);
    length += taken;
  }

  private void give(Sink sink, long end) {
    int last = length > 0 && held[length - 1] == '\r' ? length - 1 : length;
    String text = new String(held, 0, last, StandardCharsets.UTF_8);
    boolean cut = dropping;
    length = 0;
    dropping = false;
    sink.line(text, cut, end);
  }
}
