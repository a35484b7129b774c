package dev.heal.engine.cli.control;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code heal clear}. */
@Command(
    name = "clear",
    description =
        "Ends a raised fault that nothing else ends: one that an event raised, or whose sensor is"
            + " gone. A level that still holds is not ended by words.")
public final class ClearOptions extends ReasonedOptions {
  @Parameters(index = "0", paramLabel = "FAULT", description = "As `heal status` shows it.")
  private String fault = "";

  @Parameters(index = "1", paramLabel = "ENTITY", description = "Such as gpu:n1/0.")
  private String entity = "";

  @Override
  List<String> command() {
    return List.of("clear", fault, entity);
  }

  @Override
  public Optional<String> mistake() {
    return FaultWords.mistake(entity);
  }
}
