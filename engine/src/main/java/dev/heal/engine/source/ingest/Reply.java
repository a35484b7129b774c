package dev.heal.engine.source.ingest;

import java.util.List;
import java.util.Objects;

/**
 * What somebody is answered.
 *
 * @param status of HTTP
 * @param accepted how much of what was told was taken
 * @param problems what was not, and why
 */
public record Reply(int status, int accepted, List<String> problems) {
  public Reply {
    problems = List.copyOf(problems);
    if (status < 200 || status > 599 || accepted < 0) {
      throw new IllegalArgumentException("status " + status + ", accepted " + accepted);
    }
  }

  /** All was taken. */
  public static Reply accepted(int count) {
    return new Reply(200, count, List.of());
  }

  /** Nothing was taken. */
  public static Reply refused(int status, String why) {
    return new Reply(status, 0, List.of(Objects.requireNonNull(why)));
  }
}
