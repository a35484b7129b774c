package dev.heal.engine.cli.control;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Parameters;

/** A command about a repair that waits. */
abstract class RepairOptions extends ReasonedOptions {
  private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,17}");

  private final String verb;

  @Parameters(paramLabel = "REPAIR", description = "Its number, as `heal status` shows it.")
  private String number = "";

  RepairOptions(String verb) {
    this.verb = verb;
  }

  @Override
  List<String> command() {
    return List.of(verb, number);
  }

  @Override
  public Optional<String> mistake() {
    return NUMBER.matcher(number).matches()
        ? Optional.empty()
        : Optional.of("`%s` is no number of a repair, such as 12".formatted(number));
  }
}
