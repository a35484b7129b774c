package dev.heal.engine.cli.control;

import java.util.Optional;
import java.util.regex.Pattern;

/** How a fault on an entity is named on the command line. */
final class FaultWords {
  private static final Pattern ENTITY = Pattern.compile("(node|gpu|service|job):.+");

  private FaultWords() {}

  static Optional<String> mistake(String entity) {
    return ENTITY.matcher(entity).matches()
        ? Optional.empty()
        : Optional.of("`%s` is no entity, such as gpu:n1/0 or service:n1/llm".formatted(entity));
  }
}
