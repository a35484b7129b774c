package dev.heal.engine.loop.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/**
 * Writes records as JSON objects with the names of their components, and reads them back: what was
 * written equals what is read. Components are records, sealed interfaces of records, enums,
 * numbers, text, spans, optionals, lists, sets, maps and arrays of numbers. A component that is
 * empty, false or zero is left out; an array of {@code long} is its first number and then
 * differences; a map is a list of keys and values in turn, both it and a set in the order of the
 * keys, so that equal records give the same text; a member of a sealed interface says which it is
 * by {@code is}.
 *
 * <p>What is not made of these stands for something: {@link Builder#text} and {@link
 * Builder#standIn} say for what. Immutable; for any thread.
 */
public final class RecordJson {
  private static final JsonFactory JSON = new JsonFactory();
  private static final String IS = "is";

  private final Map<Class<?>, StandIn> standIns;
  private final Shapes shapes = new Shapes();

  /** One type that is written as another. */
  private record StandIn(Type type, Function<Object, Object> to, Function<Object, Object> from) {}

  private RecordJson(Map<Class<?>, StandIn> standIns) {
    this.standIns = Map.copyOf(standIns);
  }

  /** Says what is written in place of what. */
  public static final class Builder {
    private final Map<Class<?>, StandIn> standIns = new LinkedHashMap<>();

    /** A type, with all that extend it, is written as text. */
    public <T> Builder text(Class<T> type, Function<T, String> to, Function<String, T> from) {
      return standIn(type, String.class, to, from);
    }

    /** A type, with all that extend it, is written as another. */
    public <T, S> Builder standIn(
        Class<T> type, Class<S> other, Function<T, S> to, Function<S, T> from) {
      standIns.put(
          type,
          new StandIn(
              other, value -> to.apply(type.cast(value)), value -> from.apply(other.cast(value))));
      return this;
    }

    public RecordJson build() {
      return new RecordJson(standIns);
    }
  }

  /** Only what is made of records. */
  public static Builder with() {
    return new Builder();
  }

