package dev.heal.dsl.vocabulary;

import java.util.List;
import java.util.Set;

/**
 * Something that can be done.
 *
 * @param targets the kinds of entity it acts on; empty for {@code page}, whose target is a pager
 * @param reversible undone when the fault clears ({@code throttle}, {@code degrade})
 * @param destructive needs a budget ({@code restart node}, {@code reset gpu}, {@code migrate}); per
 *     target: the kinds on which it is destructive
 * @param settings the words of its block
 * @param interrupts whether it takes its target out of service or moves what runs there: of two
 *     such verbs only one may be at work on an entity
 * @param releases whether the breaker and suppression let it pass ({@code throttle}, {@code page})
 */
public record Verb(
    String name,
    Set<EntityKind> targets,
    boolean reversible,
    Set<EntityKind> destructive,
    List<Setting> settings,
    boolean releases,
    boolean interrupts,
    String doc) {
  public Verb {
    targets = Set.copyOf(targets);
    destructive = Set.copyOf(destructive);
    settings = List.copyOf(settings);
  }

  /**
   * A setting of a verb.
   *
   * @param shapes the ways in which something may stand behind the word: words as they are written,
   *     and {@code <power>} and the like for a quantity, {@code <count>}, {@code <text>}, {@code
   *     <name>}; an empty one where the word stands alone
   */
  public record Setting(String word, List<String> shapes, boolean required) {
    public Setting {
      shapes = List.copyOf(shapes);
    }
  }
}
