package dev.heal.engine.cli.run.feed;

/** Hears what is wrong with sources. From any thread. */
public interface Reporter {
  /**
   * Something was not heard, and may be missing.
   *
   * @param source as it is named everywhere: {@code kmsg}, {@code log llm}
   * @param what in the operator's words
   */
  void lost(String source, String what);

  /** A source has thrown: a mistake of ours. Its next turn comes. */
  void bug(String source, RuntimeException bug);
}
