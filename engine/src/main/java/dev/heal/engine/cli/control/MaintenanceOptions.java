package dev.heal.engine.cli.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heal maintenance}. */
@Command(
    name = "maintenance",
    description =
        "Holds repairs while somebody works on the machines, over a restart too. One that the site"
            + " declares keeps its own terms; any other holds everything, or what --on names.")
public final class MaintenanceOptions extends ReasonedOptions {
  private static final String USUAL_NAME = "manual";

  @Parameters(index = "0", paramLabel = "start|stop", description = "Begins or ends one.")
  private String action = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "NAME",
      description =
          "Which (to start: default `manual`; to stop: the one that is on, where it is one).")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--for",
      paramLabel = "TIME",
      description = "It ends by itself after 4h, for example. Without it, when you say so.")
  private Optional<String> length = Optional.empty();

  @Option(
      names = "--on",
      paramLabel = "ENTITY",
      description = "Only what touches this, such as node:n1, or what is inside it. Repeatable.")
  private List<String> on = new ArrayList<>();

  @Option(
      names = "--allow",
      split = ",",
      paramLabel = "VERB",
      description = "Verbs that go on, such as throttle,degrade.")
  private List<String> allowed = new ArrayList<>();

  private boolean starts() {
    return action.equals("start");
  }

  @Override
  List<String> command() {
    List<String> words = new ArrayList<>(List.of("maintenance", action));
    name.or(() -> starts() ? Optional.of(USUAL_NAME) : Optional.empty()).ifPresent(words::add);
    on.forEach(entity -> words.add("on=" + entity));
    allowed.forEach(verb -> words.add("allow=" + verb));
    length.ifPresent(time -> words.add("for=" + time));
    return words;
  }

  @Override
  public Optional<String> mistake() {
    if (!starts() && !action.equals("stop")) {
      return Optional.of(
          "there are `heal maintenance start` and `stop`, and no `%s`".formatted(action));
    }
    if (!starts() && !(on.isEmpty() && allowed.isEmpty() && length.isEmpty())) {
      return Optional.of("--on, --allow and --for are of `heal maintenance start`");
    }
    return on.stream().flatMap(entity -> FaultWords.mistake(entity).stream()).findFirst();
  }
}
