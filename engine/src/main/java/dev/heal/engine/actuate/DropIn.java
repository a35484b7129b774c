package dev.heal.engine.actuate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The environment of a unit, in a file of systemd that lasts until the next boot. */
final class DropIn {
  /** The file of a profile. */
  static final String PROFILE = "50-heal.conf";

  private DropIn() {}

  /**
   * Writes it; an empty environment takes the file away.
   *
   * @return whether that changed anything
   */
  static boolean write(Path units, String unit, String name, Map<String, String> environment)
      throws IOException {
    Path file = units.resolve(unit + ".d").resolve(name);
    if (environment.isEmpty()) {
      return Files.deleteIfExists(file);
    }
    StringBuilder text = new StringBuilder("# written by heal\n[Service]\n");
    new TreeMap<>(environment)
        .forEach(
            (variable, value) ->
                text.append("Environment=").append(quoted(variable + "=" + value)).append('\n'));
    if (Files.exists(file) && Files.readString(file, StandardCharsets.UTF_8).contentEquals(text)) {
      return false;
    }
    Files.createDirectories(file.getParent());
    WholeFile.write(file.toString(), text.toString());
    return true;
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
