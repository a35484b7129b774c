package dev.heal.engine.cli;

import dev.heal.engine.fact.log.FactsReport;
import dev.heal.engine.fact.log.LogParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code heal facts}: what the log parser sees. */
@Command(name = "facts", description = "Shows what the log parser sees, one JSON fact a line.")
final class FactsCommand implements Subcommand {
  @Option(
      names = "--facts",
      required = true,
      arity = "1..*",
      paramLabel = "FILE",
      description = "Kernel or service logs, gzip too; - for standard input.")
  private List<String> files = new ArrayList<>();

  @Option(
      names = "--node",
      paramLabel = "NAME",
      description = "The host of a log that does not name it (default: ${DEFAULT-VALUE}).")
  private String node = "localhost";

  @Option(
      names = "--service",
      paramLabel = "NAME",
      description = "The service of lines that do not name it (default: ${DEFAULT-VALUE}).")
  private String service = "service";

  @Option(names = "--unknown", description = "Instead: the alarming lines that it does not know.")
  private boolean unknown;

  @Override
  public ExitCode run(Console console) throws IOException {
    FactsReport report =
        new FactsReport(new FactsReport.Request(node, service, unknown, LogParser.Options.none()));
    for (String file : files) {
      try (InputStream in = file.equals("-") ? console.in() : Files.newInputStream(Path.of(file))) {
        report.write(in, console.out(), console.err());
      }
    }
    return ExitCode.FINE;
  }
}
