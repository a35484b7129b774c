package dev.heal.nvml.binding;

import dev.heal.nvml.answer.Answer;
import java.util.Map;
import java.util.Objects;

/** The fields that one call has read. */
public final class Fields {
  private final Map<FieldId, Answer<Long>> answers;

  /** Of a map that nobody changes any more. */
  Fields(Map<FieldId, Answer<Long>> answers) {
    this.answers = answers;
  }

  /** One of those that were asked for. */
  public Answer<Long> of(FieldId field) {
    return Objects.requireNonNull(answers.get(field), () -> field + " was not asked for");
  }
}
