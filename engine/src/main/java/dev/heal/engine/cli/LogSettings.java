package dev.heal.engine.cli;

import dev.heal.engine.fact.log.LogOptions;
import dev.heal.engine.source.log.LineFrame;
import dev.heal.engine.source.log.StampRules;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import picocli.CommandLine.Option;

/** What an operator says about a log that the log does not say: for each command that reads one. */
final class LogSettings {
  private static final int FIRST_YEAR = 1970;
  private static final int LAST_YEAR = 2261;

  @Option(
      names = "--node",
      paramLabel = "NAME",
      description = "The host of lines that do not name it (default: ${DEFAULT-VALUE}).")
  private String node = "localhost";

  @Option(
      names = "--service",
      paramLabel = "NAME",
      description = "The service of lines that do not name it (default: ${DEFAULT-VALUE}).")
  private String service = "service";

  @Option(
      names = "--driver",
      paramLabel = "VERSION",
      description =
          "The NVIDIA driver, such as 570.124.06 (default: what the log says, else the newest).")
  private Optional<String> driver = Optional.empty();

  @Option(
      names = "--boot-time",
      paramLabel = "ISO",
      description =
          "When the host was booted, such as 2026-01-05T03:00:00Z, for stamps in seconds since then"
              + " (default: what the log says).")
  private Optional<String> bootTime = Optional.empty();

  @Option(
      names = "--year",
      paramLabel = "YYYY",
      description =
          "The year of the first line, for stamps without one (default: the last in which a line is"
              + " not later than the file's last change; 2000 for standard input).")
  private Optional<String> year = Optional.empty();

  LogOptions options() {
    if (node.isBlank() || service.isBlank()) {
      throw new UsageException("--node and --service need a name");
    }
    OptionalLong booted = OptionalLong.empty();
    if (bootTime.isPresent()) {
      booted = LineFrame.isoTime(bootTime.get());
      if (booted.isEmpty()) {
        throw new UsageException(
            "`" + bootTime.get() + "` is not a time such as 2026-01-05T03:00:00Z");
      }
    }
    return new LogOptions(
        node, service, new StampRules(booted, number(), OptionalLong.empty()), branch());
  }

  private OptionalInt number() {
    if (year.isEmpty()) {
      return OptionalInt.empty();
    }
    String text = year.get();
    int value = text.matches("\\d{4}") ? Integer.parseInt(text) : 0;
    if (value < FIRST_YEAR || value > LAST_YEAR) {
      throw new UsageException("`" + text + "` is not a year from 1970 to 2261");
    }
    return OptionalInt.of(value);
  }

  private OptionalInt branch() {
    if (driver.isEmpty()) {
      return OptionalInt.empty();
    }
    String text = driver.get();
    if (!text.matches("[rR]?\\d{3}(\\.\\d{1,4}){0,2}")) {
      throw new UsageException("`" + text + "` is not a driver's version such as 570.124.06");
    }
    String digits = text.replaceAll("^[rR]", "");
    return OptionalInt.of(Integer.parseInt(digits.substring(0, 3)));
  }
}
