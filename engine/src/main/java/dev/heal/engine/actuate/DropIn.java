package dev.heal.engine.actuate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The environment of a unit, in a file of systemd that lasts until the next boot. */
final class DropIn {
  private static final String NAME = "50-heal.conf";

  private DropIn() {}

  /** An empty environment takes the file away. */
  static void write(Path units, String unit, Map<String, String> environment) throws IOException {
    Path file = units.resolve(unit + ".d").resolve(NAME);
    if (environment.isEmpty()) {
      Files.deleteIfExists(file);
      return;
    }
    StringBuilder text =
        new StringBuilder("# written by heal; it goes when the profile does\n[Service]\n");
    new TreeMap<>(environment)
        .forEach(
            (name, value) ->
                text.append("Environment=").append(quoted(name + "=" + value)).append('\n'));
    Files.createDirectories(file.getParent());
    WholeFile.write(file.toString(), text.toString());
  }

  /** As systemd.syntax(7) has it; {@code %} begins a specifier. */
  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> quoted.append('\\').append(c);
        case '%' -> quoted.append("%%");
        case '\n' -> quoted.append("\\n");
        default -> quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
