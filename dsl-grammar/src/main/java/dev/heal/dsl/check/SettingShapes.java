package dev.heal.dsl.check;

import dev.heal.dsl.check.FileLowering.Workshop;
import dev.heal.dsl.text.Span;
import dev.heal.dsl.tree.Statement;
import dev.heal.dsl.tree.Value;
import dev.heal.dsl.vocabulary.Dimension;
import dev.heal.dsl.vocabulary.Verb;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether what stands behind a setting of a verb has one of the shapes that the vocabulary names:
 * words as they are written, and {@code <power>}, {@code <count>}, {@code <text>}, {@code <name>}.
 */
final class SettingShapes {
  private static final int MOST = 1000;

  private final Findings findings;
  private final Workshop workshop;

  SettingShapes(Findings findings, Workshop workshop) {
    this.findings = findings;
    this.workshop = workshop;
  }

  /**
   * The values: names of {@code let} resolved, numbers but times in base units. Empty, with a
   * message, where they fit no shape.
   */
  Optional<List<Value>> fitted(Statement.Setting setting, Verb.Setting known) {
    for (String shape : known.shapes()) {
      List<String> wanted = shape.isEmpty() ? List.of() : List.of(shape.split(" "));
      if (hasWords(setting.values(), wanted)) {
        return values(setting.values(), wanted);
      }
    }
    findings.add(
        CheckCode.H0305,
        setting.span(),
        "`" + setting.word() + "` is not written in this way",
        "write " + words(known));
    return Optional.empty();
  }

  private static boolean hasWords(List<Value> values, List<String> wanted) {
    if (values.size() != wanted.size()) {
      return false;
    }
    for (int i = 0; i < wanted.size(); i++) {
      String word = wanted.get(i);
      if (!word.startsWith("<") && !PolicyLowering.isWord(values.get(i), word)) {
        return false;
      }
    }
    return true;
  }

  private Optional<List<Value>> values(List<Value> values, List<String> wanted) {
    List<Value> fitted = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      Value value = values.get(i);
      String word = wanted.get(i);
      if (word.startsWith("<")) {
        value(value, word.substring(1, word.length() - 1)).ifPresent(fitted::add);
      } else {
        fitted.add(value);
      }
    }
    return fitted.size() == wanted.size() ? Optional.of(fitted) : Optional.empty();
  }

  private Optional<Value> value(Value value, String kind) {
    Value resolved = workshop.conditions().literals().resolved(value);
    return switch (kind) {
      case "count" ->
          workshop.quantities().count(value, 1, MOST).isPresent()
              ? Optional.of(resolved)
              : Optional.empty();
      case "time" -> workshop.quantities().duration(value).map(span -> resolved);
      case "text", "name" -> isText(value, kind) ? Optional.of(resolved) : Optional.empty();
      default -> {
        Dimension dimension = Dimension.valueOf(kind.toUpperCase(Locale.ROOT));
        yield workshop
            .conditions()
            .literals()
            .number(value, dimension)
            .map(number -> inBaseUnit(number, dimension, resolved.span()));
      }
    };
  }

  private static Value inBaseUnit(double number, Dimension dimension, Span written) {
    Value.Quantity.Part part =
        new Value.Quantity.Part(BigDecimal.valueOf(number), dimension.baseUnit());
    return new Value.Quantity(List.of(part), written);
  }

  private boolean isText(Value written, String kind) {
    Value value = workshop.conditions().literals().resolved(written);
    if (value instanceof Value.Text || (kind.equals("name") && value instanceof Value.Word)) {
      return true;
    }
    findings.add(
        CheckCode.H0305,
        written.span(),
        "`" + written.span().text() + "` is not a " + kind,
        kind.equals("text") ? Optional.of("write it in double quotes") : Optional.empty());
    return false;
  }

  /** {@code `undo after 2h` or `undo on reset`}. */
  static String words(Verb.Setting known) {
    List<String> ways = new ArrayList<>();
    for (String shape : known.shapes()) {
      String example = shape;
      for (Dimension dimension : Dimension.values()) {
        String given = Quantities.example(dimension);
        example =
            example.replace(
                "<" + dimension.name().toLowerCase(Locale.ROOT) + ">",
                given.substring(given.indexOf('`') + 1).replaceAll("`.*", ""));
      }
      example =
          example.replace("<count>", "3").replace("<text>", "\"…\"").replace("<name>", "\"…\"");
      ways.add("`" + (known.word() + " " + example).strip() + "`");
    }
    return String.join(" or ", ways);
  }
}
