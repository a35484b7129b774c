package dev.heal.engine.actuate.reach;

import dev.heal.engine.schedule.Outcome;
import dev.heal.engine.source.container.ContainerEngine;
import dev.heal.engine.source.container.ContainerState;
import dev.heal.engine.source.socket.HttpSocket;
import dev.heal.engine.source.socket.NobodyListensException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The Docker-compatible API behind a unix socket: Docker's, or podman's. */
public final class ContainerSocket {
  private static final int NOT_MODIFIED = 304;

  /** An order is interrupted long before. */
  private static final Duration LONGEST = Duration.ofHours(1);

  /** Seconds between the polite and the last signal. */
  private static final int GRACE = 10;

  private final HttpSocket socket;

  public ContainerSocket(Path socket) {
    this.socket = new HttpSocket(socket);
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
    return ContainerState.read(answer.body())
        .map(s -> new Seen(outcome, s.id(), s.running() || s.restarting(), s.pid()))
        .orElseGet(
            () ->
                new Seen(
                    new Outcome(
                        Outcome.Kind.UNKNOWN, "the answer of the container engine is no JSON"),
                    "",
                    false,
                    0));
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

  private Answer ask(String method, String name, String rest, String what)
      throws InterruptedException {
    try {
      dev.heal.engine.source.socket.Answer answer =
          socket.ask(method, ContainerEngine.target(name, rest), LONGEST);
      return new Answer(Optional.empty(), what, answer.status(), answer.body());
    } catch (NobodyListensException nobody) {
      return none(
          Outcome.Kind.FAILED,
          "no container engine listens at `%s`: %s".formatted(socket.path(), nobody.getMessage()));
    } catch (IOException lost) {
      return none(Outcome.Kind.UNKNOWN, "%s: no answer: %s".formatted(what, lost.getMessage()));
    }
  }

  private static Answer none(Outcome.Kind kind, String why) {
    return new Answer(Optional.of(new Outcome(kind, why)), "", 0, "");
  }
}
