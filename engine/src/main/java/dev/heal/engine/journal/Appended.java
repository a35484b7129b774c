package dev.heal.engine.journal;

import java.util.Objects;

/** What became of a batch. */
public sealed interface Appended {
  /** It is on the disk. */
  record Written() implements Appended {}

  /**
   * Not written: there is no space. Ends of orders still are, as long as the reserve lasts; the
   * journal takes everything again by itself once there is space.
   */
  record DiskFull(String text) implements Appended {
    public DiskFull {
      Objects.requireNonNull(text);
    }
  }

  /** Not written, and nothing will be before the journal is closed and opened anew. */
  record Broken(String text) implements Appended {
    public Broken {
      Objects.requireNonNull(text);
    }
  }

  default boolean isWritten() {
    return this instanceof Written;
  }
}
