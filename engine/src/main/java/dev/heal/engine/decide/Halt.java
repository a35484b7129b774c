package dev.heal.engine.decide;

import dev.heal.engine.fact.EntityId;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What keeps the hands still until somebody, or its time, ends it. All is seen, decided and
 * recorded meanwhile; pages go out and what was done is still undone.
 *
 * @param name tells it from others of its kind
 * @param since nanoseconds since the epoch
 * @param until when it ends by itself; {@link Times#NEVER}: not before somebody says so
 * @param on what it is about, with all that is inside; empty: everything
 * @param allowed the verbs that go on
 * @param by who began it; empty where the engine itself did
 * @param because why; may be empty
 */
public record Halt(
    Kind kind,
    String name,
    long since,
    long until,
    NavigableSet<EntityId> on,
    NavigableSet<String> allowed,
    String by,
    String because) {

  /** The three kinds. */
  public enum Kind {
    /** Auto-repair is switched off. */
    PAUSE,
    /** Work that an operator announced. */
    MAINTENANCE,
    /** Too much failed at once. */
    BREAKER;

    /** {@code pause}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of a {@link #word}. */
    public static Optional<Kind> of(String word) {
      for (Kind kind : values()) {
        if (kind.word().equals(word)) {
          return Optional.of(kind);
        }
      }
      return Optional.empty();
    }
  }

  public Halt {
    Objects.requireNonNull(kind);
    Objects.requireNonNull(by);
    Objects.requireNonNull(because);
    on = unmodifiable(on);
    allowed = unmodifiable(allowed);
    if (name.isBlank() || until < since) {
      throw new IllegalArgumentException(kind + " `" + name + "` until " + until);
    }
  }

  private static <T> NavigableSet<T> unmodifiable(NavigableSet<T> set) {
    return java.util.Collections.unmodifiableNavigableSet(new TreeSet<>(set));
  }

  /** Of everything, without an end of its own. */
  static Halt everything(Kind kind, String name, long since, String by, String because) {
    return new Halt(kind, name, since, Times.NEVER, new TreeSet<>(), new TreeSet<>(), by, because);
  }

  /** {@code by alice: new firmware}, as far as both are known; begins with a blank or is empty. */
  String byWhom() {
    return (by.isEmpty() ? "" : " by " + by) + (because.isEmpty() ? "" : " (" + because + ")");
  }
}
