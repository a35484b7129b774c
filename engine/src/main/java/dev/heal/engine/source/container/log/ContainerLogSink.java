package dev.heal.engine.source.container.log;

/** Takes what is read, on one thread; it must not wait. */
public interface ContainerLogSink {
  /**
   * A line.
   *
   * @param place behind it
   */
  void line(Channel channel, String text, LogPlace place);

  /** All lines up to this place were given: what was read at once is over. */
  void upTo(Channel channel, LogPlace place);

  /** The log is read, or there is no such container. */
  void found();

  /** It is not read any more, and will be tried again. */
  void lost(String why);

  /** Lines may be missing. */
  void gap(String why);
}
