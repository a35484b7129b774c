package dev.heal.engine.fact.log;

import dev.heal.engine.fact.log.LogEvent.FieldValue;
import dev.heal.engine.source.log.LogLine;
import java.util.LinkedHashSet;
import java.util.Set;

/** The end of a NCCL watchdog tells its time-out again: on its own line, and as it terminates. */
final class Collectives {
  private static final int MOST = 256;
  private static final String TEXT = "ollective operation timeout";

  private final Set<String> ranks = new LinkedHashSet<>();

  void note(Finding found) {
    if (found.event().equals("nccl_timeout") && ranks.size() < MOST) {
      FieldValue rank = found.fields().get("rank");
      ranks.add(rank == null ? "" : rank.toString());
    }
  }

  boolean isEcho(LogLine line) {
    String message = line.message();
    if (ranks.isEmpty() || !message.contains(TEXT)) {
      return false;
    }
    return message.contains("terminated with exception") || message.contains("what():");
  }
}
