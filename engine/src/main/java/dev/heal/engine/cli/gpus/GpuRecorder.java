package dev.heal.engine.cli.gpus;

import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.json.JsonFactWriter;
import dev.heal.engine.fact.nvml.NvmlFacts;
import dev.heal.nvml.event.Notice;
import dev.heal.nvml.metric.Poll;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/**
 * Writes what the bridge sees as facts that {@code heal simulate} reads. Each poll, with the events
 * before it, is one write of whole lines: an interrupt leaves no half of one.
 */
public final class GpuRecorder {
  private final NvmlFacts facts;
  private final Writer out;
  private final Queue<Fact.Event> events = new ConcurrentLinkedQueue<>();
  private long written;

  /** Writes to {@code out}, which the caller closes. */
  public GpuRecorder(NvmlFacts facts, Writer out) {
    this.facts = facts;
    this.out = out;
  }

  /** Keeps an event for the next write; called on the listening thread. */
  public void hear(Notice notice) {
    if (notice instanceof Notice.GpuEvent event) {
      facts.fact(event).ifPresent(events::add);
    }
  }

  /** Writes a poll, and the events that came before its end, by time. */
  public void write(Poll poll) throws IOException {
    Stream.Builder<Fact> all = Stream.builder();
    facts.facts(poll).forEach(all);
    for (Fact.Event event = events.poll(); event != null; event = events.poll()) {
      all.add(event);
    }
    List<Fact> sorted = all.build().sorted(Comparator.comparingLong(Fact::at)).toList();
    StringWriter lines = new StringWriter();
    JsonFactWriter json = new JsonFactWriter(lines);
    for (Fact fact : sorted) {
      json.write(fact);
    }
    json.flush();
    out.write(lines.toString());
    out.flush();
    written += sorted.size();
  }

  /** How many facts. */
  public long written() {
    return written;
  }
}
