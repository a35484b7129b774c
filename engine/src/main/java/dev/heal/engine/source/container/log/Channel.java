package dev.heal.engine.source.container.log;

import java.util.Locale;

/** Where a container writes. That of a terminal has one only, which is its {@link #STDOUT}. */
public enum Channel {
  STDOUT,
  STDERR;

  /** {@code stdout}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
