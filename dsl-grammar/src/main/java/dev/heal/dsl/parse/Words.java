package dev.heal.dsl.parse;

import dev.heal.dsl.tree.Declaration.BlockKind;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** The words that open declarations, and the nearest to a mistyped one. */
final class Words {
  static final Set<String> TOP = top();

  private Words() {}

  private static Set<String> top() {
    Set<String> words = new LinkedHashSet<>(Set.of("import", "let", "tune"));
    for (BlockKind kind : BlockKind.values()) {
      words.add(kind.word());
    }
    return words;
  }

  /** The word closest to {@code written}, where one is close. */
  static Optional<String> near(String written, Collection<String> words) {
    Optional<String> best = Optional.empty();
    int bestDistance = Math.max(1, written.length() / 3) + 1;
    for (String word : words.stream().sorted().toList()) {
      int distance = distance(written, word);
      if (distance < bestDistance) {
        bestDistance = distance;
        best = Optional.of(word);
      }
    }
    return best;
  }

  private static int distance(String a, String b) {
    if (Math.abs(a.length() - b.length()) > 8) {
      return Integer.MAX_VALUE;
    }
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
