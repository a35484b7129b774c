package dev.heal.engine.reload.diff;

import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.Means;
import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.text.Span;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An item as its lines, by their words: {@code for} to {@code 60s}. Made from the parts of its
 * record, so that a part that is new there is compared as well.
 */
final class Facets {
  /**
   * A line: a text, a list of which each entry counts, or a condition.
   *
   * @param meaning equal if and only if the two mean the same; the text may be rounded
   */
  record Facet(
      String meaning, String text, Optional<List<String>> entries, Optional<Condition> condition) {
    private static Facet of(String text) {
      return new Facet(text, text, Optional.empty(), Optional.empty());
    }

    private Facet map(UnaryOperator<String> change) {
      return new Facet(
          change.apply(meaning),
          change.apply(text),
          entries.map(all -> all.stream().map(change).toList()),
          condition);
    }
  }

  /** What is compared in another way, or follows from other parts. */
  private static final Set<String> LEFT_OUT = Set.of("name", "order", "rungs");

  /** The words of the language, where the record has others. */
  private static final Map<String, String> WORDS =
      Map.ofEntries(
          Map.entry("entity", "on"),
          Map.entry("clear", "clear when"),
          Map.entry("cured", "cured when"),
          Map.entry("captures", "capture"),
          Map.entry("faults", "on fault"),
          Map.entry("budgets", "budget"),
          Map.entry("limits", "limit"),
          Map.entry("keeps", "keep"),
          Map.entry("all", "applies to all"),
          Map.entry("pager", "page"),
          Map.entry("windows", "window"),
          Map.entry("allowed", "allow"),
          Map.entry("start when condition", "start when"),
          Map.entry("start when at latest", "at latest"),
          Map.entry("attributes", "label"),
          Map.entry("intervals", "interval of"),
          Map.entry("bindings", "via for"),
          Map.entry("launch", "started by"),
          Map.entry("logs", "log"),
          Map.entry("profiles", "profile"),
          Map.entry("means", ""));

  /** Lines that hold names of other items. */
  private static final Set<String> REFERENCES = Set.of("on fault", "suppresses", "budget");

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");

  private final Map<String, Facet> lines = new LinkedHashMap<>();

  private Facets() {}

  static Facets of(Record item) {
    Facets facets = new Facets();
    facets.addParts("", item);
    return facets;
  }

  /** With other names of faults and budgets, where these are referred to. */
  Facets renamed(Map<String, String> names) {
    Facets renamed = new Facets();
    lines.forEach(
        (word, facet) ->
            renamed.lines.put(
                word, REFERENCES.contains(word) ? facet.map(t -> replaced(t, names)) : facet));
    return renamed;
  }

  private static String replaced(String text, Map<String, String> names) {
    return NAME.matcher(text)
        .replaceAll(
            found -> Matcher.quoteReplacement(names.getOrDefault(found.group(), found.group())));
  }

  Map<String, Facet> lines() {
    return lines;
  }

  /** All lines as one text; two items mean the same if and only if it is equal. */
  String text() {
    StringBuilder text = new StringBuilder();
    lines.forEach(
        (word, facet) -> text.append(word).append(' ').append(facet.meaning()).append('\n'));
    return text.toString();
  }

  private void addParts(String before, Record record) {
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      String name = joined(before, Words.word(component.getName()));
      if (!LEFT_OUT.contains(name)) {
        Object value = Words.read(record, component);
        boolean share = name.equals("share") && value instanceof Double;
        add(WORDS.getOrDefault(name, name), share ? Words.share((double) value) : value);
      }
    }
  }

  private static String joined(String before, String word) {
    return (before + " " + word).strip();
  }

  private void add(String word, Object value) {
    if (value instanceof Span) {
      return;
    }
    if (value instanceof Optional<?> optional) {
      if (optional.isPresent()) {
        add(word, optional.get());
      }
    } else if (value instanceof Condition condition) {
      addCondition(word, condition);
    } else if (value instanceof Map<?, ?> map) {
      Map<String, Object> sorted = new TreeMap<>();
      map.forEach((key, item) -> sorted.put(Words.of(key), item));
      sorted.forEach((key, item) -> add(joined(word, key), item));
    } else if (value instanceof Means || value instanceof Policy.StartWhen) {
      addParts(word, (Record) value);
    } else if (value instanceof Collection<?> items) {
      addEntries(word, items);
    } else {
      put(word, Facet.of(Words.of(value)));
    }
  }

  private void addCondition(String word, Condition condition) {
    if (condition instanceof Condition.Held held) {
      put(word, condition(held.part()));
      put(word.equals("when") ? "for" : word + " for", Facet.of(Words.of(held.span())));
    } else {
      put(word, condition(condition));
    }
  }

  private static Facet condition(Condition condition) {
    return new Facet(
        condition.meaning(), Words.of(condition), Optional.empty(), Optional.of(condition));
  }

  private void addEntries(String word, Collection<?> items) {
    if (items.isEmpty()) {
      return;
    }
    List<String> entries = new ArrayList<>();
    items.forEach(item -> entries.add(Words.of(item)));
    put(
        word,
        new Facet(
            entries.toString(),
            String.join(", ", entries),
            Optional.of(List.copyOf(entries)),
            Optional.empty()));
  }

  private void put(String word, Facet facet) {
    if (!facet.text().isEmpty()) {
      Facet twice = lines.put(word.isEmpty() ? "itself" : word, facet);
      if (twice != null) {
        throw new IllegalStateException("two lines called " + word);
      }
    }
  }
}
