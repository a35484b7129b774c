package dev.heal.engine.cli.control;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** A command that changes something; it may say why. */
abstract class ReasonedOptions extends EngineOptions {
  @Option(
      names = "--because",
      paramLabel = "TEXT",
      description = "Why: shown by `heal status` and kept in the journal.")
  private Optional<String> because = Optional.empty();

  /** What loads policies may take its time. */
  static final Duration LONGEST = Duration.ofMinutes(11);

  /** The command without its reason. */
  abstract List<String> command();

  @Override
  final List<String> words() {
    List<String> words = new ArrayList<>(command());
    because.ifPresent(text -> words.add("because=" + text));
    return words;
  }
}
