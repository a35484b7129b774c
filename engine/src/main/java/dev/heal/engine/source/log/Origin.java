package dev.heal.engine.source.log;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Who wrote a line, as far as its frame says.
 *
 * @param identifier {@code kernel}, {@code nv-fabricmanager}; empty for bare text
 * @param kernel whether it comes from the kernel's ring buffer
 * @param priority syslog's level, 0 (emergency) to 7 (debug)
 */
public record Origin(
    Optional<String> host, Optional<String> identifier, boolean kernel, OptionalInt priority) {
  /** Nothing is known: anybody may have written it. */
  public static final Origin UNKNOWN =
      new Origin(Optional.empty(), Optional.empty(), false, OptionalInt.empty());

  private static final int INFO = 6;

  public Origin {
    Objects.requireNonNull(host);
    Objects.requireNonNull(identifier);
    Objects.requireNonNull(priority);
  }

  static Origin kernel(OptionalInt priority) {
    return new Origin(Optional.empty(), Optional.of("kernel"), true, priority);
  }

  /** From the tag of a syslog line; {@code -} stands for nothing. */
  static Origin tagged(String host, String tag, OptionalInt priority) {
    Optional<String> identifier = Optional.of(tag).filter(name -> !name.equals("-"));
    return new Origin(
        Optional.of(host).filter(name -> !name.equals("-") && !name.isEmpty()),
        identifier,
        tag.equals("kernel") || tag.equals("vmunix"),
        priority);
  }

  /** No frame was recognised. */
  public boolean bare() {
    return !kernel && identifier.isEmpty();
  }

  /**
   * The writer calls the line information. The level of a kernel line is chosen by its author; that
   * of a service's line is mostly the default of its output and says nothing.
   */
  public boolean informational() {
    return kernel && priority.isPresent() && priority.getAsInt() >= INFO;
  }
}
