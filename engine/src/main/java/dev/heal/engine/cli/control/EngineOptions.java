package dev.heal.engine.cli.control;

import dev.heal.engine.cli.control.wire.ControlClient;
import dev.heal.engine.cli.control.wire.ControlException;
import dev.heal.engine.cli.control.wire.Reply;
import dev.heal.engine.cli.control.wire.Request;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What every command to a running engine takes. */
public abstract class EngineOptions {
  @Option(
      names = "--state",
      required = true,
      paramLabel = "DIR",
      description = "The folder that `heal run` was given.")
  private Path state = Path.of("");

  @Option(names = "--json", description = "One JSON object.")
  private boolean json;

  EngineOptions() {}

  /** The command, for the engine. */
  abstract List<String> words();

  /** What is wrong with the options, whatever engine there is. */
  public Optional<String> mistake() {
    return Optional.empty();
  }

  /** Whether the body of the answer is what is shown. */
  public boolean asks() {
    return false;
  }

  /** Whether the answer is for a program. */
  public boolean isJson() {
    return json;
  }

  /** How long the engine may take for it; empty: no longer than usual. */
  Optional<Duration> patience() {
    return Optional.empty();
  }

  /** Also what is usual. */
  boolean all() {
    return false;
  }

  /**
   * Says it, and waits for the answer.
   *
   * @param colour whether the answer may have escape sequences
   * @param claimed for whom a root user acts; empty: for itself
   */
  public Reply send(boolean colour, String claimed) throws ControlException {
    Request.Form form = new Request.Form(json, all(), colour && !json);
    Request request = new Request(words(), form, claimed);
    return patience().isPresent()
        ? ControlClient.ask(state, request, patience().get())
        : ControlClient.ask(state, request);
  }
}
