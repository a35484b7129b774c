package dev.heal.engine.cli.run.feed;

/** A source of this host that hands over what it hears. */
public interface Feed extends AutoCloseable {
  /** Begins; what cannot be begun is told to the {@link Reporter}, and tried again where it can. */
  void start();

  /** Ends; when this returns, nothing more is handed over. */
  @Override
  void close();
}
