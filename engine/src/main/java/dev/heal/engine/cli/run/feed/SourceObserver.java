package dev.heal.engine.cli.run.feed;

/** Is told what an operator should know of sources, once each time that it changes. */
public interface SourceObserver {
  /**
   * From any thread; it must not wait.
   *
   * @param text a sentence without a full stop: {@code cannot be reached: no connection}
   */
  void told(String source, String text);

  /** A source has thrown: a mistake of ours. Its next turn comes. */
  void failed(String source, RuntimeException bug);
}
