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
import java.util.function.Consumer;

/**
 * Folds the dump of an OOM kill (mm/oom_kill.c) into one event, on the line that says that the
 * victim was killed. Where that line never comes, {@link #flush} gives what is known.
 */
final class OomDump {
  private static final Pattern INVOKED = Pattern.compile("^(.+?) invoked oom-killer:");
  private static final Pattern CONSTRAINT = Pattern.compile("^oom-kill:(.*)$");

  /** Kernels to 4.18. */
  private static final Pattern TASK_IN =
      Pattern.compile("^Task in (.*?) killed as a result of limit of (.*)$");

  /** Kernels to 4.18: the kill itself follows on a line of its own. */
  private static final Pattern CHOSEN =
      Pattern.compile(
          "^(Memory cgroup out of memory|Out of memory[^:]*): Kill process (\\d+),? ?\\(?([^)]*?)\\)? score");

  private static final Pattern KILLED =
      Pattern.compile(
          "^(?:(Memory cgroup out of memory|Out of memory[^:]*): )?Killed process (\\d+),? "
              + "(?:UID \\d+,? )?\\(?(.*?)\\)?,? +(?:vmsize:\\d+kB, )?total-vm:(\\d+)kB(?:, anon-rss:(\\d+)kB)?");
  private static final Pattern KILLED_SHORT =
      Pattern.compile(
          "^(?:(Memory cgroup out of memory|Out of memory[^:]*): )?Killed process (\\d+),? \\(([^)]*)\\)");

  /** A dump lists every task of the host; what comes later than this is another one. */
  private static final int LONGEST_LINES = 100_000;

  private static final List<String> FIELDS =
      List.of("scope", "pid", "name", "cgroup", "constraint", "invoked_by", "anon_rss_bytes");

  private final Map<String, FieldValue> gathered = new LinkedHashMap<>();
  private Optional<LogLine> last = Optional.empty();
  private long started;

  boolean isEmpty() {
    return gathered.isEmpty();
  }

  boolean offer(LogLine line, Consumer<LogEvent> sink) {
    if (!gathered.isEmpty() && line.number() - started > LONGEST_LINES) {
      flush(sink);
    }
    String message = line.message();
    Matcher invoked = INVOKED.matcher(message);
    if (invoked.find()) {
      flush(sink);
      started = line.number();
      put("invoked_by", invoked.group(1));
      return true;
    }
    boolean part = describes(line) || killed(line, sink);
    if (part && started == 0) {
      started = line.number();
    }
    return part;
  }

  private boolean describes(LogLine line) {
    String message = line.message();
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
    return false;
  }

  private boolean killed(LogLine line, Consumer<LogEvent> sink) {
    Matcher killed = KILLED.matcher(line.message());
    boolean whole = killed.find();
    if (!whole) {
      killed = KILLED_SHORT.matcher(line.message());
      if (!killed.find()) {
        return false;
      }
    }
    if (killed.group(1) != null) {
      scope(killed.group(1));
    }
    put("pid", killed.group(2));
    put("name", killed.group(3));
    if (whole && killed.group(5) != null) {
      put("anon_rss_bytes", bytes(killed.group(5)));
    }
    last = Optional.of(line);
    flush(sink);
    return true;
  }

  private static String bytes(String kilobytes) {
    return kilobytes.length() > 15
        ? kilobytes + "kB"
        : String.valueOf(Long.parseLong(kilobytes) * 1024);
  }

  /** Ends the dump; gives nothing where no victim is known. */
  void flush(Consumer<LogEvent> sink) {
    if (last.isPresent() && gathered.containsKey("pid")) {
      gathered.putIfAbsent("scope", new FieldValue.Text("host"));
      Map<String, FieldValue> fields = new LinkedHashMap<>();
      for (String name : FIELDS) {
        FieldValue value = gathered.get(name);
        if (value != null) {
          fields.put(name, value);
        }
      }
      sink.accept(
          new Finding("oom_kill", Subject.HOST, fields, Severity.ERROR, Action.RESTART_APP)
              .at(last.get()));
    }
    gathered.clear();
    last = Optional.empty();
    started = 0;
  }

  /**
   * {@code constraint=CONSTRAINT_MEMCG,…,oom_memcg=/a,task_memcg=/a/b,task=python3,pid=4,uid=0}.
   */
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
