package dev.heal.engine.source.kmsg;

/** Takes what the kernel says, on the reader's thread. */
public interface KmsgSink {
  /** A record, in the order of sequence numbers. */
  void record(KmsgRecord record);

  /**
   * Records are missing before the one that comes next.
   *
   * @param lost how many: the numbers that were left out
   * @param total lost since the reader was started
   */
  void gap(long lost, long total);

  /**
   * Bytes that are no record were read.
   *
   * @param text the first 200 characters of them
   */
  void unreadable(String text);

  /** Nothing more will come. */
  void ended(String reason);
}
