package dev.heal.engine.reload.bundle;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * The one way in which a file stands in a bundle: a header of POSIX.1-1988 ({@code ustar}) with
 * everything fixed but name and size, so that {@code tar} can open a bundle and the same files are
 * the same bytes. A reader does not interpret a header, it compares it with the one that it would
 * write: links, devices, sparse files, long-name extensions and the rest cannot occur.
 */
final class Ustar {
  static final int BLOCK = 512;
  static final int NAME_BYTES = 100;
  static final int PREFIX_BYTES = 155;

  private static final int SIZE_AT = 124;
  private static final int SIZE_DIGITS = 11;
  private static final int CHECKSUM_AT = 148;
  private static final int CHECKSUM_BYTES = 8;
  private static final int TYPE_AT = 156;
  private static final int PREFIX_AT = 345;

  private Ustar() {}

  /** Whether the path can stand in a header. */
  static boolean fits(String path) {
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    return bytes.length - split(bytes) - 1 <= NAME_BYTES;
  }

  /** Where the prefix ends: -1 where the whole path is the name. */
  private static int split(byte[] path) {
    if (path.length > NAME_BYTES) {
      for (int i = Math.min(PREFIX_BYTES, path.length - 1); i > 0; i--) {
        if (path[i] == '/') {
          return i;
        }
      }
    }
    return -1;
  }

  /**
   * The header of a file.
   *
   * @param path one that {@link #fits}
   * @param size bytes
   */
  static byte[] header(String path, int size) {
    byte[] header = new byte[BLOCK];
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    int slash = split(bytes);
    System.arraycopy(bytes, slash + 1, header, 0, bytes.length - slash - 1);
    System.arraycopy(bytes, 0, header, PREFIX_AT, Math.max(slash, 0));
    text(header, 100, "0000644\0" + "0000000\0" + "0000000\0");
    text(header, SIZE_AT, octal(size, SIZE_DIGITS) + "\0" + "00000000000\0");
    text(header, CHECKSUM_AT, " ".repeat(CHECKSUM_BYTES));
    text(header, TYPE_AT, "0");
    text(header, 257, "ustar\0" + "00");
    text(header, 329, "0000000\0" + "0000000\0");
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xFF;
    }
    text(header, CHECKSUM_AT, octal(sum, 6) + "\0 ");
    return header;
  }

  private static void text(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  private static String octal(int number, int digits) {
    String octal = Integer.toOctalString(number);
    return "0".repeat(digits - octal.length()) + octal;
  }

  /** The size that a header states; empty where it is none that heal writes. */
  static OptionalInt size(byte[] header) {
    long size = 0;
    for (int i = SIZE_AT; i < SIZE_AT + SIZE_DIGITS; i++) {
      if (header[i] < '0' || header[i] > '7') {
        return OptionalInt.empty();
      }
      size = size * 8 + (header[i] - '0');
    }
    return size <= Integer.MAX_VALUE ? OptionalInt.of((int) size) : OptionalInt.empty();
  }

  /** Whether it is a plain file rather than a link, a folder or a device; for a message. */
  static boolean isPlain(byte[] header) {
    return header[TYPE_AT] == '0';
  }

  /** The path that a header states, whatever it is; for a message. */
  static String path(byte[] header) {
    String prefix = name(header, PREFIX_AT, PREFIX_BYTES);
    String name = name(header, 0, NAME_BYTES);
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  private static String name(byte[] header, int at, int length) {
    int end = at;
    while (end < at + length && header[end] != 0) {
      end++;
    }
    return new String(Arrays.copyOfRange(header, at, end), StandardCharsets.UTF_8);
  }

  /** How many bytes a file takes behind its header. */
  static int padded(int size) {
    return (size + BLOCK - 1) / BLOCK * BLOCK;
  }
}
