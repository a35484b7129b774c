package dev.heal.engine.source.container;

import dev.heal.engine.source.socket.Answer;
import dev.heal.engine.source.socket.HttpSocket;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** What can be asked of the engine about one container. */
public record ContainerEngine(HttpSocket socket) {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int OK = 200;
  private static final int NO_SUCH = 404;
  private static final int SHOWN = 200;

  /** The target of a request: {@code /containers/llm/json}. */
  public static String target(String name, String rest) {
    return "/containers/" + URLEncoder.encode(name, StandardCharsets.UTF_8) + rest;
  }

  /**
   * How it is; empty where there is no such container.
   *
   * @throws UnclearException where the engine answers, and does not say
   * @throws IOException where it does not answer
   */
  public Optional<ContainerState> look(String name) throws IOException, InterruptedException {
    Answer answer = socket.ask("GET", target(name, "/json"), PATIENCE);
    if (answer.status() == NO_SUCH) {
      return Optional.empty();
    }
    if (answer.status() != OK) {
      String said = answer.body().strip().replaceAll("\\s+", " ");
      throw new UnclearException(
          "the engine answers %d: %s"
              .formatted(answer.status(), said.substring(0, Math.min(SHOWN, said.length()))));
    }
    Optional<ContainerState> state = ContainerState.read(answer.body());
    if (state.isEmpty()) {
      throw new UnclearException("what the engine says of it cannot be read");
    }
    return state;
  }

  /** The engine answers, and does not say how a container is. */
  public static final class UnclearException extends IOException {
    private static final long serialVersionUID = 1;

    UnclearException(String why) {
      super(why);
    }
  }
}
