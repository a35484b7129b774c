package dev.heal.engine.source.follow;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** The first bytes of a file, as far as they were seen. */
final class Head {
  static final int LONGEST = 1024;

  private final byte[] bytes = new byte[LONGEST];
  private int length;

  /** Reads them. */
  static Head of(FileChannel channel, long atMost) throws IOException {
    Head head = new Head();
    head.length = read(channel, head.bytes, (int) Math.min(atMost, LONGEST));
    return head;
  }

  /** What was read from the file at an offset. */
  void see(byte[] read, int count, long offset) {
    if (offset == length && length < LONGEST) {
      int taken = Math.min(count, LONGEST - length);
      System.arraycopy(read, 0, bytes, length, taken);
      length += taken;
    }
  }

  int length(long atMost) {
    return (int) Math.min(length, atMost);
  }

  long hash(int count) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, count);
    return crc.getValue();
  }

  /** Whether the file still begins so. */
  boolean isStillOf(FileChannel channel) throws IOException {
    byte[] now = new byte[length];
    return read(channel, now, length) == length && Arrays.equals(now, 0, length, bytes, 0, length);
  }

  private static int read(FileChannel channel, byte[] target, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(target, 0, count);
    int got = 0;
    while (buffer.hasRemaining() && got >= 0) {
      got = channel.read(buffer, buffer.position());
    }
    return buffer.position();
  }
}
