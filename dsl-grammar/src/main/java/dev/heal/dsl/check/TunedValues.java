package dev.heal.dsl.check;

import dev.heal.dsl.parse.HealFileParser;
import dev.heal.dsl.parse.ParseResult;
import dev.heal.dsl.text.SourceFile;
import dev.heal.dsl.tree.Declaration;
import dev.heal.dsl.tree.Value;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Values that an operator has set in place of those that the files give their tunes. */
final class TunedValues {
  /** What stands for the file in which such a value is written. */
  static final String PLACE = "heal tune";

  private final Map<String, Value.Quantity> values = new HashMap<>();

  /** What was set; what is no quantity is left out. */
  static TunedValues of(Map<String, String> tuned) {
    TunedValues values = new TunedValues();
    tuned.forEach((name, text) -> quantity(text).ifPresent(q -> values.values.put(name, q)));
    return values;
  }

  /** The quantity that a text is, with its place in a file of its own. */
  static Optional<Value.Quantity> quantity(String text) {
    if (text.indexOf('\n') >= 0 || text.indexOf('#') >= 0) {
      return Optional.empty();
    }
    ParseResult parsed =
        HealFileParser.parse(new SourceFile(PLACE, "heal 1\nlet value = " + text + "\n"));
    if (parsed.diagnostics().isEmpty()
        && parsed.tree().declarations().size() == 1
        && parsed.tree().declarations().get(0) instanceof Declaration.Let let
        && let.value() instanceof Value.Quantity quantity) {
      return Optional.of(quantity);
    }
    return Optional.empty();
  }

  /** What counts for a tune: what was set, else what its file says. */
  Value of(String qualified, Declaration.Tune tune) {
    Value.Quantity set = values.get(qualified);
    return set == null ? tune.value() : set;
  }
}
