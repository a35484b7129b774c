package dev.heal.engine.fact.log;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.heal.engine.fact.log.LogEvent.Action;
import dev.heal.engine.fact.log.LogEvent.FieldValue;
import dev.heal.engine.fact.log.LogEvent.Severity;
import dev.heal.engine.fact.log.LogEvent.Subject;
import dev.heal.engine.source.log.LogLine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Folds the dump of an OOM kill into one event, on the line that names the victim. Where that line
 * never comes, {@link #flush} gives what is known.
 */
final class OomFold {
  static final List<String> LITERALS =
      List.of(
          "invoked oom-killer",
          "oom-kill:",
          "out of memory",
          "killed process",
          "killed as a result of limit");

  private static final Pattern INVOKED = Pattern.compile("^(.+?) invoked oom-killer:");
  private static final Pattern CONSTRAINT = Pattern.compile("^oom-kill:(.*)$");
  private static final Pattern TASK_IN =
      Pattern.compile("^Task in (\\S+) killed as a result of limit of (\\S+)");
  private static final Pattern CHOSEN =
      Pattern.compile(
          "^(Memory cgroup out of memory|Out of memory[^:]*): Kill process (\\d+),? ?\\(?([^)]*?)\\)? score");
  private static final Pattern KILLED =
      Pattern.compile(
          "^(?:(Memory cgroup out of memory|Out of memory[^:]*): )?Killed process (\\d+),? "
              + "(?:UID \\d+,? )?\\(?(.*?)\\)?,? +total-vm:(\\d+)kB(?:, anon-rss:(\\d+)kB)?");
  private static final Pattern KILLED_SHORT =
      Pattern.compile(
          "^(?:(Memory cgroup out of memory|Out of memory[^:]*): )?Killed process (\\d+),? \\(([^)]*)\\)");

  private final Map<String, FieldValue> gathered = new LinkedHashMap<>();
  private Optional<LogLine> last = Optional.empty();

  /** Whether the line belongs to a dump; what it decides is in {@link #take}. */
  private Optional<LogEvent> ready = Optional.empty();

  boolean offer(LogLine line) {
    String message = line.message();
    Matcher invoked = INVOKED.matcher(message);
    if (invoked.find()) {
      ready = flush();
      put("invoked_by", invoked.group(1));
      return true;
    }
    Matcher constraint = CONSTRAINT.matcher(message);
    if (constraint.find()) {
      constraint(constraint.group(1));
      last = Optional.of(line);
      return true;
    }
    Matcher task = TASK_IN.matcher(message);
    if (task.find()) {
      put("cgroup", task.group(1));
      put("scope", "cgroup");
      return true;
    }
    Matcher chosen = CHOSEN.matcher(message);
    if (chosen.find()) {
      scope(chosen.group(1));
      put("pid", chosen.group(2));
      put("name", chosen.group(3));
      last = Optional.of(line);
      return true;
    }
    return killed(line, KILLED.matcher(message)) || killed(line, KILLED_SHORT.matcher(message));
  }

  private boolean killed(LogLine line, Matcher killed) {
    if (!killed.find()) {
      return false;
    }
    if (killed.group(1) != null) {
      scope(killed.group(1));
    }
    put("pid", killed.group(2));
    put("name", killed.group(3));
    if (killed.groupCount() > 4 && killed.group(5) != null) {
      put("anon_rss_bytes", kilobytes(killed.group(5)));
    }
    last = Optional.of(line);
    ready = flush();
    return true;
  }

  private static String kilobytes(String count) {
    return count.length() > 15 ? count + "kB" : String.valueOf(Long.parseLong(count) * 1024);
  }

  /** What has been decided since the last call. */
  Optional<LogEvent> take() {
    Optional<LogEvent> event = ready;
    ready = Optional.empty();
    return event;
  }

  /** Ends the dump; empty where no victim is known. */
  Optional<LogEvent> flush() {
    Optional<LogEvent> event = Optional.empty();
    if (last.isPresent() && gathered.containsKey("pid")) {
      gathered.putIfAbsent("scope", new FieldValue.Text("host"));
      Map<String, FieldValue> fields = new LinkedHashMap<>();
      for (String name :
          List.of("scope", "pid", "name", "cgroup", "constraint", "invoked_by", "anon_rss_bytes")) {
        FieldValue value = gathered.get(name);
        if (value != null) {
          fields.put(name, value);
        }
      }
      Finding finding =
          new Finding("oom_kill", Subject.HOST, fields, Severity.ERROR, Action.RESTART_APP);
      event = Optional.of(finding.at(last.get()));
    }
    gathered.clear();
    last = Optional.empty();
    return event;
  }

  private void constraint(String text) {
    for (String pair : text.split(",", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        String value = pair.substring(equals + 1);
        switch (pair.substring(0, equals)) {
          case "constraint" -> {
            put("constraint", value);
            put("scope", value.equals("CONSTRAINT_MEMCG") ? "cgroup" : "host");
          }
          case "task_memcg" -> put("cgroup", value);
          case "task" -> put("name", value);
          case "pid" -> put("pid", value);
          default -> {}
        }
      }
    }
  }

  private void scope(String words) {
    put("scope", words.startsWith("Memory cgroup") ? "cgroup" : "host");
  }

  private void put(String name, String value) {
    boolean number = name.equals("pid") || name.endsWith("_bytes");
    gathered.put(name, number ? FieldValue.of(value) : new FieldValue.Text(value));
  }
}
