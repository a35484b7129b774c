package dev.heal.engine.actuate.reach;

import java.nio.charset.StandardCharsets;

/** What the other side said, fit for one line of a record. */
final class Said {
  /** Of a command the last, of an answer the first so many bytes are kept. */
  static final int MOST = 4096;

  private Said() {}

  /** Lines are joined by {@code " / "}; other control characters are blanks. */
  static String line(byte[] bytes, int length) {
    return new String(bytes, 0, length, StandardCharsets.UTF_8)
        .strip()
        .replaceAll("\\s*[\\r\\n]+\\s*", " / ")
        .replaceAll("\\p{Cntrl}", " ");
  }

  /** {@code ": text"}, or nothing. */
  static String behindColon(String text) {
    return text.isEmpty() ? "" : ": " + text;
  }
}
