package dev.heal.engine.cli;

import dev.heal.engine.cli.history.HistoryJson;
import dev.heal.engine.cli.history.HistoryText;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.journal.Incident;
import dev.heal.engine.journal.IncidentFilter;
import dev.heal.engine.journal.JournalException;
import dev.heal.engine.journal.store.JournalReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code heal history}: the incidents of the journal. */
@Command(
    name = "history",
    description = "Shows the incidents of an engine, also while it runs: the newest come last.")
final class HistoryCommand implements Subcommand {
  private static final int USUAL_LIMIT = 50;

  @Option(
      names = "--state",
      required = true,
      paramLabel = "DIR",
      description = "The folder that `heal run` was given.")
  private Path state = Path.of("");

  @Option(names = "--fault", paramLabel = "NAME", description = "Only of this fault.")
  private Optional<String> fault = Optional.empty();

  @Option(
      names = "--entity",
      paramLabel = "KIND:NAME",
      description = "Only on this entity, such as gpu:n1/0.")
  private Optional<String> entity = Optional.empty();

  @Mixin private SinceOption since = new SinceOption();

  @Option(names = "--open", description = "Only those whose fault still stands.")
  private boolean open;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "The newest N of them (default: ${DEFAULT-VALUE}).")
  private int limit = USUAL_LIMIT;

  @Option(names = "--json", description = "One JSON object a line.")
  private boolean json;

  @Override
  public ExitCode run(Console console) throws IOException {
    long now = SinceOption.now();
    List<Incident> incidents = incidents(filter(now));
    if (json) {
      HistoryJson objects = new HistoryJson(console.out());
      for (Incident incident : incidents) {
        objects.write(incident);
      }
    } else if (incidents.isEmpty()) {
      console.err().println("no incident, or none that matches");
    } else {
      console.out().print(HistoryText.heading());
      incidents.forEach(incident -> console.out().print(HistoryText.line(incident, now)));
    }
    return ExitCode.FINE;
  }

  private List<Incident> incidents(IncidentFilter filter) throws IOException {
    try (JournalReader reader = JournalReader.open(state)) {
      return reader.incidents(filter);
    } catch (JournalException unreadable) {
      throw new InputException(unreadable.text(), unreadable.help());
    }
  }

  private IncidentFilter filter(long now) {
    if (limit < 1) {
      throw new UsageException("--limit is a number from 1 on");
    }
    Optional<EntityId> on = entity.flatMap(EntityId::parse);
    if (entity.isPresent() && on.isEmpty()) {
      throw new UsageException(
          "`%s` is no entity, such as gpu:n1/0 or service:n1/llm".formatted(entity.get()));
    }
    return new IncidentFilter(fault, on, since.from(now), open, limit);
  }
}
