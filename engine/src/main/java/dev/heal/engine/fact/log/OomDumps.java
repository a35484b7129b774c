package dev.heal.engine.fact.log;

import dev.heal.engine.source.log.LogLine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The open dumps of OOM kills: one for each host of the log. */
final class OomDumps {
  static final List<String> LITERALS =
      List.of(
          "invoked oom-killer",
          "oom-kill:",
          "out of memory",
          "killed process",
          "kill process",
          "killed as a result of limit");

  private static final int MOST_HOSTS = 256;

  private final Map<String, OomDump> open = new LinkedHashMap<>();

  /** Whether the line belongs to a dump; what it decides is given. */
  boolean offer(LogLine line, Consumer<LogEvent> sink) {
    String host = line.host().orElse("");
    OomDump dump = open.computeIfAbsent(host, name -> new OomDump());
    boolean part = dump.offer(line, sink);
    if (dump.isEmpty()) {
      open.remove(host);
    } else if (open.size() > MOST_HOSTS) {
      String oldest = open.keySet().iterator().next();
      OomDump evicted = open.remove(oldest);
      if (evicted != null) {
        evicted.flush(sink);
      }
    }
    return part;
  }

  /** The end of the log: dumps that name a victim are given. */
  void flush(Consumer<LogEvent> sink) {
    open.values().forEach(dump -> dump.flush(sink));
    open.clear();
  }
}
