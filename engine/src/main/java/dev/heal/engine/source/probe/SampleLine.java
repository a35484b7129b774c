package dev.heal.engine.source.probe;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One line of the text format of Prometheus (version 0.0.4, with the quoted names of 1.0.0; a stamp
 * and an exemplar are read over): {@code name{label="value",} 1.5 1395066363000}.
 */
final class SampleLine {
  private static final Pattern NUMBER =
      Pattern.compile(
          "[+-]?(?:\\d+\\.?\\d*(?:[eE][+-]?\\d+)?|\\.\\d+(?:[eE][+-]?\\d+)?"
              + "|0[xX][0-9a-fA-F]+\\.?[0-9a-fA-F]*[pP][+-]?\\d+)");
  private static final Pattern STAMP = Pattern.compile("[+-]?\\d+(?:\\.\\d*)?");

  /** A line that is none. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String what, int at) {
      super(what + " at character " + (at + 1));
    }
  }

  private final String line;
  private int at;

  private SampleLine(String line) {
    this.line = line;
  }

  /**
   * Reads a line.
   *
   * @param names as {@link MetricSample#plain} writes them; others are not wanted
   * @return empty for a comment, an empty line, and a name that is not wanted
   */
  static Optional<MetricSample> parse(String line, Set<String> names) throws Malformed {
    return new SampleLine(line).sample(names);
  }

  private Optional<MetricSample> sample(Set<String> names) throws Malformed {
    skipBlanks();
    if (at == line.length() || line.charAt(at) == '#') {
      return Optional.empty();
    }
    String name = at('{') ? "" : word(true);
    if (!name.isEmpty() && !isWanted(name, names)) {
      return Optional.empty();
    }
    skipBlanks();
    Map<String, String> labels = new HashMap<>();
    if (at('{')) {
      name = labels(name, labels);
    }
    if (name.isEmpty()) {
      throw new Malformed("no name", at);
    }
    double value = number(token());
    skipBlanks();
    if (at < line.length() && !at('#') && !STAMP.matcher(token()).matches()) {
      throw new Malformed("no stamp", at);
    }
    skipBlanks();
    if (at < line.length() && !at('#')) {
      throw new Malformed("something behind the sample", at);
    }
    return isWanted(name, names)
        ? Optional.of(new MetricSample(name, labels, value, false))
        : Optional.empty();
  }

  private static boolean isWanted(String name, Set<String> names) {
    return names.contains(MetricSample.plain(name));
  }

  /**
   * @return the name of the metric, which may be in here, quoted
   */
  private String labels(String outside, Map<String, String> labels) throws Malformed {
    String name = outside;
    expect('{');
    skipBlanks();
    while (!at('}')) {
      boolean quoted = at('"');
      String label = quoted ? quoted() : word(false);
      skipBlanks();
      if (quoted && !at('=')) {
        if (!name.isEmpty()) {
          throw new Malformed("a second name", at);
        }
        name = label;
      } else {
        expect('=');
        skipBlanks();
        if (labels.put(label, quoted()) != null) {
          throw new Malformed("label `" + label + "` again", at);
        }
      }
      skipBlanks();
      if (!at('}')) {
        expect(',');
        skipBlanks();
      }
    }
    expect('}');
    return name;
  }

  private String quoted() throws Malformed {
    expect('"');
    StringBuilder text = new StringBuilder();
    while (!at('"')) {
      if (at >= line.length()) {
        throw new Malformed("no closing quote", at);
      }
      char c = line.charAt(at++);
      if (c == '\\' && at < line.length()) {
        char escaped = line.charAt(at++);
        switch (escaped) {
          case 'n' -> text.append('\n');
          case '\\', '"' -> text.append(escaped);
          default -> text.append(c).append(escaped);
        }
      } else {
        text.append(c);
      }
    }
    expect('"');
    return text.toString();
  }

  private String word(boolean colons) throws Malformed {
    int from = at;
    while (at < line.length() && isWord(line.charAt(at), at > from, colons)) {
      at++;
    }
    if (at == from) {
      throw new Malformed("no name", at);
    }
    return line.substring(from, at);
  }

  private static boolean isWord(char c, boolean digits, boolean colons) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || c == '_'
        || (colons && c == ':')
        || (digits && c >= '0' && c <= '9');
  }

  private String token() {
    skipBlanks();
    int from = at;
    while (at < line.length() && !isBlank(line.charAt(at))) {
      at++;
    }
    return line.substring(from, at);
  }

  private double number(String text) throws Malformed {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "nan", "+nan", "-nan" -> Double.NaN;
      case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
      case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
      default -> {
        if (!NUMBER.matcher(text).matches()) {
          throw new Malformed("`" + text + "` is no number", at);
        }
        yield Double.parseDouble(text);
      }
    };
  }

  private void expect(char c) throws Malformed {
    if (!at(c)) {
      throw new Malformed("no `" + c + "`", at);
    }
    at++;
  }

  private boolean at(char c) {
    return at < line.length() && line.charAt(at) == c;
  }

  private void skipBlanks() {
    while (at < line.length() && isBlank(line.charAt(at))) {
      at++;
    }
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
