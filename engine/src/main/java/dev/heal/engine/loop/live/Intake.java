package dev.heal.engine.loop.live;

import dev.heal.engine.source.inbox.Importance;

/** Where sources hand over what they heard. From any thread; it never waits. */
public interface Intake {
  /**
   * Takes what a source heard, or drops it and counts that.
   *
   * @param source what is named where it is dropped: {@code child llm}, {@code /var/log/x.log}
   * @param facts makes the facts, at the stamp of their entry
   */
  void heard(Importance importance, String source, Input.Heard.Source facts);
}
