package dev.heal.engine.reload.files;

import dev.heal.dsl.check.ImportResolver;
import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.parse.SourceFiles;
import dev.heal.dsl.text.SourceFile;
import dev.heal.engine.reload.bundle.Contents;
import dev.heal.engine.reload.bundle.Manifest;
import dev.heal.engine.reload.bundle.Signatures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
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
  private volatile List<Path> imported = List.of();

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

  /** Files elsewhere that those of the last snapshot import. */
  public List<Path> imported() {
    return imported;
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
    for (Map.Entry<Path, Look.Seen> file : after.everything().entrySet()) {
      if (file.getValue().problem().isEmpty() && writers.isBeingWritten(file.getValue().at())) {
        return Optional.of("`" + file.getKey() + "` is being written");
      }
    }
    return Optional.empty();
  }

  private PolicyTexts texts(Look look) throws TakingException {
    imported = List.copyOf(look.imported().keySet());
    Path base = base(look);
    List<SourceFile> sources = new ArrayList<>();
    List<Diagnostic> unreadable = new ArrayList<>();
    SortedMap<String, Path> ordered = new TreeMap<>(); // as an archive of them has them
    look.files().keySet().forEach(file -> ordered.put(below(base, file), file));
    for (Path file : ordered.values()) {
      SourceFiles.Read read = read(file, Objects.requireNonNull(look.files().get(file)));
      read.source().ifPresent(sources::add);
      read.diagnostic().ifPresent(unreadable::add);
    }
    SortedMap<String, byte[]> bytes = new TreeMap<>();
    look.all().forEach((file, seen) -> bytes.put(below(base, file), seen.bytes()));
    return new PolicyTexts(
        sources,
        unreadable,
        imports(look.all()),
        Contents.digest(bytes).toString(),
        origin(),
        Optional.of(Parcel.of(bytes, seals(look))));
  }

  /** The folder below which all of them lie, as deep as may be. */
  private Path base(Look look) {
    List<Path> within = new ArrayList<>();
    for (Path root : roots()) {
      Path whole = root.toAbsolutePath().normalize();
      within.add(Files.isDirectory(whole) ? whole : whole.getParent());
    }
    look.imported().keySet().forEach(file -> within.add(file.toAbsolutePath().getParent()));
    Path base = within.get(0);
    for (Path one : within) {
      while (!one.startsWith(base)) {
        base = Objects.requireNonNull(base.getParent()); // the root is above all
      }
    }
    return base;
  }

  private static String below(Path base, Path file) {
    return base.relativize(file.toAbsolutePath().normalize()).toString();
  }

  /** What is beside the files, where they are those of one folder. */
  private Optional<Parcel.Seals> seals(Look look) {
    if (roots().size() != 1 || !Files.isDirectory(roots().get(0))) {
      return Optional.empty();
    }
    Path folder = roots().get(0).normalize();
    if (!look.all().keySet().stream().allMatch(file -> file.startsWith(folder))) {
      return Optional.empty();
    }
    return Optional.of(
        new Parcel.Seals(
            bytes(look, folder.resolve(Manifest.FILE_NAME)),
            bytes(look, folder.resolve(Signatures.FILE_NAME))));
  }

  private static Optional<byte[]> bytes(Look look, Path seal) {
    return Optional.ofNullable(look.seals().get(seal)).map(Look.Seen::bytes);
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
}
