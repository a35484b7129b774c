package dev.heal.engine.fact.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.engine.fact.log.LogEvent.FieldValue;
import dev.heal.engine.source.log.StampRules;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Lines as kernels 4.x to 6.x, drivers 470 to 590 and services write them, each with what it means,
 * written by hand from the documents. In {@code corpus/*.txt}: {@code >} a line of the log; below
 * the lines of a case one {@code =} for each event, in order: name, severity, action, entity,
 * fields. A field that is not named is not looked at; {@code !name} must be absent. {@code -} says
 * that nothing is a fault.
 */
class CorpusTest {
  private static final List<String> FILES =
      List.of(
          "xid",
          "nvlink5",
          "sxid",
          "gpu",
          "oom",
          "crash",
          "host",
          "memory",
          "pcie",
          "storage",
          "network",
          "frames",
          "service",
          "traceback",
          "negative");

  @TestFactory
  List<DynamicNode> corpus() {
    List<DynamicNode> families = new ArrayList<>();
    for (String file : FILES) {
      families.add(DynamicContainer.dynamicContainer(file, cases(file)));
    }
    return families;
  }

  private static List<DynamicTest> cases(String file) {
    List<DynamicTest> tests = new ArrayList<>();
    List<String> log = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    int number = 0;
    int first = 0;
    for (String line : (text(file) + "\n> end").split("\n", -1)) {
      number++;
      if (line.startsWith("> ") || line.equals(">")) {
        if (!expected.isEmpty()) {
          tests.add(test(file + ":" + first, List.copyOf(log), List.copyOf(expected)));
          log.clear();
          expected.clear();
        }
        if (log.isEmpty()) {
          first = number;
        }
        log.add(line.length() > 2 ? line.substring(2) : "");
      } else if (line.startsWith("= ")) {
        expected.add(line.substring(2));
      } else if (line.equals("-")) {
        expected.add("");
      } else {
        assertThat(line.isBlank() || line.startsWith("#"))
            .as("%s:%d: %s", file, number, line)
            .isTrue();
      }
    }
    return tests;
  }

  private static DynamicTest test(String place, List<String> log, List<String> expected) {
    return DynamicTest.dynamicTest(
        place + " " + log.get(0),
        () -> {
          List<LogEvent> events = read(String.join("\n", log));
          List<String> wanted = expected.stream().filter(line -> !line.isEmpty()).toList();
          List<String> seen = new ArrayList<>();
          for (int i = 0; i < events.size(); i++) {
            seen.add(i < wanted.size() ? shown(events.get(i), wanted.get(i)) : all(events.get(i)));
          }
          assertThat(seen).as(place).containsExactlyElementsOf(wanted);
        });
  }

  private static List<LogEvent> read(String log) {
    LogOptions options =
        new LogOptions(
            "n1",
            "app",
            new StampRules(OptionalLong.empty(), OptionalInt.of(2025), OptionalLong.empty()),
            OptionalInt.empty());
    List<LogEvent> events = new ArrayList<>();
    try {
      LogReader reader =
          new LogReader(new ByteArrayInputStream(log.getBytes(StandardCharsets.UTF_8)), options);
      for (Optional<LogEvent> event = reader.next(); event.isPresent(); event = reader.next()) {
        events.add(event.get());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return events;
  }

  /** The event in the words of an expectation, with the fields that it names. */
  private static String shown(LogEvent event, String wanted) {
    StringBuilder text = new StringBuilder(head(event));
    Map<String, String> fields = fields(event);
    for (String word : wanted.split(" (?=[!a-z_]+(?:=|$| ))", -1)) {
      if (word.startsWith("!")) {
        text.append(fields.containsKey(word.substring(1)) ? " " + word.substring(1) : " " + word);
      } else if (word.contains("=")) {
        String name = word.substring(0, word.indexOf('='));
        text.append(' ').append(name).append('=').append(fields.getOrDefault(name, "(none)"));
      }
    }
    return text.toString();
  }

  private static String all(LogEvent event) {
    return head(event) + " " + fields(event);
  }

  private static String head(LogEvent event) {
    return String.join(
        " ",
        event.name(),
        event.severity().word(),
        event.action().word(),
        LogFacts.entity(event, "n1", "app").toString());
  }

  private static Map<String, String> fields(LogEvent event) {
    Map<String, String> fields = new TreeMap<>();
    for (Map.Entry<String, FieldValue> field : event.fields().entrySet()) {
      fields.put(field.getKey(), field.getValue().toString());
    }
    fields.put("line", String.valueOf(event.line()));
    event.at().ifPresent(at -> fields.put("t", java.time.Instant.ofEpochSecond(0, at).toString()));
    return fields;
  }

  private static String text(String file) {
    try (InputStream in = CorpusTest.class.getResourceAsStream("corpus/" + file + ".txt")) {
      assertThat(in).as(file).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
