package dev.heal.engine.source.follow;

import java.nio.file.Path;
import java.util.Objects;

/**
 * How far a file was read: kept by whoever took the lines, given back at the next start.
 *
 * @param file the name under which it was followed
 * @param offset in bytes, behind a line feed
 * @param headBytes how many bytes from the start of the file {@code headHash} covers, at most 1024
 * @param headHash CRC-32C of them: tells a file that was truncated or replaced from one that grew
 */
public record FilePosition(Path file, FileId id, long offset, int headBytes, long headHash) {
  public FilePosition {
    Objects.requireNonNull(file);
    Objects.requireNonNull(id);
    if (offset < 0 || headBytes < 0 || headBytes > Math.min(offset, Head.LONGEST)) {
      throw new IllegalArgumentException("offset " + offset + ", head of " + headBytes);
    }
  }
}
