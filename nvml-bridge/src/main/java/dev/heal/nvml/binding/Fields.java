package dev.heal.nvml.binding;

import dev.heal.nvml.answer.Answer;
import java.util.Map;
import java.util.Objects;

/** The fields that one call has read. */
public record Fields(Map<FieldId, Answer<Long>> answers) {
  public Fields {
    answers = Map.copyOf(answers);
  }

  /** One of those that were asked for. */
  public Answer<Long> of(FieldId field) {
    return Objects.requireNonNull(answers.get(field), () -> field + " was not asked for");
  }
}
