package dev.heal.engine.source.journald;

/** Takes what is read; it must not wait. Entries come on one thread at a time. */
public interface JournalSink {
  /** An entry, in the order of the journal. */
  void entry(JournalEntry entry);

  /** All entries up to this cursor were given: what was read at once is over. */
  void upTo(String cursor);

  /** The journal is read. */
  void found();

  /** It is not read any more, and will be tried again. */
  void lost(String why);

  /** Entries may be missing. */
  void gap(String why);

  /** A line that is no entry, or was longer than 64 KiB. */
  void unreadable(String line);

  /** What journalctl says besides: that it may not read everything, for example. */
  void said(String line);
}
