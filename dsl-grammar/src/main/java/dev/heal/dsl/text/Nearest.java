package dev.heal.dsl.text;

import java.util.Collection;
import java.util.Optional;

/** The known word that a mistyped one was meant to be. */
public final class Nearest {
  private static final int LONGEST = 60;

  private Nearest() {}

  /** The closest of the known words, in alphabetical order; empty where none is close. */
  public static Optional<String> to(String written, Collection<String> known) {
    if (written.length() > LONGEST) {
      return Optional.empty();
    }
    Optional<String> best = Optional.empty();
    int bestDistance = Math.max(1, written.length() / 3) + 1;
    for (String word : known.stream().sorted().toList()) {
      int distance = distance(written, word);
      if (distance < bestDistance) {
        bestDistance = distance;
        best = Optional.of(word);
      }
    }
    return best;
  }

  /** Levenshtein's distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int same = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(same, Math.min(above, row[j - 1]) + 1);
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
