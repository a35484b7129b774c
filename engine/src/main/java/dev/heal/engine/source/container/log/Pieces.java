package dev.heal.engine.source.container.log;

/** Takes what comes of a log. */
interface Pieces {
  /** A line, or a part of one, with its stamp in front. */
  void piece(Channel channel, byte[] bytes);

  /** What came at once is over. */
  void readAtOnce();
}
