package dev.heal.engine.source.follow;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A path with wildcards in its names. */
final class Glob {
  private static final String WILD = "*?[{";

  private final Path pattern;

  Glob(String pattern) {
    this.pattern = Path.of(pattern);
    if (!this.pattern.isAbsolute() || this.pattern.getNameCount() == 0) {
      throw new IllegalArgumentException("`" + pattern + "` is no absolute path of a file");
    }
    if (pattern.contains("**")) {
      throw new IllegalArgumentException("`**` in `" + pattern + "`: one `*` for each directory");
    }
    // PatternSyntaxException is an IllegalArgumentException, too
    this.pattern.getFileSystem().getPathMatcher("glob:" + pattern);
  }

  /** Everything of that name that is there, and the directories that it could appear in. */
  void expand(Set<Path> files, Set<Path> directories) {
    Set<Path> reached = new TreeSet<>(List.of(pattern.getRoot()));
    for (int i = 0; i < pattern.getNameCount(); i++) {
      String name = pattern.getName(i).toString();
      boolean wild = name.chars().anyMatch(c -> WILD.indexOf(c) >= 0);
      if (wild || i == pattern.getNameCount() - 1) {
        reached.stream().filter(Files::isDirectory).forEach(directories::add);
      }
      Set<Path> next = new TreeSet<>();
      for (Path directory : reached) {
        if (wild) {
          next.addAll(matching(directory, name));
        } else {
          next.add(directory.resolve(name));
        }
      }
      reached = next;
    }
    reached.stream().filter(Files::isRegularFile).forEach(files::add);
  }

  private static List<Path> matching(Path directory, String name) {
    List<Path> found = new ArrayList<>();
    if (!Files.isDirectory(directory)) {
      return found;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, name)) {
      entries.forEach(found::add);
    } catch (IOException | DirectoryIteratorException e) {
      return found; // gone, or not to be read: the next look tries again
    }
    return found;
  }
}
