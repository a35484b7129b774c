package dev.heal.engine.cli.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code heal breaker}. */
@Command(
    name = "breaker",
    description =
        "Closes the breakers that have stopped all acting, or one of them: what they held back"
            + " begins one by one.")
public final class BreakerOptions extends ReasonedOptions {
  @Parameters(index = "0", paramLabel = "reset", description = "The one thing there is to do.")
  private String action = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "Only this one.")
  private Optional<String> name = Optional.empty();

  @Override
  List<String> command() {
    List<String> words = new ArrayList<>(List.of("breaker", action));
    name.ifPresent(words::add);
    return words;
  }

  @Override
  public Optional<String> mistake() {
    return action.equals("reset")
        ? Optional.empty()
        : Optional.of("of breakers there is `heal breaker reset`, and no `%s`".formatted(action));
  }
}
