package dev.heal.engine.fact;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * One thing that was heard.
 *
 * <p>{@code at} is in nanoseconds since 1970-01-01T00:00:00Z; {@code signal} is a name of the
 * vocabulary without its entity ({@code nvml.temperature}, {@code xid}, {@code log}, {@code exit},
 * {@code heartbeat}).
 */
public sealed interface Fact {
  long at();

  EntityId entity();

  String signal();

  /** The same, heard at another time: a live fact counts from when it enters the loop. */
  Fact heardAt(long other);

  /** A number, in the base unit of its dimension; may be NaN. A flag is 1 or 0. */
  record Sample(long at, EntityId entity, String signal, double value) implements Fact {
    public Sample {
      Objects.requireNonNull(entity);
      Objects.requireNonNull(signal);
    }

    @Override
    public Sample heardAt(long other) {
      return new Sample(other, entity, signal, value);
    }
  }

  /** A word, or several joined by commas. */
  record Word(long at, EntityId entity, String signal, String value) implements Fact {
    public Word {
      Objects.requireNonNull(entity);
      Objects.requireNonNull(signal);
      Objects.requireNonNull(value);
    }

    @Override
    public Word heardAt(long other) {
      return new Word(other, entity, signal, value);
    }
  }

  /**
   * Something happened; a heartbeat is an event without fields.
   *
   * @param fields numbers as decimal text ({@code code} of a Xid); {@code line} of a log, {@code
   *     exit_signal} or {@code exit_code} of an exit, {@code severity} and {@code action} of a
   *     kernel event
   */
  record Event(long at, EntityId entity, String signal, Map<String, String> fields)
      implements Fact {
    public Event {
      Objects.requireNonNull(entity);
      Objects.requireNonNull(signal);
      fields = java.util.Collections.unmodifiableMap(new TreeMap<>(fields));
    }

    @Override
    public Event heardAt(long other) {
      return new Event(other, entity, signal, fields);
    }
  }
}