  /** As JSON, on one line. */
  public String write(Record record) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      write(json, record.getClass(), record);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible); // a text takes everything
    }
    return text.toString();
  }

  /**
   * Reads what {@link #write} has written.
   *
   * @throws IOException where it is something else
   */
  public <T extends Record> T read(Class<T> type, String text) throws IOException {
    try (JsonParser json = JSON.createParser(text)) {
      json.nextToken();
      return type.cast(read(json, type));
    } catch (IllegalArgumentException malformed) {
      throw new IOException(malformed.getMessage(), malformed);
    }
  }

  private Optional<StandIn> standIn(Class<?> raw) {
    StandIn exact = standIns.get(raw);
    return exact != null
        ? Optional.of(exact)
        : standIns.entrySet().stream()
            .filter(each -> each.getKey().isAssignableFrom(raw))
            .map(Map.Entry::getValue)
            .findFirst();
  }

  private static Class<?> raw(Type type) {
    return (Class<?>) (type instanceof ParameterizedType made ? made.getRawType() : type);
  }

  private static Type argument(Type type, int index) {
    return ((ParameterizedType) type).getActualTypeArguments()[index];
  }

  private void write(JsonGenerator json, Type type, Object value) throws IOException {
    Class<?> raw = raw(type);
    Optional<StandIn> other = standIn(raw);
    if (other.isPresent()) {
      write(json, other.get().type(), other.get().to().apply(value));
    } else if (raw.isSealed()) {
      writeObject(json, value, true);
    } else if (value instanceof Record) {
      writeObject(json, value, false);
    } else if (value instanceof Collection<?> all) {
      writeAll(json, argument(type, 0), all instanceof Set<?> ? new TreeSet<>(all) : all);
    } else if (value instanceof Map<?, ?> map) {
      json.writeStartArray();
      for (Map.Entry<?, ?> each : new TreeMap<Object, Object>(map).entrySet()) {
        write(json, argument(type, 0), each.getKey());
        write(json, argument(type, 1), each.getValue());
      }
      json.writeEndArray();
    } else if (value instanceof Optional<?> some) {
      write(json, argument(type, 0), some.orElseThrow()); // an empty one is left out
    } else {
      writePlain(json, value);
    }
  }

  private void writeAll(JsonGenerator json, Type type, Collection<?> all) throws IOException {
    json.writeStartArray();
    for (Object each : all) {
      write(json, type, each);
    }
    json.writeEndArray();
  }

  private void writeObject(JsonGenerator json, Object value, boolean says) throws IOException {
    json.writeStartObject();
    if (says) {
      json.writeStringField(IS, value.getClass().getSimpleName());
    }
    for (Shapes.Part part : shapes.of(value.getClass()).parts()) {
      Object component = part.of(value);
      if (!Shapes.isNothing(component)) {
        json.writeFieldName(part.name());
        write(json, part.type(), component);
      }
    }
    json.writeEndObject();
  }

  private static void writePlain(JsonGenerator json, Object value) throws IOException {
    if (value instanceof String text) {
      json.writeString(text);
    } else if (value instanceof Long || value instanceof Integer) {
      json.writeNumber(((Number) value).longValue());
    } else if (value instanceof Double number) {
      json.writeString(number.toString());
    } else if (value instanceof Boolean truth) {
      json.writeBoolean(truth);
    } else if (value instanceof Enum<?> word) {
      json.writeString(word.name());
    } else if (value instanceof Duration span) {
      json.writeNumber(span.toNanos());
    } else if (value instanceof OptionalLong some) {
      json.writeNumber(some.orElseThrow());
    } else if (value instanceof OptionalInt some) {
      json.writeNumber(some.orElseThrow());
    } else if (value instanceof long[] numbers) {
      json.writeStartArray();
      long before = 0;
      for (long number : numbers) {
        json.writeNumber(number - before);
        before = number;
      }
      json.writeEndArray();
    } else if (value instanceof double[] numbers) {
      json.writeStartArray();
      for (double number : numbers) {
        json.writeString(Double.toString(number));
      }
      json.writeEndArray();
    } else {
      throw new IllegalArgumentException("nothing says how to write a " + value.getClass());
    }
  }

  /** Reads the value that the parser stands at. */
  private Object read(JsonParser json, Type type) throws IOException {
    Class<?> raw = raw(type);
    Optional<StandIn> other = standIn(raw);
    if (other.isPresent()) {
      return other.get().from().apply(read(json, other.get().type()));
    }
    if (raw.isSealed() || raw.isRecord()) {
      return readObject(json, raw);
    }
    if (raw == Optional.class) {
      return Optional.of(read(json, argument(type, 0)));
    }
    if (Collection.class.isAssignableFrom(raw)) {
      List<Object> all = readAll(json, argument(type, 0));
      return raw == List.class ? all : set(raw, all);
    }
    if (Map.class.isAssignableFrom(raw)) {
      return readMap(json, type);
    }
    return readPlain(json, raw);
  }

  private static Set<?> set(Class<?> raw, List<Object> all) {
    return raw == NavigableSet.class ? new TreeSet<>(all) : Set.copyOf(all);
  }

  private List<Object> readAll(JsonParser json, Type type) throws IOException {
    expect(json, JsonToken.START_ARRAY);
    List<Object> all = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      all.add(read(json, type));
    }
    return all;
  }

  private Map<Object, Object> readMap(JsonParser json, Type type) throws IOException {
    expect(json, JsonToken.START_ARRAY);
    Map<Object, Object> map = new TreeMap<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      Object key = read(json, argument(type, 0));
      json.nextToken();
      map.put(key, read(json, argument(type, 1)));
    }
    return map;
  }

  private Object readObject(JsonParser json, Class<?> raw) throws IOException {
    expect(json, JsonToken.START_OBJECT);
    Class<?> actual = raw;
    Map<String, Object> values = new LinkedHashMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      if (raw.isSealed() && actual == raw) {
        actual = member(raw, name, json.getText());
        continue;
      }
      Optional<Shapes.Part> part = shapes.of(actual).part(name);
      if (part.isPresent()) {
        values.put(name, read(json, part.get().type()));
      } else {
        json.skipChildren(); // of a later version
      }
    }
    return shapes.of(actual).make(values);
  }

  private static Class<?> member(Class<?> sealed, String name, String word) throws IOException {
    for (Class<?> each : sealed.getPermittedSubclasses()) {
      if (name.equals(IS) && each.getSimpleName().equals(word)) {
        return each;
      }
    }
    throw new IOException("`%s` is no %s".formatted(word, sealed.getSimpleName()));
  }

  private static Object readPlain(JsonParser json, Class<?> raw) throws IOException {
    if (raw == String.class) {
      expect(json, JsonToken.VALUE_STRING);
      return json.getText();
    }
    if (raw == long.class || raw == Long.class) {
      return json.getLongValue();
    }
    if (raw == int.class || raw == Integer.class) {
      return json.getIntValue();
    }
    if (raw == double.class || raw == Double.class) {
      return Double.valueOf(json.getText());
    }
    if (raw == boolean.class || raw == Boolean.class) {
      return json.getBooleanValue();
    }
    if (raw.isEnum()) {
      return Shapes.constant(raw, json.getText());
    }
    if (raw == Duration.class) {
      return Duration.ofNanos(json.getLongValue());
    }
    if (raw == OptionalLong.class) {
      return OptionalLong.of(json.getLongValue());
    }
    if (raw == OptionalInt.class) {
      return OptionalInt.of(json.getIntValue());
    }
    if (raw == long[].class) {
      return readLongs(json);
    }
    if (raw == double[].class) {
      return readDoubles(json);
    }
    throw new IllegalArgumentException("nothing says how to read a " + raw);
  }

  private static long[] readLongs(JsonParser json) throws IOException {
    expect(json, JsonToken.START_ARRAY);
    LongStream.Builder numbers = LongStream.builder();
    long before = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      before += json.getLongValue();
      numbers.add(before);
    }
    return numbers.build().toArray();
  }

  private static double[] readDoubles(JsonParser json) throws IOException {
    expect(json, JsonToken.START_ARRAY);
    DoubleStream.Builder numbers = DoubleStream.builder();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      numbers.add(Double.parseDouble(json.getText()));
    }
    return numbers.build().toArray();
  }

  private static void expect(JsonParser json, JsonToken token) throws IOException {
    if (json.currentToken() != token) {
      throw new IOException("%s where %s is to stand".formatted(json.currentToken(), token));
    }
  }
}
