package dev.heal.engine.cli.control;

import dev.heal.engine.cli.bundle.RollbackRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heal rollback}. */
@Command(
    name = "rollback",
    description =
        "Puts policies in force again that were in force before: `heal generations` lists them."
            + " Where none that is kept can be used, a peer and the configuration centre are asked."
            + " What is rolled back does not come back by itself.")
public final class RollbackOptions extends ReasonedOptions {
  @Parameters(
      arity = "0..1",
      paramLabel = "GENERATION",
      description = "Which (default: the one before the one in force).")
  private Optional<String> generation = Optional.empty();

  @Option(
      names = "--cancel",
      description = "The running repairs of the generation that is left stop at their next step.")
  private boolean cancel;

  @Override
  Optional<Duration> patience() {
    return Optional.of(LONGEST);
  }

  @Override
  List<String> command() {
    OptionalLong number = generation.map(RollbackRequest::number).orElse(OptionalLong.empty());
    return new RollbackRequest(number, cancel).words();
  }

  @Override
  public Optional<String> mistake() {
    return generation
        .filter(typed -> RollbackRequest.number(typed).isEmpty())
        .map(typed -> "`" + typed + "` is no number of a generation");
  }
}
