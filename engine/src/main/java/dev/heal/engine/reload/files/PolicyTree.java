package dev.heal.engine.reload.files;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which files of a folder are policies: those that end in {@code .heal}, in it and in the folders
 * below it, but for hidden ones, such as those to which the links of a mounted Kubernetes volume
 * lead.
 */
public final class PolicyTree {
  private static final String SUFFIX = ".heal";

  private PolicyTree() {}

  /**
   * The files, sorted.
   *
   * @throws IOException where a folder cannot be listed
   */
  public static List<Path> files(Path folder) throws IOException {
    return walk(folder).files();
  }

  /**
   * What paths name, in sets: files that are named belong together; so do the files of one folder.
   *
   * @return in the order in which the paths first name one of a set; empty where there is no file
   * @throws IOException where a folder cannot be listed
   */
  public static List<List<Path>> sets(List<Path> paths) throws IOException {
    Map<String, List<Path>> sets = new LinkedHashMap<>();
    for (Path path : paths) {
      if (!Files.isDirectory(path)) {
        sets.computeIfAbsent("", k -> new ArrayList<>()).add(path);
        continue;
      }
      for (Path file : files(path)) {
        String folder = String.valueOf(file.getParent());
        sets.computeIfAbsent("/" + folder, k -> new ArrayList<>()).add(file);
      }
    }
    return List.copyOf(sets.values());
  }

  /**
   * What was found.
   *
   * @param folders the folder itself, and those below it
   */
  record Found(List<Path> files, List<Path> folders) {}

  static Found walk(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    List<Path> folders = new ArrayList<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) {
            if (isLeftOut(folder, visited)) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            folders.add(visited);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (isPolicy(file)) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          /** What was just removed is not there: an editor's file that gets its name, mostly. */
          @Override
          public FileVisitResult visitFileFailed(Path file, IOException why) throws IOException {
            if (why instanceof NoSuchFileException && !file.equals(folder)) {
              return FileVisitResult.CONTINUE;
            }
            throw why;
          }
        });
    return new Found(files.stream().sorted().toList(), List.copyOf(folders));
  }

  private static boolean isLeftOut(Path folder, Path visited) {
    Path below = folder.relativize(visited);
    return below.equals(Path.of("target"))
        || (!visited.equals(folder) && below.getFileName().toString().startsWith("."));
  }

  /** A link that leads nowhere is one: a policy is missing. An editor's lock is none. */
  static boolean isPolicy(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(SUFFIX)
        && (Files.isRegularFile(file) || (!Files.exists(file) && !name.startsWith(".")));
  }
}
