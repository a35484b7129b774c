package dev.heal.engine.cli.control;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heal tune}. */
@Command(
    name = "tune",
    description =
        "Sets a number that the policies declare with `tune`, within its range, without touching a"
            + " file. It counts until its time is over, or somebody resets it, over a restart too.")
public final class TuneOptions extends ReasonedOptions {
  @Parameters(index = "0", paramLabel = "NAME", description = "Which.")
  private String name = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "VALUE",
      description = "As a file would spell it: 90C, 5m, 3.")
  private Optional<String> value = Optional.empty();

  @Option(
      names = "--for",
      paramLabel = "TIME",
      description = "It ends by itself after 2h, for example.")
  private Optional<String> length = Optional.empty();

  @Option(names = "--reset", description = "What the file says counts again.")
  private boolean reset;

  @Override
  Optional<Duration> patience() {
    return Optional.of(LONGEST);
  }

  @Override
  List<String> command() {
    List<String> words = new ArrayList<>(List.of("tune", name));
    value.ifPresent(number -> words.add("value=" + number));
    length.ifPresent(time -> words.add("for=" + time));
    return words;
  }

  @Override
  public Optional<String> mistake() {
    if (reset == value.isPresent()) {
      return Optional.of("`heal tune` takes a VALUE or --reset");
    }
    return reset && length.isPresent() ? Optional.of("--for is of a VALUE") : Optional.empty();
  }
}
