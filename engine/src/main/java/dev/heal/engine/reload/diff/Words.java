package dev.heal.engine.reload.diff;

import com.google.re2j.Pattern;
import dev.heal.dsl.policy.Budget;
import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.policy.Site;
import dev.heal.dsl.policy.Wording;
import dev.heal.dsl.text.Span;
import dev.heal.dsl.tree.Value;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.dsl.vocabulary.Signal;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Whatever a checked policy is made of, as text: equal if and only if the meaning is. Places in
 * files are left out. What has no words of its own here is told by its parts, so that nothing that
 * the language learns goes unseen.
 */
final class Words {
  private static final int SUNDAY = 7;
  private static final List<String> DAYS = List.of("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun");

  private Words() {}

  /** One value. */
  static String of(Object value) {
    if (value instanceof Condition condition) {
      return Wording.of(condition);
    }
    if (value instanceof Duration span) {
      return Wording.span(span);
    }
    if (value instanceof Value written) {
      return written(written);
    }
    if (value instanceof Optional<?> optional) {
      return optional.map(Words::of).orElse("");
    }
    if (value instanceof OptionalInt number) {
      return number.isPresent() ? Integer.toString(number.getAsInt()) : "";
    }
    if (value instanceof OptionalDouble number) {
      return number.isPresent() ? share(number.getAsDouble()) : "";
    }
    if (value instanceof Collection<?> items) {
      return items.stream().map(Words::of).collect(Collectors.joining(", ", "[", "]"));
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, String> sorted = new TreeMap<>();
      map.forEach((key, item) -> sorted.put(of(key), of(item)));
      return sorted.entrySet().stream()
          .map(entry -> entry.getKey() + " " + entry.getValue())
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (value instanceof Record record) {
      return record(record);
    }
    return plain(value);
  }

  private static String plain(Object value) {
    if (value instanceof EntityKind kind) {
      return kind.word();
    }
    if (value instanceof Enum<?> constant) {
      return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
    if (value instanceof Boolean flag) {
      return flag ? "yes" : "no";
    }
    if (value instanceof Pattern pattern) {
      return "`" + pattern.pattern() + "`";
    }
    return value.toString();
  }

  private static String record(Record record) {
    if (record instanceof Policy.Cooldown cooldown) {
      return Wording.span(cooldown.span()) + " per " + cooldown.per().word();
    }
    if (record instanceof Policy.Attempts attempts) {
      return attempts.count() + " over " + Wording.span(attempts.over());
    }
    if (record instanceof Policy.Repeat repeat) {
      return "%d backoff %s..%s"
          .formatted(
              repeat.times(), Wording.span(repeat.backoffFrom()), Wording.span(repeat.backoffTo()));
    }
    if (record instanceof Policy.Act act) {
      return act(act);
    }
    if (record instanceof Fault.Suppression suppression) {
      return "[%s] same %s%s"
          .formatted(
              String.join(", ", suppression.children()),
              suppression.relation().word(),
              suppression.within().map(w -> " within " + Wording.span(w)).orElse(""));
    }
    if (record instanceof Budget.Limit limit) {
      return limit(limit);
    }
    if (record instanceof Budget.Keep keep) {
      return amount(keep.count(), keep.share()) + " " + of(keep.subject().plural()) + " healthy";
    }
    if (record instanceof Site.Window window) {
      return window(window);
    }
    if (record instanceof Signal signal) {
      return signal.toString();
    }
    return parts(record);
  }

  private static String act(Policy.Act act) {
    StringBuilder text = new StringBuilder(act.verb());
    act.target().ifPresent(target -> text.append(' ').append(target.word()));
    act.object().ifPresent(object -> text.append(' ').append(object));
    List<String> block = new ArrayList<>();
    new TreeMap<>(act.settings())
        .forEach(
            (word, values) ->
                block.add(
                    (word + " " + values.stream().map(Words::of).collect(Collectors.joining(" ")))
                        .strip()));
    if (act.waits() && !act.settings().containsKey("waits")) {
      block.add("waits");
    }
    if (act.undoAfter().isPresent() && !act.settings().containsKey("undo")) {
      block.add("undo after " + Wording.span(act.undoAfter().get()));
    }
    if (act.undoOnReset() && !act.settings().containsKey("undo")) {
      block.add("undo on reset");
    }
    return block.isEmpty() ? text.toString() : text + " { " + String.join(", ", block) + " }";
  }

  private static String limit(Budget.Limit limit) {
    StringBuilder text = new StringBuilder(amount(limit.count(), limit.share()));
    limit
        .subject()
        .ifPresent(
            kind -> text.append(limit.share().isPresent() ? " of " : " ").append(kind.plural()));
    limit.verb().ifPresent(verb -> text.append(' ').append(verb));
    limit.per().ifPresent(per -> text.append(" per ").append(per));
    if (limit.atLeast().isPresent()) {
      text.append(", at least ").append(limit.atLeast().getAsInt());
    }
    if (limit.atMost().isPresent()) {
      text.append(", at most ").append(limit.atMost().getAsInt());
    }
    return text + limit.window().map(w -> " over " + Wording.span(w)).orElse(" at once");
  }

  private static String amount(OptionalInt count, OptionalDouble share) {
    return count.isPresent() ? Integer.toString(count.getAsInt()) : of(share);
  }

  /** {@code 0.5} as {@code 50%}, exactly. */
  static String share(double share) {
    return BigDecimal.valueOf(share).movePointRight(2).stripTrailingZeros().toPlainString() + "%";
  }

  private static String window(Site.Window window) {
    int day = window.weekday().orElse(0);
    return "%s%02d:%02d %s %s"
        .formatted(
            day >= 1 && day <= SUNDAY ? DAYS.get(day - 1) + " " : "",
            window.minuteOfDay() / 60,
            window.minuteOfDay() % 60,
            Wording.span(window.length()),
            window.zone());
  }

  /** {@code http uri http://…, every 2s}. */
  private static String parts(Record record) {
    List<String> parts = new ArrayList<>();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      Object value = read(record, component);
      String text = value instanceof Span ? "" : of(value);
      if (!text.isEmpty() && !text.equals("{}") && !text.equals("[]")) {
        parts.add(word(component.getName()) + " " + text);
      }
    }
    return (word(record.getClass().getSimpleName()) + " " + String.join(", ", parts)).strip();
  }

  /** A component of a record. */
  static Object read(Record record, RecordComponent component) {
    try {
      return component.getAccessor().invoke(record);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("records of policies are public", e);
    }
  }

  /** {@code clearAfter} as {@code clear after}. */
  static String word(String name) {
    return name.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
  }

  private static String written(Value value) {
    if (value instanceof Value.Quantity quantity) {
      return quantity.parts().stream()
          .map(part -> part.number().stripTrailingZeros().toPlainString() + part.unit())
          .collect(Collectors.joining());
    }
    if (value instanceof Value.Text text) {
      return '"' + text.text() + '"';
    }
    if (value instanceof Value.Pattern pattern) {
      return "`" + pattern.text() + "`";
    }
    if (value instanceof Value.Range range) {
      return of(range.from()) + ".." + of(range.to());
    }
    if (value instanceof Value.ListOf list) {
      return of(list.items());
    }
    if (value instanceof Value.Word word) {
      return word.name().text();
    }
    if (value instanceof Value.Comparison comparison) {
      return comparison.operator().sign();
    }
    throw new IllegalStateException("a new kind of value: " + value);
  }
}
