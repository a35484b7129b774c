package dev.heal.dsl.tree;

import dev.heal.dsl.text.Span;
import java.util.List;
import java.util.Optional;

/** A line, or a part between commas, of a block. */
public sealed interface Statement {
  Span span();

  /** The word, or words, before a condition. */
  enum ConditionWord {
    WHEN("when"),
    CLEAR_WHEN("clear when"),
    CURED_WHEN("cured when"),
    WHERE("where"),
    CONFIRM("confirm"),
    START_WHEN("start when");

    private final String words;

    ConditionWord(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }
  }

  /** {@code when nvml.temperature >= hot for 60s}. */
  record Conditional(ConditionWord word, Condition condition, Span wordSpan, Span span)
      implements Statement {}

  /**
   * {@code word value* block?}; the vocabulary decides what may stand here. {@code or else { … }}
   * and {@code give up { … }} have the words {@code or else} and {@code give up}.
   *
   * @param word one word as written; only {@code or else} and {@code give up} are joined, by one
   *     blank. Further words of a statement are its values.
   * @param block empty where there is none
   * @param afterComma whether a comma, not a line end, stands before this statement
   */
  record Setting(
      String word,
      List<Value> values,
      Optional<List<Statement>> block,
      boolean afterComma,
      Span wordSpan,
      Span span)
      implements Statement {
    public Setting {
      values = List.copyOf(values);
      block = block.map(List::copyOf);
    }
  }
}
