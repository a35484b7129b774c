package dev.heal.engine.cli.history;

import dev.heal.dsl.diagnostic.HumanRenderer;
import dev.heal.engine.decide.Times;
import dev.heal.engine.journal.Incident;
import dev.heal.engine.journal.IncidentState;
import dev.heal.engine.journal.StoredEntry;
import dev.heal.engine.journal.StoredOrder;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import dev.heal.engine.schedule.Order;
import java.util.List;

/** Incidents for a tired person. Times are UTC. */
public final class HistoryText {
  private static final int INDENT = 14;
  private static final int WORD_WIDTH = 14;

  private HistoryText() {}

  /** The heading of the list. */
  public static String heading() {
    return row("INCIDENT", "RAISED (UTC)", "STOOD FOR", "REPAIR", "FAULT");
  }

  /**
   * One line for an incident, with its line end.
   *
   * @param now for what still stands
   */
  public static String line(Incident incident, long now) {
    long until = incident.until().orElse(now);
    String stood = Times.words(until - incident.since());
    return row(
        "#" + incident.number(),
        Times.iso(incident.since()),
        incident.until().isPresent() ? stood : stood + " …",
        words(incident.state()),
        HumanRenderer.safe(incident.instance().toString()));
  }

  private static String row(String number, String raised, String stood, String state, String what) {
    return "%-9s %-24s  %-14s  %-9s  %s\n".formatted(number, raised, stood, state, what);
  }

  /** All that is known of an incident, and what did not happen. */
  public static String explain(IncidentStory story) {
    Incident incident = story.incident();
    StringBuilder text = new StringBuilder();
    text.append("incident #%d: %s\n".formatted(incident.number(), safe(incident.instance())));
    text.append("raised %s".formatted(Times.iso(incident.since())));
    if (incident.until().isPresent()) {
      long until = incident.until().getAsLong();
      text.append(
          ", clear %s (after %s)"
              .formatted(Times.iso(until), Times.words(until - incident.since())));
    } else {
      text.append(", still raised");
    }
    text.append("; repair: ").append(words(incident.state())).append('\n');
    entries("what happened", story.happened(), incident, text);
    orders(story.orders(), incident, text);
    entries("what did not happen, and why", story.notDone(), incident, text);
    if (story.entries().isEmpty()) {
      text.append("\nits entries are older than the journal keeps them\n");
    }
    return text.toString();
  }

  private static void entries(
      String title, List<StoredEntry> entries, Incident incident, StringBuilder text) {
    if (entries.isEmpty()) {
      return;
    }
    text.append('\n').append(title).append('\n');
    for (StoredEntry stored : entries) {
      Entry entry = stored.noted().entry();
      text.append("  %-11s ".formatted("+" + Times.words(entry.at() - incident.since())))
          .append(pad(word(entry)))
          .append(' ')
          .append(subject(entry))
          .append('\n');
      text.append(" ".repeat(INDENT)).append("because ").append(safe(entry.because())).append('\n');
      source(stored, text);
    }
  }

  /** Which policy, where it is written, and of which generation. */
  private static void source(StoredEntry stored, StringBuilder text) {
    Entry entry = stored.noted().entry();
    if (entry.type() != EntryType.DECISION || entry.policy().isEmpty()) {
      return;
    }
    text.append(" ".repeat(INDENT)).append("by policy ").append(safe(entry.policy().get()));
    stored.noted().place().ifPresent(place -> text.append(" (").append(safe(place)).append(')'));
    if (stored.noted().generation().isPresent()) {
      text.append(", generation ").append(stored.noted().generation().getAsLong());
    }
    if (entry.deadline().isPresent()) {
      text.append(", deadline ").append(Times.iso(entry.deadline().getAsLong()));
    }
    text.append('\n');
  }

  private static void orders(List<StoredOrder> orders, Incident incident, StringBuilder text) {
    if (orders.isEmpty()) {
      return;
    }
    text.append("\norders\n");
    for (StoredOrder order : orders) {
      text.append(
          "  %-11s %s %s%s %s%s\n"
              .formatted(
                  "+" + Times.words(order.plannedAt() - incident.since()),
                  pad(order.state().word()),
                  order.plan().purpose() == Order.Purpose.UNDO ? "undo " : "",
                  safe(order.plan().verb()),
                  safe(order.plan().target()),
                  took(order)));
      line("settings", order.plan().settings(), text);
      line("because", order.because().orElse(""), text);
      line("replaced", order.memento().orElse(""), text);
      line("", order.undoPending() ? "stands: it is to be undone" : "", text);
    }
  }

  private static String took(StoredOrder order) {
    return order.startedAt().isPresent() && order.endedAt().isPresent()
        ? ", took " + Times.words(order.endedAt().getAsLong() - order.startedAt().getAsLong())
        : "";
  }

  private static void line(String label, String value, StringBuilder text) {
    if (!value.isEmpty()) {
      text.append(" ".repeat(INDENT))
          .append(label)
          .append(label.isEmpty() ? "" : " ")
          .append(safe(value))
          .append('\n');
    }
  }

  private static String subject(Entry entry) {
    if (entry.verb().isPresent()) {
      return safe(entry.verb().get() + entry.target().map(target -> " " + target).orElse(""));
    }
    return safe(entry.policy().or(() -> entry.instance().map(Object::toString)).orElse(""));
  }

  private static String word(Entry entry) {
    String type = entry.type().word().replace('_', ' ');
    return switch (entry.type()) {
      case DECISION, CONFIRMED, REVERTED ->
          entry.outcome().map(outcome -> type + ": " + outcome).orElse(type);
      case FAULT_RAISED,
          FAULT_CLEARED,
          FAULT_REPEATED,
          SUPPRESSED,
          HELD,
          PASSED_OVER,
          ACTION_STARTED,
          ACTION_DONE,
          ACTION_FAILED,
          RUNG_FAILED,
          DEADLINE_MISSED,
          GAVE_UP,
          EXPIRED,
          ENDED,
          BREAKER_TRIPPED,
          COMMANDED,
          RELOADED,
          RELOAD_FAILED,
          TUNED,
          TRIAL_OVER ->
          type;
    };
  }

  private static String words(IncidentState state) {
    return state.word().replace('_', ' ');
  }

  private static String pad(String word) {
    return word + " ".repeat(Math.max(0, WORD_WIDTH - word.length()));
  }

  private static String safe(Object text) {
    return HumanRenderer.safe(text.toString());
  }
}
