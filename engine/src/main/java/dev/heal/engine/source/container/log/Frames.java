package dev.heal.engine.source.container.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * Takes apart the streams that an engine sends through one connection: the number of the stream,
 * three zeroes, the length in four bytes, and so many bytes.
 */
final class Frames {
  private static final int HEAD = 8;
  private static final int MOST = 16 * 1024 * 1024;

  /** Takes a whole frame. */
  interface Sink {
    void frame(Channel channel, byte[] bytes);
  }

  private final byte[] head = new byte[HEAD];
  private int headBytes;
  private int left;
  private ByteArrayOutputStream body = new ByteArrayOutputStream();

  void feed(byte[] bytes, int count, Sink sink) throws IOException {
    int from = 0;
    while (from < count) {
      if (headBytes < HEAD) {
        head[headBytes++] = bytes[from++];
        if (headBytes == HEAD) {
          left = length();
          body = new ByteArrayOutputStream(left);
        }
      } else {
        int taken = Math.min(left, count - from);
        body.write(bytes, from, taken);
        from += taken;
        left -= taken;
      }
      if (headBytes == HEAD && left == 0) {
        sink.frame(head[0] == 2 ? Channel.STDERR : Channel.STDOUT, body.toByteArray());
        headBytes = 0;
      }
    }
  }

  private int length() throws IOException {
    int length = java.nio.ByteBuffer.wrap(head).getInt(4);
    if (head[0] < 0 || head[0] > 2 || length < 0 || length > MOST) {
      throw new IOException(
          "what the engine sends is no log: it begins with %s".formatted(Arrays.toString(head)));
    }
    return length;
  }
}
