package dev.heal.engine.cli.control.wire;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Lines over a socket: none longer than is allowed, and nobody waited for longer than that. */
final class LineChannel implements AutoCloseable {
  private static final int BUFFER_BYTES = 16 << 10;

  private final SocketChannel channel;
  private final Selector selector;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

  /** The other side is too slow. */
  static final class TooSlow extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** The other side says too much. */
  static final class TooLong extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** Takes over a connected channel. */
  LineChannel(SocketChannel channel) throws IOException {
    this.channel = channel;
    channel.configureBlocking(false);
    this.selector = Selector.open();
    channel.register(selector, SelectionKey.OP_READ);
  }

  /**
   * The next line, without its line feed.
   *
   * @throws TooLong behind so many bytes
   * @throws TooSlow where it has not come by then
   * @throws EOFException where the other side ends before
   */
  byte[] readLine(int mostBytes, Duration atMost) throws IOException {
    long deadline = System.nanoTime() + atMost.toNanos();
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      buffer.clear();
      int count = channel.read(buffer);
      if (count < 0) {
        throw new EOFException("the other side ended");
      }
      for (int i = 0; i < count; i++) {
        byte next = buffer.get(i);
        if (line.size() > mostBytes) {
          throw new TooLong();
        }
        if (next == '\n') {
          return line.toByteArray(); // one line is all that is said
        }
        line.write(next);
      }
      if (count == 0) {
        await(SelectionKey.OP_READ, deadline);
      }
    }
  }

  /** Writes a line, with its line feed. */
  void writeLine(String line, Duration atMost) throws IOException {
    long deadline = System.nanoTime() + atMost.toNanos();
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      if (channel.write(bytes) == 0) {
        await(SelectionKey.OP_WRITE, deadline);
      }
    }
  }

  private void await(int what, long deadline) throws IOException {
    channel.keyFor(selector).interestOps(what);
    long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    if (left <= 0 || (selector.select(left) == 0 && System.nanoTime() - deadline >= 0)) {
      throw new TooSlow();
    }
    selector.selectedKeys().clear();
    if (Thread.currentThread().isInterrupted()) {
      throw new TooSlow();
    }
  }

  @Override
  public void close() throws IOException {
    try (selector) {
      channel.close();
    }
  }
}
