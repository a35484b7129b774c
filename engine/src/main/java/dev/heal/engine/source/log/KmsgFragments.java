package dev.heal.engine.source.log;

import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * Joins records of {@code /dev/kmsg} that are pieces of one line. Kernels to 4.9 flag the first
 * piece {@code c} and the further ones {@code +}; newer ones flag only the further ones, {@code c}.
 * So a {@code c} may begin a line or go on with one: both readings are given. No record waits for
 * the next one.
 */
public final class KmsgFragments {
  private static final int FURTHEST_FLAG = 48;

  private final ByteArrayOutputStream alone = new ByteArrayOutputStream();
  private final ByteArrayOutputStream joined = new ByteArrayOutputStream();
  private boolean open;

  /** What a line is. */
  public enum Kind {
    /** No record of {@code /dev/kmsg}. */
    OTHER,
    /** A record of its own. */
    WHOLE,
    /** A piece: see {@link #readings}. */
    PIECE,
    /** {@code KEY=value} behind a record. */
    DICTIONARY
  }

  /** Takes the line in. */
  public Kind offer(byte[] bytes, int from, int to) {
    if (from == to) {
      return Kind.OTHER;
    }
    if (open && bytes[from] == ' ' && isDictionary(bytes, from, to)) {
      return Kind.DICTIONARY;
    }
    int flag = flag(bytes, from, to);
    if (flag < 0) {
      open = false;
      return Kind.OTHER;
    }
    if (bytes[flag] != 'c' && bytes[flag] != '+') {
      open = true;
      alone.reset();
      joined.reset();
      alone.write(bytes, from, to - from);
      joined.write(bytes, from, to - from);
      return Kind.WHOLE;
    }
    int text = flag;
    while (text < to && bytes[text] != ';') {
      text++;
    }
    text = Math.min(text + 1, to);
    if (bytes[flag] == 'c' || !open) {
      alone.reset();
      alone.write(bytes, from, to - from);
    } else {
      append(alone, bytes, text, to);
    }
    if (open) {
      append(joined, bytes, text, to);
    } else {
      joined.reset();
      joined.write(bytes, from, to - from);
    }
    open = true;
    return Kind.PIECE;
  }

  /** The line so far, if the last {@code c} began it; and if it went on with what was before. */
  public List<byte[]> readings() {
    return alone.size() == joined.size()
        ? List.of(joined.toByteArray())
        : List.of(alone.toByteArray(), joined.toByteArray());
  }

  private static void append(ByteArrayOutputStream line, byte[] bytes, int from, int to) {
    int room = LineReader.LONGEST - line.size();
    line.write(bytes, from, Math.max(0, Math.min(room, to - from)));
  }

  private static boolean isDictionary(byte[] bytes, int from, int to) {
    int i = from + 1;
    while (i < to && ((bytes[i] >= 'A' && bytes[i] <= 'Z') || bytes[i] == '_')) {
      i++;
    }
    return i > from + 1 && i < to && bytes[i] == '=';
  }

  /** Where the flag stands in {@code 6,1234,5678901,-;…}; negative for any other line. */
  private static int flag(byte[] bytes, int from, int to) {
    int commas = 0;
    int end = Math.min(to, from + FURTHEST_FLAG);
    for (int i = from; i < end; i++) {
      byte b = bytes[i];
      if (b == ',') {
        if (++commas == 3) {
          return i + 1 < to ? i + 1 : -1;
        }
      } else if (b < '0' || b > '9') {
        return -1;
      }
    }
    return -1;
  }
}
