package dev.heal.engine.source.socket;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An answer, as it comes. For one thread. */
public final class HttpStream implements AutoCloseable {
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})(?: .*)?");
  private static final int PIECE = 64 * 1024;
  private static final int MOST_HEAD = 64 * 1024;
  private static final int MOST_SAID = 4096;
  private static final int OK = 200;

  private final SocketChannel channel;
  private final Selector selector;
  private final ByteBuffer piece = ByteBuffer.allocate(PIECE).flip();
  private final ByteArrayOutputStream head = new ByteArrayOutputStream();
  private int headEnd; // of its four last bytes, how many have come
  private int status;

  HttpStream(SocketChannel channel) throws IOException {
    this.channel = channel;
    this.selector = Selector.open();
    channel.configureBlocking(false);
    SelectionKey unused = channel.register(selector, SelectionKey.OP_READ);
  }

  /** 0 until it has come. */
  int status() {
    return status;
  }

  /**
   * Waits for more.
   *
   * @param patience zero: what is there already
   * @return how many bytes came; 0 where none did in time, -1 where no more will come
   * @throws RefusedException where the status is not 200
   */
  public int read(byte[] into, Duration patience) throws IOException, InterruptedException {
    int count = more(into, patience);
    if (status != 0 && status != OK) {
      throw new RefusedException(status, rest(into, count, patience));
    }
    return count;
  }

  private String rest(byte[] first, int count, Duration patience)
      throws IOException, InterruptedException {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    for (int more = count; more > 0 && said.size() < MOST_SAID; more = more(first, patience)) {
      said.write(first, 0, more);
    }
    return said.toString(StandardCharsets.UTF_8).strip().replaceAll("\\s+", " ");
  }

  /** The same, whatever the status. */
  int more(byte[] into, Duration patience) throws IOException, InterruptedException {
    while (true) {
      if (status == 0) {
        takeHead();
      }
      if (status != 0 && piece.hasRemaining()) {
        int count = Math.min(into.length, piece.remaining());
        piece.get(into, 0, count);
        return count;
      }
      int count = receive(patience);
      if (count < 0 && status == 0) {
        throw new IOException(
            head.size() == 0 ? "it hung up without an answer" : "the answer is no HTTP");
      }
      if (count <= 0) {
        return count;
      }
    }
  }

  private int receive(Duration patience) throws IOException, InterruptedException {
    try {
      piece.clear();
      int count = channel.read(piece);
      if (count == 0 && !patience.isZero()) {
        int unused = selector.select(Math.max(1, patience.toMillis()));
        selector.selectedKeys().clear();
        if (Thread.interrupted()) {
          throw new InterruptedException("while an answer was read");
        }
        count = channel.read(piece);
      }
      return count;
    } catch (ClosedByInterruptException stop) {
      throw HttpSocket.interrupted(stop);
    } finally {
      piece.flip();
    }
  }

  /** Takes bytes up to the empty line. */
  private void takeHead() throws IOException {
    while (piece.hasRemaining() && headEnd < 4) {
      byte next = piece.get();
      head.write(next);
      boolean fits = next == (headEnd % 2 == 0 ? '\r' : '\n');
      headEnd = fits ? headEnd + 1 : next == '\r' ? 1 : 0;
    }
    if (headEnd == 4) {
      status = status(head.toString(StandardCharsets.ISO_8859_1));
    } else if (head.size() > MOST_HEAD) {
      throw new IOException("the answer is no HTTP");
    }
  }

  private static int status(String head) throws IOException {
    Matcher first = STATUS.matcher(head.substring(0, head.indexOf('\r')));
    if (!first.matches()) {
      throw new IOException("the answer is no HTTP");
    }
    if (head.toLowerCase(Locale.ROOT).contains("\r\ntransfer-encoding:")) {
      throw new IOException("the answer is in chunks, which was not asked for");
    }
    return Integer.parseInt(first.group(1));
  }

  @Override
  public void close() throws IOException {
    selector.close();
    channel.close();
  }
}
