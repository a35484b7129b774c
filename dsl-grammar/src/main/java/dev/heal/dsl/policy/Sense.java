package dev.heal.dsl.policy;

import com.google.re2j.Pattern;
import dev.heal.dsl.text.SourceFile;
import dev.heal.dsl.text.Span;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a declaration says, as a canonical text: all of it but for where it stands. Two declarations
 * with equal texts do the same, whatever comments, line breaks and names of {@code let} differ. A
 * setting that is new to the language counts without a word here.
 */
final class Sense {
  /** Of places in a text, and of the place among all policies. */
  private static final Set<String> PLACES = Set.of("order", "span");

  private Sense() {}

  static String of(Object value) {
    StringBuilder text = new StringBuilder();
    tell(value, text);
    return text.toString();
  }

  private static void tell(Object value, StringBuilder text) {
    if (value instanceof Condition condition) {
      text.append(condition.meaning());
    } else if (value instanceof Pattern pattern) {
      text.append(Meaning.quote(pattern.pattern()));
    } else if (value instanceof CharSequence || value instanceof java.net.URI) {
      text.append(Meaning.quote(value.toString()));
    } else if (value instanceof Optional<?> optional) {
      text.append('?');
      optional.ifPresent(one -> tell(one, text));
    } else if (value instanceof Map<?, ?> map) {
      map(map, text);
    } else if (value instanceof Set<?> set) {
      text.append(set.stream().map(Sense::of).sorted().collect(Collectors.joining(",", "{", "}")));
    } else if (value instanceof Collection<?> list) {
      text.append(list.stream().map(Sense::of).collect(Collectors.joining(",", "[", "]")));
    } else if (value instanceof Record record) {
      record(record, text);
    } else {
      text.append(value); // a number, a span of time, a word of a closed set, a time zone
    }
  }

  private static void map(Map<?, ?> map, StringBuilder text) {
    Map<String, String> sorted = new TreeMap<>();
    map.forEach((key, value) -> sorted.put(of(key), of(value)));
    text.append(sorted);
  }

  private static void record(Record record, StringBuilder text) {
    text.append(record.getClass().getSimpleName()).append('(');
    for (RecordComponent component : components(record)) {
      try {
        Object value = Objects.requireNonNull(component.getAccessor().invoke(record));
        text.append(component.getName()).append('=');
        tell(value, text);
        text.append(';');
      } catch (IllegalAccessException | InvocationTargetException bug) {
        throw new IllegalStateException("a record hides its " + component.getName(), bug);
      }
    }
    text.append(')');
  }

  private static final ClassValue<List<RecordComponent>> COMPONENTS =
      new ClassValue<>() {
        @Override
        protected List<RecordComponent> computeValue(Class<?> type) {
          return Arrays.stream(type.getRecordComponents())
              .filter(c -> c.getType() != Span.class && c.getType() != SourceFile.class)
              .filter(c -> !PLACES.contains(c.getName()))
              .toList();
        }
      };

  private static List<RecordComponent> components(Record record) {
    return COMPONENTS.get(record.getClass());
  }
}
