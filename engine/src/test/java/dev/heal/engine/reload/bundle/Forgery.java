package dev.heal.engine.reload.bundle;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Archives as somebody else's tar, or an enemy, would write them. */
final class Forgery {
  private final ByteArrayOutputStream archive = new ByteArrayOutputStream();

  /** Begins with a manifest and its signatures as they are. */
  static Forgery of(Bundle signed) {
    return new Forgery()
        .file(Manifest.FILE_NAME, signed.manifest().bytes())
        .file(Signatures.FILE_NAME, signed.signatures().bytes());
  }

  Forgery file(String path, byte[] bytes) {
    return entry(path, '0', "", bytes);
  }

  /** An entry of any type; the header is right in itself. */
  Forgery entry(String path, char type, String link, byte[] bytes) {
    byte[] header = new byte[512];
    text(header, 0, path);
    text(header, 100, "0000644\0" + "0000000\0" + "0000000\0");
    text(header, 124, "%011o\0".formatted(bytes.length) + "00000000000\0");
    text(header, 148, "        ");
    header[156] = (byte) type;
    text(header, 157, link);
    text(header, 257, "ustar\0" + "00");
    text(header, 329, "0000000\0" + "0000000\0");
    return raw(summed(header)).raw(bytes).raw(new byte[(512 - bytes.length % 512) % 512]);
  }

  static byte[] summed(byte[] header) {
    text(header, 148, "        ");
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xFF;
    }
    text(header, 148, "%06o\0 ".formatted(sum));
    return header;
  }

  Forgery raw(byte[] bytes) {
    archive.writeBytes(bytes);
    return this;
  }

  byte[] end() {
    return raw(new byte[1024]).bytes();
  }

  byte[] bytes() {
    return archive.toByteArray();
  }

  private static void text(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }
}
