package dev.heal.engine.cli.run;

import dev.heal.engine.cli.run.feed.Places;
import dev.heal.engine.journal.Change;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Places in the journal, each durable with what was decided on the facts before it. */
final class KeptPlaces implements Places {
  private static final String PREFIX = "place ";
  private static final char BETWEEN = '\t';

  private final Map<String, String> kept;
  private final Consumer<Change.Kept> keeper;

  /**
   * @param kept what the journal has
   * @param keeper is told on the loop's thread
   */
  KeptPlaces(Map<String, String> kept, Consumer<Change.Kept> keeper) {
    this.kept = new ConcurrentHashMap<>(kept);
    this.keeper = keeper;
  }

  private static String prefix(String source) {
    return PREFIX + source + BETWEEN;
  }

  @Override
  public Map<String, String> of(String source) {
    Map<String, String> places = new TreeMap<>();
    kept.forEach(
        (name, value) -> {
          if (name.startsWith(prefix(source))) {
            places.put(name.substring(prefix(source).length()), value);
          }
        });
    return places;
  }

  @Override
  public void keep(String source, String key, String place) {
    kept.put(prefix(source) + key, place);
    keeper.accept(new Change.Kept(prefix(source) + key, Optional.of(place)));
  }

  @Override
  public void drop(String source, String key) {
    kept.remove(prefix(source) + key);
    keeper.accept(new Change.Kept(prefix(source) + key, Optional.empty()));
  }
}
