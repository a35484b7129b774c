package dev.heal.engine.cli.run.feed;

import java.io.IOException;
import java.util.List;

/** A source that is joined to the loop. */
public interface Feed extends AutoCloseable {
  /**
   * Begins; once.
   *
   * @throws IOException where it cannot, in an operator's words; what is merely not there yet is
   *     waited for, and shown by {@link #status}
   */
  void start() throws IOException;

  /** How its sources are, by name. From any thread. */
  List<SourceStatus> status();

  /** Ends; what is on its way may still be handed over. */
  @Override
  void close();
}
