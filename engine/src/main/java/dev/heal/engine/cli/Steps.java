package dev.heal.engine.cli;

import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;

/** The steps of a simulation on their way to the reader, counted. */
final class Steps {
  private final Console console;
  private final boolean json;
  private final boolean hold;
  private final StringBuilder held = new StringBuilder();
  private final Timeline timeline;
  private final Map<EntryType, Integer> counts = new EnumMap<>(EntryType.class);
  private OptionalLong factsEndAt = OptionalLong.empty();

  /**
   * Begins with none.
   *
   * @param hold whether nothing is shown before {@link #flush}
   */
  Steps(Console console, boolean json, boolean hold) {
    this.console = console;
    this.json = json;
    this.hold = hold;
    this.timeline = new Timeline(console.colourAllowed());
  }

  /** The facts end here: what follows comes of the passing of time, and of modelled acts. */
  void factsEnd(long at) {
    factsEndAt = OptionalLong.of(at);
  }

  void take(Entry entry) {
    counts.merge(entry.type(), 1, Integer::sum);
    if (!json && factsEndAt.isPresent()) {
      show(timeline.factsEnd(factsEndAt.getAsLong()));
      factsEndAt = OptionalLong.empty();
    }
    show(json ? EntryJson.of(entry) : timeline.line(entry));
  }

  private void show(String text) {
    if (hold) {
      held.append(text);
    } else {
      console.out().print(text);
    }
  }

  /** Shows what was held. */
  void flush() {
    console.out().print(held);
    held.setLength(0);
  }

  /** {@code 3 faults raised, 2 repairs confirmed, 1 deadline missed}. */
  String summary() {
    return "%s raised, %s confirmed, %d gave up, %s missed"
        .formatted(
            many(EntryType.FAULT_RAISED, "fault"),
            many(EntryType.CONFIRMED, "step"),
            count(EntryType.GAVE_UP),
            many(EntryType.DEADLINE_MISSED, "deadline"));
  }

  private int count(EntryType type) {
    return counts.getOrDefault(type, 0);
  }

  private String many(EntryType type, String word) {
    int count = count(type);
    return count + " " + word + (count == 1 ? "" : "s");
  }
}
