package dev.heal.engine.source.follow;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Lines in the order of their file. An empty batch says where a file begins to be followed.
 *
 * @param file where they are read from, which after a rotation is not the name they were written to
 * @param before the place before the first
 * @param after the place behind the last: to be kept with the lines
 */
public record LineBatch(
    Path file, FilePosition before, FilePosition after, List<FollowedLine> lines) {
  /**
   * A line.
   *
   * @param cut whether it was longer than 64 KiB; the rest was dropped
   * @param end offset behind its line feed
   */
  public record FollowedLine(String text, boolean cut, long end) {}

  public LineBatch {
    Objects.requireNonNull(file);
    Objects.requireNonNull(before);
    Objects.requireNonNull(after);
    lines = List.copyOf(lines);
  }
}
