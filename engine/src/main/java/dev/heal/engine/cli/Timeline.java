package dev.heal.engine.cli;

import dev.heal.dsl.diagnostic.HumanRenderer;
import dev.heal.engine.decide.Times;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Steps for a tired person: the time of day, the number of the incident, how long it has been going
 * on, what happened, and why. An incident is one spell of a raised fault; a line names the fault
 * when it begins, and its number from then on.
 */
final class Timeline {
  private static final int DAY_LENGTH = 10;
  private static final int WORD_WIDTH = 15;
  private static final long MILLISECOND = 1_000_000L;
  private static final long SECOND = 1_000 * MILLISECOND;

  private static final String RED = "\u001b[31m";
  private static final String GREEN = "\u001b[32m";
  private static final String YELLOW = "\u001b[33m";
  private static final String DIM = "\u001b[2m";
  private static final String BOLD = "\u001b[1m";
  private static final String PLAIN = "\u001b[0m";

  private record Incident(long number, long since) {}

  private final boolean colour;
  private final Map<FaultInstance, Incident> incidents = new HashMap<>();
  private int count;
  private String day = "";

  Timeline(boolean colour) {
    this.colour = colour;
  }

  /** The line, with its line end, and a line for the day where it begins. */
  String line(Entry entry) {
    return line(entry, entry.instance().map(i -> incident(entry, i)));
  }

  /** The same, of an incident that the journal has numbered. */
  String line(Entry entry, OptionalLong number) {
    return line(
        entry,
        number.isPresent()
            ? entry.instance().map(i -> incident(entry, i, number.getAsLong()))
            : Optional.empty());
  }

  private String line(Entry entry, Optional<Incident> incident) {
    String iso = Times.iso(entry.at());
    StringBuilder text = new StringBuilder();
    String today = iso.substring(0, DAY_LENGTH);
    if (!today.equals(day)) {
      text.append(painted(BOLD, today + " (UTC)")).append('\n');
      day = today;
    }
    text.append(iso, DAY_LENGTH + 1, iso.length() - 1)
        .append(incident.map(i -> "  #%-3d".formatted(i.number())).orElse("      "))
        .append(painted(DIM, "%-11s".formatted(elapsed(entry, incident))))
        .append(painted(paint(entry.type()), pad(word(entry))))
        .append(' ')
        .append(HumanRenderer.safe(subject(entry)));
    String why = HumanRenderer.safe(entry.because());
    return text.append(painted(DIM, ": " + why)).append('\n').toString();
  }

  /** The line behind which there are no more facts. */
  String factsEnd(long at) {
    String iso = Times.iso(at);
    return painted(DIM, iso.substring(DAY_LENGTH + 1, iso.length() - 1) + "  ---- the facts end")
        + "\n";
  }

  /** A line by itself, without its line end; {@code start} is the moment shown as {@code +0s}. */
  static String alone(Entry entry, long start) {
    return "%-12s  %s %s: %s"
        .formatted(
            "+" + Times.words(entry.at() - start),
            pad(word(entry)),
            HumanRenderer.safe(subject(entry)),
            HumanRenderer.safe(entry.because()));
  }

  private Incident incident(Entry entry, FaultInstance instance) {
    boolean begins = entry.type() == EntryType.FAULT_RAISED || !incidents.containsKey(instance);
    Incident known =
        begins
            ? new Incident(++count, entry.at())
            : incidents.getOrDefault(instance, new Incident(0, entry.at()));
    incidents.put(instance, known);
    return known;
  }

  private Incident incident(Entry entry, FaultInstance instance, long number) {
    Incident known = incidents.get(instance);
    if (known == null || known.number() != number) {
      known = new Incident(number, entry.at());
      incidents.put(instance, known);
    }
    return known;
  }

  /** What happened, to what and why, in one line without its time. */
  static String words(Entry entry) {
    return "%s %s: %s"
        .formatted(
            word(entry).toLowerCase(Locale.ROOT),
            HumanRenderer.safe(subject(entry)),
            HumanRenderer.safe(entry.because()));
  }

  private static String elapsed(Entry entry, Optional<Incident> incident) {
    return incident
        .map(Incident::since)
        .filter(since -> entry.at() - since >= MILLISECOND)
        .map(since -> "+" + Times.words(rounded(entry.at() - since)))
        .orElse("");
  }

  /** To whole seconds where it is more than one: the deadline is what a reader compares it with. */
  private static long rounded(long nanos) {
    return nanos < SECOND ? nanos : nanos / SECOND * SECOND;
  }

  private static String word(Entry entry) {
    String type = entry.type().word().replace('_', ' ');
    return switch (entry.type()) {
      case DECISION -> entry.outcome().map(o -> o.equals("observe") ? "would do" : o).orElse(type);
      case FAULT_RAISED -> type.toUpperCase(Locale.ROOT);
      case CONFIRMED -> entry.outcome().filter("assumed"::equals).isPresent() ? "assumed" : type;
      case REVERTED ->
          entry.outcome().filter("failed"::equals).isPresent() ? "not undone" : "undone";
      default -> type;
    };
  }

  private static String pad(String word) {
    return word + " ".repeat(Math.max(0, WORD_WIDTH - word.length()));
  }

  /** What the line is about: the fault where it begins, ends or is given up, else the act. */
  private static String subject(Entry entry) {
    String fault = entry.instance().map(FaultInstance::toString).orElse("");
    if (entry.verb().isEmpty()) {
      return entry.type() == EntryType.FAULT_RAISED || entry.policy().isEmpty()
          ? fault
          : fault + " by " + entry.policy().get();
    }
    return entry.verb().get() + entry.target().map(target -> " " + target).orElse("");
  }

  private String painted(String paint, String text) {
    return colour && !paint.isEmpty() ? paint + text + PLAIN : text;
  }

  private static String paint(EntryType type) {
    return switch (type) {
      case FAULT_RAISED,
          ACTION_FAILED,
          RUNG_FAILED,
          DEADLINE_MISSED,
          GAVE_UP,
          BREAKER_TRIPPED,
          RELOAD_FAILED ->
          RED;
      case FAULT_CLEARED, CONFIRMED, ACTION_DONE, REVERTED -> GREEN;
      case HELD, SUPPRESSED, PASSED_OVER, EXPIRED, FAULT_REPEATED -> YELLOW;
      case DECISION, ACTION_STARTED, COMMANDED, RELOADED, TUNED, TRIAL_OVER -> BOLD;
      case ENDED -> "";
    };
  }
}
