package dev.heal.engine.reload.files;

import dev.heal.dsl.check.ImportResolver;
import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.parse.SourceFiles;
import dev.heal.dsl.text.SourceFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Takes all files as they are at one moment, although others write them: only when two looks in a
 * row saw the same, and nobody has one of them open to write, is it taken.
 */
public final class DirectorySnapshot {
  private static final int MOST_LOOKS = 60;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

  private final List<List<Path>> batches;
  private final Rest rest;
  private final Writers writers;
  private final Look.Limits limits;

  /** Waits between two looks. */
  @FunctionalInterface
  public interface Rest {
    /** Waits so long, or until something is seen to move. */
    void await(Duration span) throws InterruptedException;
  }

  /** Knows who has a file open. */
  @FunctionalInterface
  public interface Writers {
    /** Where nobody can tell. */
    Writers UNKNOWN = file -> false;

    /** Whether somebody is known to have it open to write. */
    boolean isBeingWritten(Path file);
  }

  /**
   * Of policies and of the site, which is a batch of its own: neither may be empty.
   *
   * @param policies files, and folders with all below them
   */
  public DirectorySnapshot(List<Path> policies, Optional<Path> site, Rest rest, Writers writers) {
    this(policies, site, rest, writers, Look.Limits.USUAL);
  }

  DirectorySnapshot(
      List<Path> policies, Optional<Path> site, Rest rest, Writers writers, Look.Limits limits) {
    List<List<Path>> all = new ArrayList<>();
    all.add(List.copyOf(policies));
    site.ifPresent(one -> all.add(List.of(one)));
    this.batches = List.copyOf(all);
    this.rest = rest;
    this.writers = writers;
    this.limits = limits;
  }

  /** What is watched: the files and folders that are named. */
  public List<Path> roots() {
    return batches.stream().flatMap(List::stream).toList();
  }

  /** Where they come from, in the operator's words. */
  public String origin() {
    return "`" + String.join("`, `", roots().stream().map(Path::toString).toList()) + "`";
  }

  /**
   * Takes them.
   *
   * @throws TakingException where a root is gone or empty, there is too much, or it does not come
   *     to rest within half a minute
   */
  public PolicyTexts take() throws TakingException, InterruptedException {
    Look before = Look.at(batches, limits);
    Duration pause = FIRST_PAUSE;
    Optional<String> restless = Optional.empty();
    for (int looks = 1; looks < MOST_LOOKS; looks++) {
      rest.await(pause);
      Look after = Look.at(batches, limits);
      restless = restless(before, after);
      if (restless.isEmpty()) {
        return texts(after);
      }
      before = after;
      pause = longer(pause);
    }
    throw new TakingException(
        restless.orElse("") + ": the files do not come to rest",
        "write a file elsewhere and move it into its place");
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
  }

  private Optional<String> restless(Look before, Look after) {
    Optional<Path> moved = before.differsIn(after);
    if (moved.isPresent()) {
      return Optional.of("`" + moved.get() + "` changed while it was read");
    }
    for (Map.Entry<Path, Look.Seen> file : after.all().entrySet()) {
      if (file.getValue().problem().isEmpty() && writers.isBeingWritten(file.getValue().at())) {
        return Optional.of("`" + file.getKey() + "` is being written");
      }
    }
    return Optional.empty();
  }

  private PolicyTexts texts(Look look) throws TakingException {
    List<SourceFile> sources = new ArrayList<>();
    List<Diagnostic> unreadable = new ArrayList<>();
    for (Map.Entry<Path, Look.Seen> file : look.files().entrySet()) {
      SourceFiles.Read read = read(file.getKey(), file.getValue());
      read.source().ifPresent(sources::add);
      read.diagnostic().ifPresent(unreadable::add);
    }
    return new PolicyTexts(sources, unreadable, imports(look.all()), digest(look), origin());
  }

  private static SourceFiles.Read read(Path file, Look.Seen seen) throws TakingException {
    if (seen.problem().isEmpty()) {
      return SourceFiles.decode(file.toString(), seen.bytes());
    }
    SourceFiles.Read again = SourceFiles.read(file, file.toString());
    if (again.diagnostic().isEmpty()) {
      throw new TakingException(
          "`" + file + "` was not readable a moment ago: " + seen.problem().get(),
          "`heal reload` looks again");
    }
    return again;
  }

  /** What is imported is what was seen, whatever lies on the disk when it is asked for. */
  private static ImportResolver imports(Map<Path, Look.Seen> seen) {
    return Imports.of(
        new Imports.Disk() {
          @Override
          public boolean isFile(Path path) {
            return seen.containsKey(path.normalize());
          }

          @Override
          public Optional<SourceFile> read(Path path) {
            Look.Seen found = seen.get(path.normalize());
            return found == null || found.problem().isPresent()
                ? Optional.empty()
                : SourceFiles.decode(path.toString(), found.bytes()).source();
          }
        });
  }

  /** Of what {@code sha256sum} prints of the files, in the order of their names. */
  private String digest(Look look) {
    Optional<Path> folder =
        roots().size() == 1 && Files.isDirectory(roots().get(0))
            ? Optional.of(roots().get(0).normalize())
            : Optional.empty();
    Map<String, byte[]> named = new TreeMap<>();
    look.all()
        .forEach(
            (path, seen) -> {
              Path name = folder.filter(path::startsWith).map(f -> f.relativize(path)).orElse(path);
              named.put(name.toString(), seen.bytes());
            });
    StringBuilder list = new StringBuilder();
    named.forEach((name, bytes) -> list.append(hex(bytes)).append("  ").append(name).append('\n'));
    return "sha256:" + hex(list.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String hex(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}
