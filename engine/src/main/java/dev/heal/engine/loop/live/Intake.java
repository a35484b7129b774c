package dev.heal.engine.loop.live;

import dev.heal.engine.source.inbox.Importance;
import java.time.Duration;

/** Where sources hand over what they heard. From any thread; it never waits. */
public interface Intake {
  /** About what a few facts take. */
  int USUAL_BYTES = 256;

  /** The source is to be heard each {@code every} from now on: else it is silent. */
  default void expects(String name, Duration every) {}

  /** The source is there, and speaks when something happens. */
  default void listens(String name) {}

  /**
   * Takes what a source heard, or drops it and counts that.
   *
   * @param name the source, as it is named where it is dropped: {@code child llm}, {@code
   *     /var/log/x.log}
   * @param facts makes the facts, at the stamp of their entry
   */
  default void heard(Importance importance, String name, Source facts) {
    heard(importance, name, facts, USUAL_BYTES);
  }

  /**
   * Takes what a source heard, or drops it and counts that.
   *
   * @param bytes about how much memory it takes
   */
  void heard(Importance importance, String name, Source facts, int bytes);
}
