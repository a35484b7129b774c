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
 * @param releases whether the breaker and suppression let it pass ({@code throttle}, {@code page})
 */
public record Verb(
    String name,
    Set<EntityKind> targets,
    boolean reversible,
    Set<EntityKind> destructive,
    List<Setting> settings,
    boolean releases,
    String doc) {
  public Verb {
    targets = Set.copyOf(targets);
    destructive = Set.copyOf(destructive);
    settings = List.copyOf(settings);
  }

  /**
   * A setting of a verb.
   *
   * @param shape what stands behind the word, in the vocabulary's own notation
   */
  public record Setting(String word, String shape, boolean required, String doc) {}
}
