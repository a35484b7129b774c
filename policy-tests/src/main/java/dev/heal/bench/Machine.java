package dev.heal.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.stream.Stream;

/** What the figures depend on besides the program. */
final class Machine {
  private Machine() {}

  /** One line. */
  static String words(Effort effort) {
    return Report.text(
        "%s, a %s run: %d processors (%s), Java %s. %s",
        LocalDate.now(ZoneOffset.UTC),
        effort.name().toLowerCase(Locale.ROOT),
        Runtime.getRuntime().availableProcessors(),
        processor(),
        Runtime.version(),
        load());
  }

  /** How much others, and we, ask of the machine. */
  static String load() {
    return Report.text(
        "Load average of the last minute: %.1f.",
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  private static String processor() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .orElse(System.getProperty("os.arch", ""));
    } catch (IOException elsewhere) {
      return System.getProperty("os.arch", "");
    }
  }
}
