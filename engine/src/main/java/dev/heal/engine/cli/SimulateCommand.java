package dev.heal.engine.cli;

import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.text.SourceFile;
import dev.heal.engine.decide.Times;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.Topology;
import dev.heal.engine.fact.json.JsonFactReader;
import dev.heal.engine.fact.log.LogEvent;
import dev.heal.engine.fact.log.LogFacts;
import dev.heal.engine.fact.log.LogOptions;
import dev.heal.engine.fact.log.LogReader;
import dev.heal.engine.loop.Simulation;
import dev.heal.engine.record.Entry;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code heal simulate}: what the policies would have done on recorded facts. */
@Command(
    name = "simulate",
    description = "Shows what policies would have done on recorded facts and logs.")
final class SimulateCommand implements Subcommand {
  private static final Duration TAIL = Duration.ofDays(2);
  private static final int MOST_NAMED = 5;

  enum Format {
    human,
    json
  }

  @Option(
      names = "--policies",
      required = true,
      arity = "1..*",
      paramLabel = "PATH",
      description = "Files or folders of policies; checked as one whole.")
  private List<Path> policies = new ArrayList<>();

  @Option(names = "--site", paramLabel = "FILE", description = "The machines of the site.")
  private Optional<Path> site = Optional.empty();

  @Option(
      names = "--facts",
      required = true,
      arity = "1..*",
      paramLabel = "FILE",
      description =
          "JSON Lines, or a kernel or service log; - for standard input. Several are merged by time.")
  private List<String> facts = new ArrayList<>();

  @Option(names = "--format", paramLabel = "FORMAT", description = "human or json.")
  private Format format = Format.human;

  @Option(
      names = "--node",
      paramLabel = "NAME",
      description = "The host of a log that does not name it (default: ${DEFAULT-VALUE}).")
  private String node = "localhost";

  @Option(names = "--strict", description = "A line that is no fact is an error.")
  private boolean strict;

  private int malformed;

  @Override
  public ExitCode run(Console console) throws IOException {
    List<Path> named = new ArrayList<>(policies);
    site.ifPresent(named::add);
    List<SourceFile> sources = new ArrayList<>();
    List<Diagnostic> diagnostics = new ArrayList<>();
    for (PolicyFiles.FileSet set : PolicyFiles.read(named)) {
      sources.addAll(set.sources());
      diagnostics.addAll(set.unreadable());
    }
    Optional<CheckedPolicy> checked =
        new PolicyFiles.FileSet(sources, diagnostics, sources.size()).checked(console);
    if (checked.isEmpty()) {
      return ExitCode.POLICY_ERRORS;
    }
    List<Fact> read = new ArrayList<>();
    for (String file : facts) {
      read(console, file, read);
    }
    if (strict && malformed > 0) {
      console.err().println(malformed + " lines are no facts; nothing was simulated");
      return ExitCode.TOOL_FAILED;
    }
    // a stable sort: at equal time the order of files and lines stays
    read.sort(Comparator.comparingLong(Fact::at));
    simulate(console, checked.get(), read);
    return ExitCode.FINE;
  }

  private void read(Console console, String file, List<Fact> read) throws IOException {
    try (BufferedInputStream in =
        new BufferedInputStream(
            file.equals("-") ? console.in() : Files.newInputStream(Path.of(file)), 1 << 16)) {
      if (isLog(in)) {
        log(console, file, in, read);
        return;
      }
      BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      JsonFactReader reader = new JsonFactReader();
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (line.isBlank()) {
          continue;
        }
        JsonFactReader.Line parsed = reader.read(line);
        parsed.fact().ifPresent(read::add);
        if (parsed.fact().isEmpty() && ++malformed <= MOST_NAMED) {
          console.err().println(file + ":" + number + ": " + parsed.problem());
        }
      }
    }
  }

  /** Anything but JSON objects with an {@code entity} is a log. */
  private static boolean isLog(BufferedInputStream in) throws IOException {
    in.mark(1 << 12);
    String start = new String(in.readNBytes((1 << 12) - 1), StandardCharsets.UTF_8).stripLeading();
    in.reset();
    return !start.isEmpty() && !(start.startsWith("{") && start.contains("\"entity\""));
  }

  private void log(Console console, String file, InputStream in, List<Fact> read)
      throws IOException {
    LogReader reader = new LogReader(in, LogOptions.none());
    for (Optional<LogEvent> event = reader.next(); event.isPresent(); event = reader.next()) {
      if (event.get().at().isPresent()) {
        EntityId entity = LogFacts.entity(event.get(), node, "service");
        read.add(LogFacts.fact(event.get(), entity, event.get().at().getAsLong()));
      }
    }
    long timeless = reader.counts().timeless();
    if (timeless > 0) {
      console
          .err()
          .println(file + ": " + timeless + " events without a wall-clock time are left out");
      malformed += (int) timeless;
    }
  }

  private void simulate(Console console, CheckedPolicy checked, List<Fact> read) {
    long start = read.isEmpty() ? 0 : read.get(0).at();
    int[] entries = {0};
    try (Simulation simulation =
        new Simulation(
            checked,
            new Topology(checked.site()),
            start,
            List.of(),
            entry -> {
              entries[0]++;
              print(console, entry, start);
            })) {
      read.forEach(simulation::accept);
      if (!read.isEmpty()) {
        simulation.finish(Times.after(read.get(read.size() - 1).at(), TAIL));
      }
    }
    console
        .err()
        .println(
            "%d facts, %d lines that are none, %d steps"
                .formatted(read.size(), malformed, entries[0]));
  }

  private void print(Console console, Entry entry, long start) {
    console
        .out()
        .print(
            format == Format.json
                ? Timeline.json(entry)
                : Times.iso(entry.at()) + "  " + Timeline.line(entry, start) + "\n");
  }
}
