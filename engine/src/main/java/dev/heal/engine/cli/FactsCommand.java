package dev.heal.engine.cli;

import dev.heal.engine.fact.log.FactsReport;
import dev.heal.engine.fact.log.LogOptions;
import dev.heal.engine.fact.log.LogReader.Counts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

  @Mixin private LogSettings settings = new LogSettings();

  @Option(names = "--unknown", description = "Instead: the alarming lines that it does not know.")
  private boolean unknown;

  @Option(
      names = "--strict",
      description = "A fact without a time, a line that was cut or is no text, is an error.")
  private boolean strict;

  @Override
  public ExitCode run(Console console) throws IOException {
    LogOptions options = settings.options();
    FactInput.requireDistinct(files);
    long malformed = 0;
    for (String file : files) {
      try (FactInput input = FactInput.open(file, console)) {
        if (input.isRegular() && input.isJsonFacts()) {
          throw new UsageException(
              "`" + file + "` holds facts already: `heal simulate` reads it as it is");
        }
        FactsReport report = new FactsReport(input.options(options), unknown);
        Counts counts = report.write(input.stream(), console.out());
        malformed += counts.malformed();
        console.out().flush();
        console.err().println(counts(files.size() > 1 ? input.name() + ": " : "", counts));
      }
    }
    if (strict && malformed > 0) {
      console.err().println("heal: " + malformed + " malformed, and --strict was asked for");
      return ExitCode.TOOL_FAILED;
    }
    return ExitCode.FINE;
  }

  private static String counts(String prefix, Counts counts) {
    StringBuilder text = new StringBuilder(prefix);
    text.append(
        "%d lines, %d facts, %d lines unknown"
            .formatted(counts.lines(), counts.events(), counts.unknown()));
    if (counts.timeless() > 0) {
      text.append(", %d facts without a time (see --boot-time)".formatted(counts.timeless()));
    }
    if (counts.cut() > 0) {
      text.append(", %d lines cut at 64 KiB".formatted(counts.cut()));
    }
    if (counts.damaged() > 0) {
      text.append(", %d lines with bytes that are no text".formatted(counts.damaged()));
    }
    return text.toString();
  }
}
