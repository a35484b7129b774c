package dev.heal.engine.cli.run.feed;

import java.util.Map;

/**
 * Keeps how far sources were read, so that the next engine goes on there. A place is handed over on
 * the loop's thread with the facts that come before it: whoever makes both durable at once loses
 * nothing and doubles nothing.
 */
public interface Places {
  /** Keeps nothing: each engine begins with what is new. */
  Places NONE =
      new Places() {
        @Override
        public Map<String, String> of(String source) {
          return Map.of();
        }

        @Override
        public void keep(String source, String key, String place) {}

        @Override
        public void drop(String source, String key) {}
      };

  /** What was kept of a source, by this engine or one before it, by key. */
  Map<String, String> of(String source);

  /**
   * It was read so far.
   *
   * @param key tells the places of one source apart: a file
   * @param place without line feeds, at most a few hundred characters
   */
  void keep(String source, String key, String place);

  /** This place is not needed any more. */
  void drop(String source, String key);
}
