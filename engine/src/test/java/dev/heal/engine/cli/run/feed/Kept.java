package dev.heal.engine.cli.run.feed;

import java.util.Map;
import java.util.TreeMap;

/** What survives an engine. */
final class Kept implements Places {
  private final Map<String, String> places = new TreeMap<>();

  @Override
  public synchronized Map<String, String> of(String source) {
    return new TreeMap<>(places);
  }

  @Override
  public synchronized void keep(String source, String key, String place) {
    places.put(key, place);
  }

  @Override
  public synchronized void drop(String source, String key) {
    places.remove(key);
  }
}
