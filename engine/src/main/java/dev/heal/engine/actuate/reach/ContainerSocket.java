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
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Docker-compatible API behind a unix socket: Docker's, or podman's. */
public final class ContainerSocket {
  private static final Pattern STATUS = Pattern.compile("(?s)HTTP/1\\.[01] (\\d{3})[^\\n]*\\n.*");
  private static final int NOT_MODIFIED = 304;
  private static final int MOST_ANSWER = 1024 * 1024;

  /** Seconds between the polite and the last signal. */
  private static final int GRACE = 10;

  private final Path socket;

  public ContainerSocket(Path socket) {
    this.socket = socket;
  }

  /** Stops the container; done also where it does not run. */
  public Outcome stop(String name) throws InterruptedException {
    Answer answer = ask("POST", name, "/stop?t=" + GRACE, "stop of container " + name);
    return answer.outcome("container `%s` stopped".formatted(name));
  }

  /** Starts it; done also where it runs. */
  public Outcome start(String name) throws InterruptedException {
    Answer answer = ask("POST", name, "/start", "start of container " + name);
    return answer.outcome("container `%s` started".formatted(name));
  }

  /**
   * What the engine says of a container.
   *
   * @param outcome DONE, or why it says nothing
   * @param id 64 hexadecimal digits
   * @param pid of its main process; 0 where it does not run
   */
  public record Seen(Outcome outcome, String id, boolean running, long pid) {}

  /** Looks at a container. */
  public Seen look(String name) throws InterruptedException {
    Answer answer = ask("GET", name, "/json", "look at container " + name);
    Outcome outcome = answer.outcome("");
    if (outcome.kind() != Outcome.Kind.DONE) {
      return new Seen(outcome, "", false, 0);
    }
    return ContainerJson.seen(answer.body());
  }

  /**
   * An answer, or the lack of one.
   *
   * @param failure where there is no answer
   */
  private record Answer(Optional<Outcome> failure, String what, int status, String body) {
    Outcome outcome(String done) {
      if (failure.isPresent()) {
        return failure.get();
      }
      if (status / 100 == 2 || status == NOT_MODIFIED) {
        return new Outcome(Outcome.Kind.DONE, done);
      }
      byte[] said = body.getBytes(StandardCharsets.UTF_8);
      return Calls.answered(what, status, Said.line(said, Math.min(said.length, Said.MOST)));
    }
  }

  private static Answer none(Outcome.Kind kind, String why) {
    return new Answer(Optional.of(new Outcome(kind, why)), "", 0, "");
  }

  private Answer ask(String method, String name, String rest, String what)
      throws InterruptedException {
    String target = "/containers/" + URLEncoder.encode(name, StandardCharsets.UTF_8) + rest;
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      try {
        channel.connect(UnixDomainSocketAddress.of(socket));
      } catch (ClosedByInterruptException stop) {
        throw stop;
      } catch (IOException nobody) {
        return none(
            Outcome.Kind.FAILED,
            "no container engine listens at `%s`: %s".formatted(socket, nobody.getMessage()));
      }
      write(
          channel, method + " " + target + " HTTP/1.0\r\nHost: heal\r\nContent-Length: 0\r\n\r\n");
      return answer(what, read(channel));
    } catch (ClosedByInterruptException stop) {
      InterruptedException interrupted = new InterruptedException("during the " + what);
      interrupted.initCause(stop);
      throw interrupted;
    } catch (IOException lost) {
      return none(Outcome.Kind.UNKNOWN, "%s: no answer: %s".formatted(what, lost.getMessage()));
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

  private static Answer answer(String what, String text) {
    Matcher status = STATUS.matcher(text);
    if (!status.matches()) {
      return none(Outcome.Kind.UNKNOWN, what + ": the answer is no HTTP");
    }
    int body = text.indexOf("\r\n\r\n");
    return new Answer(
        Optional.empty(),
        what,
        Integer.parseInt(status.group(1)),
        body < 0 ? "" : text.substring(body + 4));
  }
}
