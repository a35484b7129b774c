package dev.heal.engine.source.follow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/** Which file it is, whatever its name. An inode is used again once its file is gone. */
public record FileId(long device, long inode) {
  static FileId of(Path file) throws IOException {
    Map<String, Object> stat = Files.readAttributes(file, "unix:dev,ino");
    return new FileId(number(stat, "dev"), number(stat, "ino"));
  }

  private static long number(Map<String, Object> stat, String name) {
    return ((Number) Objects.requireNonNull(stat.get(name))).longValue();
  }
}
