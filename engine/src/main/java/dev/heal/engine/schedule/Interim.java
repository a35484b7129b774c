package dev.heal.engine.schedule;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is in force for a time, and what was seen of it so far: what the next engine goes on with.
 *
 * @param wouldHaveActed how often each policy on trial would have begun a repair
 */
public record Interim(Deviations deviations, Map<String, Integer> wouldHaveActed) {
  /** All is as the files say. */
  public static final Interim NONE = new Interim(Deviations.NONE, Map.of());

  private static final String WOULD = "would=";

  public Interim {
    wouldHaveActed = Collections.unmodifiableMap(new TreeMap<>(wouldHaveActed));
  }

  public boolean isNone() {
    return deviations.isNone();
  }

  /** It in words that {@link #parse} reads: {@code would=cool=2} behind those of deviations. */
  public List<String> words() {
    List<String> words = new ArrayList<>(deviations.words());
    wouldHaveActed.forEach((policy, times) -> words.add(WOULD + policy + "=" + times));
    return words;
  }

  /** Empty where the words are of another version. */
  public static Optional<Interim> parse(List<String> words) {
    Map<String, Integer> would = new TreeMap<>();
    List<String> others = new ArrayList<>();
    for (String word : words) {
      if (!word.startsWith(WOULD)) {
        others.add(word);
        continue;
      }
      int equals = word.lastIndexOf('=');
      try {
        String policy = word.substring(Math.min(WOULD.length(), equals + 1), equals);
        would.put(policy, Integer.parseInt(word.substring(equals + 1)));
      } catch (NumberFormatException | StringIndexOutOfBoundsException ofAnotherVersion) {
        return Optional.empty();
      }
    }
    return Deviations.parse(others).map(deviations -> new Interim(deviations, would));
  }
}
