package dev.heal.engine.source.follow;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/** What becomes of a log when it is full: {@code app.log.1}, {@code app.log-20250223}. */
final class Rotation {
  private static final Pattern SUFFIX = Pattern.compile("[.-](?:\\d[\\dT:_.-]*|old|bak)");
  private static final List<String> COMPRESSED =
      List.of(".gz", ".bz2", ".xz", ".zst", ".lz4", ".zip");

  private Rotation() {}

  /**
   * A file that was rotated away.
   *
   * @param changed its last change
   */
  record Rotated(Path file, FileId id, FileTime changed) {}

  static boolean isCompressed(Path file) {
    return COMPRESSED.stream().anyMatch(file.toString()::endsWith);
  }

  /** Whether it is the rotated form of one of these files. */
  static boolean isRotated(Path file, Set<Path> files) {
    String name = file.toString();
    for (int cut = name.length() - 1; cut > name.lastIndexOf('/') + 1; cut--) {
      if ((name.charAt(cut) == '.' || name.charAt(cut) == '-')
          && SUFFIX.matcher(name.substring(cut)).matches()
          && files.contains(Path.of(name.substring(0, cut)))) {
        return true;
      }
    }
    return false;
  }

  /** The rotated forms of a file, oldest change first; compressed ones are left out. */
  static List<Rotated> of(Path file) throws IOException {
    Path directory = Objects.requireNonNull(file.getParent());
    List<Rotated> rotated = new ArrayList<>();
    try (DirectoryStream<Path> siblings = Files.newDirectoryStream(directory)) {
      for (Path sibling : siblings) {
        if (Files.isRegularFile(sibling) && isRotated(sibling, Set.of(file))) {
          add(sibling, rotated);
        }
      }
    }
    rotated.sort(Comparator.comparing(Rotated::changed));
    return rotated;
  }

  private static void add(Path sibling, List<Rotated> rotated) throws IOException {
    try {
      rotated.add(new Rotated(sibling, FileId.of(sibling), Files.getLastModifiedTime(sibling)));
    } catch (NoSuchFileException e) {
      return; // removed since it was listed
    }
  }
}
