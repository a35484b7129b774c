package dev.heal.engine.fact.log;

import dev.heal.engine.source.log.Stamp;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One thing that a log says.
 *
 * @param line the number of the line that decided it
 * @param stamp when, where the log says
 * @param host where the log says which
 * @param name such as {@code xid}
 * @param fields in the order in which they are printed
 * @param text the message
 */
public record LogEvent(
    long line,
    Stamp stamp,
    Optional<String> host,
    String name,
    Subject subject,
    Map<String, FieldValue> fields,
    Severity severity,
    Action action,
    String text) {
  public LogEvent {
    Objects.requireNonNull(stamp);
    Objects.requireNonNull(name);
    Objects.requireNonNull(severity);
    Objects.requireNonNull(action);
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  /** Nanoseconds since 1970-01-01T00:00:00Z, where the log says when. */
  public OptionalLong at() {
    return stamp.wall();
  }

  LogEvent saying(String other) {
    return new LogEvent(line, stamp, host, name, subject, fields, severity, action, other);
  }

  /** What kind of thing an event is about. */
  public enum About {
    /** The GPU or switch at a PCI address. */
    PCI_DEVICE,
    /** The host itself. */
    HOST,
    /** The service or job whose log this is. */
    SERVICE
  }

  /**
   * Who an event is about, as far as the line says.
   *
   * @param name the PCI address as {@code 0000:3b:00} (lower case, without function, domain of four
   *     digits where it fits) or the identifier of a service; empty where the line does not say
   */
  public record Subject(About about, String name) {
    static final Subject HOST = new Subject(About.HOST, "");
    static final Subject SERVICE = new Subject(About.SERVICE, "");
  }

  /** A field: a text, or a whole number. */
  public sealed interface FieldValue {
    /** A whole number. */
    record Whole(long value) implements FieldValue {
      @Override
      public String toString() {
        return Long.toString(value);
      }
    }

    /** A text. */
    record Text(String value) implements FieldValue {
      @Override
      public String toString() {
        return value;
      }
    }

    /** A number where the text is one of at most 18 digits and not padded with zeros. */
    static FieldValue of(String text) {
      boolean number = !text.isEmpty() && text.length() <= 18;
      for (int i = 0; i < text.length() && number; i++) {
        number = text.charAt(i) >= '0' && text.charAt(i) <= '9';
      }
      boolean padded = text.length() > 1 && text.startsWith("0");
      return number && !padded ? new Whole(Long.parseLong(text)) : new Text(text);
    }
  }

  /** How bad it is. */
  public enum Severity {
    FATAL,
    ERROR,
    WARNING,
    INFO;

    /** As printed. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What the catalogue recommends. */
  public enum Action {
    RESTART_APP,
    RESET_GPU,
    RESTART_NODE,
    CONTACT_SUPPORT,
    /** A consequence of something else, or harmless. */
    IGNORE,
    /** Nothing is recommended: another line or a policy decides. */
    NONE;

    /** As printed. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
