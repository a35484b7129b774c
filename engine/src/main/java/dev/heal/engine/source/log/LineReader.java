package dev.heal.engine.source.log;

import java.io.IOException;
import java.io.InputStream;

/**
 * Cuts a stream of bytes into lines without making text of them. A carriage return at the end is
 * not part of a line; of a line longer than {@link #LONGEST} the rest is dropped and counted.
 */
public final class LineReader {
  /** In bytes. */
  public static final int LONGEST = 64 * 1024;

  private static final int BUFFER_BYTES = 1 << 18;

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int start; // of what was not given yet
  private int end; // of what was read
  private boolean dropping;
  private int from;
  private int to;
  private boolean plain = true;
  private long number;
  private long cut;
  private long damaged;

  /** Reads from a stream that the caller closes. */
  public LineReader(InputStream in) {
    this.in = in;
  }

  /** Goes to the next line; false at the end. A stream that is still written to is waited for. */
  public boolean next() throws IOException {
    int scanned = start;
    boolean ascii = true;
    while (true) {
      int i = scanned;
      for (; i < end; i++) {
        byte b = buffer[i];
        if (b <= '\n') {
          if (b == '\n') {
            break;
          }
          ascii &= b > 0;
        }
      }
      if (i < end) {
        int first = start;
        start = i + 1;
        if (dropping) {
          dropping = false;
          scanned = start;
          ascii = true;
          continue;
        }
        return give(first, i, ascii);
      }
      scanned = i;
      if (dropping || start == end) {
        start = 0;
        end = 0;
        scanned = 0;
      } else if (end - start > LONGEST) {
        dropping = true;
        int first = start;
        start = end;
        return give(first, end, ascii);
      } else if (end == buffer.length) {
        System.arraycopy(buffer, start, buffer, 0, end - start);
        scanned -= start;
        end -= start;
        start = 0;
      }
      int got = in.read(buffer, end, buffer.length - end);
      if (got < 0) {
        int first = start;
        start = end;
        return end > first && !dropping && give(first, end, ascii);
      }
      end += got;
    }
  }

  private boolean give(int first, int last, boolean ascii) {
    from = first;
    to = last > first && buffer[last - 1] == '\r' ? last - 1 : last;
    plain = ascii;
    number++;
    if (to - from > LONGEST) {
      cut++;
      to = from + LONGEST;
    }
    if (!plain && !isText(buffer, from, to)) {
      damaged++;
    }
    return true;
  }

  /** No NUL, and well-formed as UTF-8 as far as the shape of its sequences goes. */
  private static boolean isText(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to) {
      int b = bytes[i++];
      if (b == 0) {
        return false;
      }
      if (b < 0) {
        int following = following(b & 0xFF);
        if (following < 1 || i + following > to) {
          return false;
        }
        for (int last = i + following; i < last; i++) {
          if ((bytes[i] & 0xC0) != 0x80) {
            return false;
          }
        }
      }
    }
    return true;
  }

  private static int following(int first) {
    if (first >= 0xC2 && first <= 0xDF) {
      return 1;
    }
    if (first >= 0xE0 && first <= 0xEF) {
      return 2;
    }
    return first >= 0xF0 && first <= 0xF4 ? 3 : 0;
  }

  /** The bytes of the line, from {@link #from()} to {@link #to()}; good until the next call. */
  public byte[] bytes() {
    return buffer;
  }

  /** Where the line begins. */
  public int from() {
    return from;
  }

  /** Behind its last byte. */
  public int to() {
    return to;
  }

  /** The number of the line, from 1; before the first, 0. */
  public long number() {
    return number;
  }

  /** Lines that were too long so far. */
  public long cut() {
    return cut;
  }

  /** Lines with NUL or with bytes that are not UTF-8 so far. */
  public long damaged() {
    return damaged;
  }
}
