package dev.heal.nvml.answer;

import java.util.Objects;

/**
 * Why there is no value.
 *
 * @param kind what a caller can act on
 * @param code NVML's return code; 0 where no function was called
 * @param text for a human
 */
public record Problem(Kind kind, int code, String text) {
  /** What can stand in the way of a value. */
  public enum Kind {
    /** This GPU, or this driver, does not have it. */
    NOT_SUPPORTED("not supported"),
    NO_PERMISSION("no permission"),
    /** The GPU has fallen off the bus, was removed, or needs a reset before it answers. */
    GPU_LOST("GPU lost"),
    /** {@code libnvidia-ml.so.1} cannot be loaded. */
    LIBRARY_MISSING("library missing"),
    /** The library is there; the kernel module is not, or does not fit it. */
    DRIVER_NOT_LOADED("driver not loaded"),
    /** The call did not come back in time; whether it took effect is unknown. */
    TIMED_OUT("timed out"),
    /** Everything else; code and text say what. */
    FAILED("failed");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /** In lower case, for a table: {@code not supported}. */
    public String words() {
      return words;
    }
  }

  public Problem {
    Objects.requireNonNull(kind);
    Objects.requireNonNull(text);
  }

  /** A problem that no return code tells. */
  public static Problem of(Kind kind, String text) {
    return new Problem(kind, 0, text);
  }

  @Override
  public String toString() {
    return text.isEmpty() || text.equalsIgnoreCase(kind.words())
        ? kind.words()
        : kind.words() + ": " + text;
  }
}
