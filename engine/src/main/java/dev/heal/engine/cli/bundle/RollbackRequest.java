package dev.heal.engine.cli.bundle;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * What {@code heal rollback} says to the running engine: {@code rollback}, {@code generation=12},
 * {@code cancel=yes}.
 *
 * @param generation to go back to; empty: the last one that was in force before this one
 * @param cancel whether the running repairs of the bad generation stop at their next step
 */
public record RollbackRequest(OptionalLong generation, boolean cancel) {
  /** The command, for the engine. */
  public static final String WORD = "rollback";

  private static final String GENERATION = "generation=";
  private static final String CANCEL = "cancel=yes";
  private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,17}");

  /** As words. */
  public List<String> words() {
    List<String> words = new ArrayList<>(List.of(WORD));
    if (generation.isPresent()) {
      words.add(GENERATION + generation.getAsLong());
    }
    if (cancel) {
      words.add(CANCEL);
    }
    return words;
  }

  /**
   * Reads words; others with an {@code =}, such as a reason, are left to others.
   *
   * @return empty where they are no rollback, or one that makes no sense
   */
  public static Optional<RollbackRequest> parse(List<String> words) {
    if (words.isEmpty() || !words.get(0).equals(WORD)) {
      return Optional.empty();
    }
    OptionalLong generation = OptionalLong.empty();
    boolean cancel = false;
    for (String word : words.subList(1, words.size())) {
      if (word.startsWith(GENERATION)) {
        OptionalLong number = number(word.substring(GENERATION.length()));
        if (number.isEmpty() || generation.isPresent()) {
          return Optional.empty();
        }
        generation = number;
      } else if (word.equals(CANCEL)) {
        cancel = true;
      } else if (word.indexOf('=') < 1 || word.startsWith("cancel=")) {
        return Optional.empty();
      }
    }
    return Optional.of(new RollbackRequest(generation, cancel));
  }

  /** The number of a generation as typed. */
  public static OptionalLong number(String text) {
    return NUMBER.matcher(text).matches()
        ? OptionalLong.of(Long.parseLong(text))
        : OptionalLong.empty();
  }
}
