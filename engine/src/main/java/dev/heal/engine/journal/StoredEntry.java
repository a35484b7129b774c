package dev.heal.engine.journal;

import java.util.Objects;

/**
 * An entry in its place.
 *
 * @param sequence grows with each entry
 */
public record StoredEntry(long sequence, Change.Noted noted) {
  public StoredEntry {
    Objects.requireNonNull(noted);
  }
}
