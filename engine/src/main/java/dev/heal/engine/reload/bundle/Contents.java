package dev.heal.engine.reload.bundle;

import dev.heal.dsl.check.ImportResolver;
import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.parse.SourceFiles;
import dev.heal.dsl.text.SourceFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The policies of one generation: the bytes of each file by its path. Paths are such that no file
 * system takes two of them for one, and never leave the folder.
 */
public final class Contents {
  /** Behind how a file is called where there is no folder to name. */
  private static final String SEPARATOR = "/";

  private final SortedMap<String, byte[]> files;
  private final Digest digest;

  private Contents(SortedMap<String, byte[]> files) {
    this.files = files;
    this.digest = digest(files);
  }

  /**
   * The files of these paths; the bytes are copied.
   *
   * @throws RefusedException for a path that may not be, and for more than {@link Limits} allows
   */
  public static Contents of(Map<String, byte[]> files) throws RefusedException {
    if (files.size() > Limits.FILES) {
      throw tooBig("it has more than %,d files".formatted(Limits.FILES));
    }
    SortedMap<String, byte[]> copies = new TreeMap<>();
    PolicyPath.Collisions collisions = new PolicyPath.Collisions();
    long total = 0;
    for (Map.Entry<String, byte[]> file : new TreeMap<>(files).entrySet()) {
      requirePath(file.getKey(), collisions);
      total += file.getValue().length;
      requireSize(file.getKey(), file.getValue().length, total);
      copies.put(file.getKey(), file.getValue().clone());
    }
    return new Contents(copies);
  }

  static void requirePath(String path, PolicyPath.Collisions collisions) throws RefusedException {
    Optional<String> problem = PolicyPath.problem(path);
    if (problem.isPresent()) {
      throw new RefusedException(
          Refusal.Kind.BAD_PATH,
          "the path `" + PolicyPath.shown(path) + "` is not taken: " + problem.get(),
          "rename the file");
    }
    Optional<String> other = collisions.add(path);
    if (other.isPresent()) {
      throw new RefusedException(
          Refusal.Kind.BAD_PATH,
          "`%s` and `%s` could be one file".formatted(other.get(), path),
          "rename one: names that differ only in capital letters are one file on some disks");
    }
  }

  static void requireSize(String path, long bytes, long total) throws RefusedException {
    if (bytes > Limits.FILE_BYTES) {
      throw tooBig("`" + path + "` is over 1 MiB");
    }
    if (total > Limits.TOTAL_BYTES) {
      throw tooBig("its files are over " + (Limits.TOTAL_BYTES >> 20) + " MiB together");
    }
  }

  private static RefusedException tooBig(String text) {
    return new RefusedException(
        Refusal.Kind.TOO_BIG, text, "policies are smaller: see whether these are the right files");
  }

  /** That of {@link #digest()}, of files of any paths. */
  public static Digest digest(SortedMap<String, byte[]> files) {
    StringBuilder list = new StringBuilder();
    files.forEach(
        (path, bytes) ->
            list.append(Digest.of(bytes).hex()).append("  ").append(path).append('\n'));
    return Digest.of(list.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** In order. */
  public List<String> paths() {
    return List.copyOf(files.keySet());
  }

  /** A copy of a file's bytes; empty where there is no such file. */
  public Optional<byte[]> bytes(String path) {
    return Optional.ofNullable(files.get(path)).map(byte[]::clone);
  }

  /** Without a copy: not to be changed. */
  byte[] raw(String path) {
    byte[] bytes = files.get(path);
    if (bytes == null) {
      throw new IllegalArgumentException("no file " + path);
    }
    return bytes;
  }

  /**
   * Of what {@code sha256sum} prints of the files, in the order of their paths: the same files, the
   * same digest, whoever signed them.
   */
  public Digest digest() {
    return digest;
  }

  /** The files for the checker, or why one of them is no text. */
  public record Sources(List<SourceFile> files, List<Diagnostic> unreadable) {
    public Sources {
      files = List.copyOf(files);
      unreadable = List.copyOf(unreadable);
    }
  }

  /**
   * The files for the checker, in the order of their paths.
   *
   * @param folder what stands before the paths in messages; may be empty
   */
  public Sources sources(String folder) {
    List<SourceFile> sources = new ArrayList<>();
    List<Diagnostic> unreadable = new ArrayList<>();
    files.forEach(
        (path, bytes) -> {
          SourceFiles.Read read = SourceFiles.decode(named(folder, path), bytes);
          read.source().ifPresent(sources::add);
          read.diagnostic().ifPresent(unreadable::add);
        });
    return new Sources(sources, unreadable);
  }

  private static String named(String folder, String path) {
    return folder.isEmpty() || folder.endsWith(SEPARATOR)
        ? folder + path
        : folder + SEPARATOR + path;
  }

  /**
   * Finds imports among these files, and nowhere else but in the shipped packs: what is outside is
   * signed by nobody.
   *
   * @param folder as for {@link #sources}
   * @param shipped finds the packs that came with this engine
   */
  public ImportResolver resolver(String folder, ImportResolver shipped) {
    String before = named(folder, "");
    return (path, importer) -> {
      String file = path.endsWith(PolicyPath.SUFFIX) ? path : path + PolicyPath.SUFFIX;
      String from = importer.name();
      if (from.startsWith(before)) {
        Path beside = Path.of(from.substring(before.length())).resolveSibling(file).normalize();
        byte[] bytes = files.get(beside.toString());
        if (bytes != null) {
          return SourceFiles.decode(named(folder, beside.toString()), bytes).source();
        }
      }
      return shipped.resolve(path, importer);
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Contents contents && digest.equals(contents.digest);
  }

  @Override
  public int hashCode() {
    return digest.hashCode();
  }

  /** {@code 3 files, sha256:…}. */
  @Override
  public String toString() {
    return files.size() + " files, " + digest;
  }
}
