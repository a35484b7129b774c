package dev.heal.engine.actuate.reach;

import dev.heal.engine.schedule.Outcome;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Docker-compatible API behind a unix socket: Docker's, or podman's. */
public final class ContainerSocket {
  private static final Pattern STATUS = Pattern.compile("(?s)HTTP/1\\.[01] (\\d{3})[^\\n]*\\n.*");
  private static final int MOST_ANSWER = 64 * 1024;

  /** Seconds between the polite and the last signal. */
  private static final int GRACE = 10;

  private final Path socket;

  public ContainerSocket(Path socket) {
    this.socket = socket;
  }

  /** Stops the container, starts it again, and waits until it runs. */
  public Outcome restart(String name) throws InterruptedException {
    String target =
        "/containers/%s/restart?t=%d"
            .formatted(URLEncoder.encode(name, StandardCharsets.UTF_8), GRACE);
    String what = "restart of container " + name;
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      try {
        channel.connect(UnixDomainSocketAddress.of(socket));
      } catch (ClosedByInterruptException stop) {
        throw stop;
      } catch (IOException nobody) {
        return new Outcome(
            Outcome.Kind.FAILED,
            "no container engine listens at `%s`: %s".formatted(socket, nobody.getMessage()));
      }
      write(channel, "POST " + target + " HTTP/1.0\r\nHost: heal\r\nContent-Length: 0\r\n\r\n");
      return answer(what, read(channel));
    } catch (ClosedByInterruptException stop) {
      InterruptedException interrupted = new InterruptedException("while " + what + " ran");
      interrupted.initCause(stop);
      throw interrupted;
    } catch (IOException lost) {
      return new Outcome(
          Outcome.Kind.UNKNOWN, "%s: no answer: %s".formatted(what, lost.getMessage()));
    }
  }

  private static void write(SocketChannel channel, String request) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static String read(SocketChannel channel) throws IOException {
    ByteBuffer answer = ByteBuffer.allocate(MOST_ANSWER);
    int read;
    do {
      read = channel.read(answer);
    } while (read >= 0 && answer.hasRemaining());
    return new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
  }

  private static Outcome answer(String what, String text) {
    Matcher status = STATUS.matcher(text);
    if (!status.matches()) {
      return new Outcome(Outcome.Kind.UNKNOWN, what + ": the answer is no HTTP");
    }
    int body = text.indexOf("\r\n\r\n");
    byte[] said = (body < 0 ? "" : text.substring(body + 4)).getBytes(StandardCharsets.UTF_8);
    return Calls.answered(
        what, Integer.parseInt(status.group(1)), Said.line(said, Math.min(said.length, Said.MOST)));
  }
}
