package dev.heal.engine.cli;

import dev.heal.engine.loop.TestRun;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Results of tests in the XML that build servers read: one {@code testsuite} for each file. Times
 * are virtual: how much time passed in the test, not how long it took to run.
 */
final class JunitReport {
  /** Less what the user's mask takes away. */
  private static final FileAttribute<Set<PosixFilePermission>> OF_A_NEW_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-rw-rw-"));

  private final Map<String, List<TestRun.Result>> suites = new LinkedHashMap<>();

  void add(TestRun.Result result) {
    suites
        .computeIfAbsent(result.test().span().file().name(), file -> new ArrayList<>())
        .add(result);
  }

  /**
   * Whether a file is not replaced but written to: a device such as {@code /dev/null}, a pipe, or
   * what this process has open, such as {@code /dev/stdout}.
   */
  static boolean isWrittenTo(Path file) {
    Path named = file.toAbsolutePath();
    return named.startsWith("/dev")
        || named.startsWith("/proc")
        || (Files.exists(named) && !Files.isRegularFile(named));
  }

  /**
   * Replaces the file as a whole: whoever reads it sees the old one or the new one. A link stays a
   * link, and a new file gets the mode of any other new file.
   *
   * @throws IOException where it cannot be written; an old file is as it was
   */
  void write(Path file) throws IOException {
    try {
      if (isWrittenTo(file)) {
        Files.writeString(file, text(), StandardOpenOption.WRITE, StandardOpenOption.APPEND);
      } else {
        replace(Files.exists(file) ? file.toRealPath() : file.toAbsolutePath());
      }
    } catch (IOException failed) {
      throw new InputException(
          "the results cannot be written to `%s`: %s".formatted(file, reason(failed)),
          "the tests have run: what they found is above");
    }
  }

  private static String reason(IOException failed) {
    String reason = failed instanceof FileSystemException named ? named.getReason() : null;
    return Objects.requireNonNullElse(reason, String.valueOf(failed.getMessage()));
  }

  private void replace(Path target) throws IOException {
    // without the name of the file: with it, this one might be too long
    Path part = Files.createTempFile(target.getParent(), ".heal-junit-", ".part", OF_A_NEW_FILE);
    part.toFile().deleteOnExit(); // Ctrl-C
    try {
      Files.writeString(part, text());
      if (Files.exists(target)) {
        Files.setPosixFilePermissions(part, Files.getPosixFilePermissions(target));
      }
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** The whole document. */
  String text() {
    List<TestRun.Result> all = suites.values().stream().flatMap(List::stream).toList();
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.append("<testsuites name=\"heal test\"").append(counts(all)).append(">\n");
    suites.forEach((file, results) -> suite(xml, file, results));
    return xml.append("</testsuites>\n").toString();
  }

  private static void suite(StringBuilder xml, String file, List<TestRun.Result> results) {
    xml.append("  <testsuite").append(attribute("name", file)).append(counts(results));
    xml.append(" skipped=\"0\">\n");
    xml.append("    <properties>\n      <property name=\"time\" value=\"virtual\"/>\n");
    xml.append("    </properties>\n");
    results.forEach(result -> testCase(xml, file, result));
    xml.append("  </testsuite>\n");
  }

  private static void testCase(StringBuilder xml, String file, TestRun.Result result) {
    xml.append("    <testcase")
        .append(attribute("name", result.test().title()))
        .append(attribute("classname", className(file)))
        .append(attribute("time", seconds(result.length())));
    if (result.passed()) {
      xml.append("/>\n");
      return;
    }
    String message =
        String.join("; ", result.failures().stream().map(TestRun.Failure::headline).toList());
    xml.append(">\n      <failure")
        .append(attribute("message", message))
        .append(attribute("type", "expectation"))
        .append(">")
        .append(escape(String.join("\n", FailureText.of(result)), false))
        .append("</failure>\n    </testcase>\n");
  }

  /** {@code rules.nvidia.thermal}: build servers take dots for folders. */
  private static String className(String file) {
    String name = file.replaceFirst("\\.heal$", "").replaceFirst("^[./\\\\]+", "");
    return name.replace('.', '_').replaceAll("[/\\\\]+", ".");
  }

  private static String counts(List<TestRun.Result> results) {
    Duration time =
        results.stream().map(TestRun.Result::length).reduce(Duration.ZERO, Duration::plus);
    long failed = results.stream().filter(result -> !result.passed()).count();
    return " tests=\"%d\" failures=\"%d\" errors=\"0\" time=\"%s\""
        .formatted(results.size(), failed, seconds(time));
  }

  private static String seconds(Duration time) {
    return "%d.%03d".formatted(time.toSeconds(), time.toMillisPart());
  }

  private static String attribute(String name, String value) {
    return " " + name + "=\"" + escape(value, true) + "\"";
  }

  /** What XML cannot hold at all, such as most control characters, is shown as its number. */
  private static String escape(String text, boolean attribute) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append(attribute ? "&quot;" : "\"");
                case '\r' -> out.append("&#13;");
                case '\n', '\t' -> out.append(attribute ? "&#" + c + ";" : Character.toString(c));
                default -> out.append(allowed(c) ? Character.toString(c) : "\\u{%x}".formatted(c));
              }
            });
    return out.toString();
  }

  private static boolean allowed(int c) {
    return (c >= 0x20 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) || c >= 0x10000;
  }
}
