package dev.heal.engine.source.journald;

import java.util.Objects;

/**
 * An entry of the journal.
 *
 * @param cursor its place in the journal
 * @param unit whose it is: {@code vllm.service}; empty for the kernel's
 * @param kernel whether the kernel wrote it
 * @param message its text, which may have several lines
 * @param json the entry as journalctl writes it, on one line: what the log parser takes
 */
public record JournalEntry(
    String cursor, String unit, boolean kernel, String message, String json) {
  public JournalEntry {
    Objects.requireNonNull(unit);
    Objects.requireNonNull(message);
    Objects.requireNonNull(json);
    if (cursor.isEmpty()) {
      throw new IllegalArgumentException("an entry has a place");
    }
  }
}
