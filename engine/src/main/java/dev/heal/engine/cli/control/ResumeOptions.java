package dev.heal.engine.cli.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code heal resume}. */
@Command(
    name = "resume",
    description =
        "Switches auto-repair on again. With a fault and an entity: has a fault taken up again that"
            + " was given up or called off.")
public final class ResumeOptions extends ReasonedOptions {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "FAULT",
      description = "As `heal status` shows it.")
  private Optional<String> fault = Optional.empty();

  @Parameters(index = "1", arity = "0..1", paramLabel = "ENTITY", description = "Such as gpu:n1/0.")
  private Optional<String> entity = Optional.empty();

  @Override
  List<String> command() {
    List<String> words = new ArrayList<>(List.of("resume"));
    fault.ifPresent(words::add);
    entity.ifPresent(words::add);
    return words;
  }

  @Override
  public Optional<String> mistake() {
    return fault.isPresent() && entity.isEmpty()
        ? Optional.of("a fault is resumed on an entity: `heal resume FAULT ENTITY`")
        : entity.flatMap(FaultWords::mistake);
  }
}
