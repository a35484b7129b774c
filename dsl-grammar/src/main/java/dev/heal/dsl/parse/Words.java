package dev.heal.dsl.parse;

import dev.heal.dsl.tree.Declaration.BlockKind;
import java.util.LinkedHashSet;
import java.util.Set;

/** The words that open declarations. */
final class Words {
  /** Those that have no block. */
  static final Set<String> LINES = Set.of("import", "let", "tune");

  static final Set<String> TOP = top();

  private Words() {}

  private static Set<String> top() {
    Set<String> words = new LinkedHashSet<>(LINES);
    for (BlockKind kind : BlockKind.values()) {
      words.add(kind.word());
    }
    return words;
  }
}
