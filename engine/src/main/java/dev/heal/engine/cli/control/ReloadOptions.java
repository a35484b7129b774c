package dev.heal.engine.cli.control;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code heal reload}. */
@Command(
    name = "reload",
    description =
        "Has a running engine load its policies anew. Only a whole set without errors, whose tests"
            + " pass, comes into force; whatever fails, what was in force stays.")
public final class ReloadOptions extends ReasonedOptions {
  /** So often a policy that only observes may want to act, where nobody says. */
  public static final int USUAL_MOST = 3;

  @Option(
      names = "--wait",
      description =
          "Wait until they are in force, or refused: then the exit code is 7, and the errors are"
              + " shown.")
  private boolean wait;

  @Option(
      names = "--dry-run",
      description = "All but the last step: tells whether they would come into force.")
  private boolean dryRun;

  @Option(
      names = "--observe-changed",
      paramLabel = "TIME",
      description =
          "Policies that are new or changed only observe for 1h, for example; then they do what"
              + " they say, unless they would have acted too often.")
  private Optional<String> observe = Optional.empty();

  @Option(
      names = "--most",
      paramLabel = "N",
      description = "With --observe-changed: how often is not too often (default: 3).")
  private Optional<Integer> most = Optional.empty();

  @Override
  Optional<Duration> patience() {
    return Optional.of(LONGEST);
  }

  @Override
  List<String> command() {
    List<String> words = new ArrayList<>(List.of("reload"));
    if (wait) {
      words.add("wait=yes");
    }
    if (dryRun) {
      words.add("dry=yes");
    }
    observe.ifPresent(time -> words.add("observe=" + time));
    most.ifPresent(number -> words.add("most=" + number));
    return words;
  }

  @Override
  public Optional<String> mistake() {
    if (most.isPresent() && observe.isEmpty()) {
      return Optional.of("--most is of --observe-changed");
    }
    return most.filter(number -> number < 0).map(number -> "--most is 0 or more");
  }
}
