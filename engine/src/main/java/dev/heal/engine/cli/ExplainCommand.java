package dev.heal.engine.cli;

import dev.heal.engine.cli.history.HistoryJson;
import dev.heal.engine.cli.history.HistoryText;
import dev.heal.engine.cli.history.IncidentStory;
import dev.heal.engine.journal.Incident;
import dev.heal.engine.journal.JournalException;
import dev.heal.engine.journal.store.JournalReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heal explain}: an incident from its fault to its end, and what did not happen. */
@Command(
    name = "explain",
    description =
        "Shows why an incident was raised, what was decided and done, and what was not, and why.")
final class ExplainCommand implements Subcommand {
  private static final Pattern NUMBER = Pattern.compile("#?([1-9]\\d{0,17})");

  @Parameters(paramLabel = "INCIDENT", description = "Its number, as `heal history` shows it.")
  private String incident = "";

  @Option(
      names = "--state",
      required = true,
      paramLabel = "DIR",
      description = "The folder that `heal run` was given.")
  private Path state = Path.of("");

  @Option(names = "--json", description = "One JSON object.")
  private boolean json;

  @Override
  public ExitCode run(Console console) throws IOException {
    Matcher number = NUMBER.matcher(incident);
    if (!number.matches()) {
      throw new UsageException("`%s` is no number of an incident, such as 12".formatted(incident));
    }
    IncidentStory story = story(Long.parseLong(number.group(1)));
    if (json) {
      new HistoryJson(console.out()).write(story);
    } else {
      console.out().print(HistoryText.explain(story));
    }
    return ExitCode.FINE;
  }

  private IncidentStory story(long number) throws IOException {
    try (JournalReader reader = JournalReader.open(state)) {
      Optional<Incident> found = reader.incident(number);
      if (found.isEmpty()) {
        throw new InputException(
            "there is no incident #%d in `%s`".formatted(number, state),
            "`heal history --state %s` lists what there is; old ones are forgotten"
                .formatted(state));
      }
      return new IncidentStory(found.get(), reader.entries(number), reader.orders(number));
    } catch (JournalException unreadable) {
      throw new InputException(unreadable.text(), unreadable.help());
    }
  }
}
