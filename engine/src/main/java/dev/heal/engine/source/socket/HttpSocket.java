package dev.heal.engine.source.socket;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Speaks HTTP to whoever listens at a unix socket: the door of this package. Each request has a
 * connection of its own, and says HTTP/1.0, so that the end of an answer is the end of the
 * connection.
 */
public final class HttpSocket {
  private static final int MOST_ANSWER = 4 * 1024 * 1024;
  private static final int PIECE = 16 * 1024;

  private final Path path;

  public HttpSocket(Path path) {
    this.path = path;
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /**
   * Asks, and waits for the whole answer.
   *
   * @param target what stands behind the method, ready to be sent
   * @param patience the longest time in which nothing comes
   * @throws NobodyListensException where nothing was asked
   * @throws IOException where nobody knows what became of it
   * @throws InterruptedException where the thread is to end
   */
  public Answer ask(String method, String target, Duration patience)
      throws IOException, InterruptedException {
    try (HttpStream stream = open(method, target)) {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      byte[] piece = new byte[PIECE];
      for (int count = stream.more(piece, patience);
          count >= 0;
          count = stream.more(piece, patience)) {
        if (count == 0) {
          throw new IOException("nothing came in %d s".formatted(patience.toSeconds()));
        }
        body.write(piece, 0, count);
        if (body.size() > MOST_ANSWER) {
          throw new IOException("the answer is longer than 4 MiB");
        }
      }
      return new Answer(stream.status(), body.toString(StandardCharsets.UTF_8));
    }
  }

  /**
   * Asks for an answer that comes piece by piece. Nothing of it is waited for yet: some engines say
   * nothing at all before there is something to tell.
   *
   * @throws NobodyListensException where nothing was asked
   */
  public HttpStream get(String target) throws IOException, InterruptedException {
    return open("GET", target);
  }

  private HttpStream open(String method, String target) throws IOException, InterruptedException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      connect(channel);
      write(channel, "%s %s HTTP/1.0\r\nHost: heal\r\nContent-Length: 0\r\n\r\n", method, target);
      return new HttpStream(channel);
    } catch (ClosedByInterruptException stop) {
      throw interrupted(stop);
    } catch (IOException failed) {
      channel.close();
      throw failed;
    }
  }

  private void connect(SocketChannel channel) throws IOException {
    try {
      channel.connect(UnixDomainSocketAddress.of(path));
    } catch (ClosedByInterruptException stop) {
      throw stop;
    } catch (IOException nobody) {
      throw new NobodyListensException(nobody);
    }
  }

  private static void write(SocketChannel channel, String form, String method, String target)
      throws IOException {
    ByteBuffer bytes =
        ByteBuffer.wrap(form.formatted(method, target).getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** The channel is closed, and the thread is told in Java's usual way. */
  static InterruptedException interrupted(IOException stop) {
    boolean unused = Thread.interrupted();
    InterruptedException interrupted = new InterruptedException("while something was asked");
    interrupted.initCause(stop);
    return interrupted;
  }
}
