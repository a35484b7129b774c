package dev.heal.engine.source.hosted;

/** Takes what is known of hosted services, on one thread of the source; it must not wait. */
public interface HostedSink {
  /** Something is known. */
  void event(HostedEvent event);

  /** The keeper is reached: what is told from here on is so. */
  void found();

  /** The keeper cannot be reached: nothing is known any more. */
  void lost(String why);

  /** What an operator should know of one of them. */
  void note(String name, String text);
}
