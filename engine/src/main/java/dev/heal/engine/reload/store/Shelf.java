package dev.heal.engine.reload.store;

import dev.heal.engine.reload.bundle.Digest;
import dev.heal.engine.reload.bundle.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of {@link GenerationStore}: names only for what is whole, and reading by digest. */
final class Shelf {
  private static final String FOLDER = "generations";
  private static final String OBJECTS = "objects";
  private static final String POINTER = "in-force";
  private static final String SUFFIX = ".generation";
  private static final String ARCHIVE = ".bundle";
  private static final String UNFINISHED = ".tmp";
  private static final Pattern RECORD = Pattern.compile("(\\d{9,18})\\" + SUFFIX);
  private static final String RECORD_TORN = "its record is not what was kept";
  private static final int SMALL_FILE = 64 << 10;

  private final Path folder;
  private final Path objects;
  private final Disk disk;

  Shelf(Path state, Disk disk) {
    this.folder = state.resolve(FOLDER);
    this.objects = folder.resolve(OBJECTS);
    this.disk = disk;
  }

  /** Makes the folders, and takes away what a killed engine left. */
  void prepare() throws StoreException {
    try {
      disk.makeFolder(folder);
      disk.makeFolder(objects);
      sweep();
    } catch (IOException e) {
      throw failed("the generations in `" + folder + "` cannot be opened", e);
    }
  }

  /** In the order archive, record, pointer: what is named is whole at every moment. */
  void save(Generation generation, byte[] archive, int most) throws StoreException {
    try {
      prune(most - 1); // first: it makes room
      Path object = objectOf(generation.archive());
      if (!isWhole(object, generation.archive())) {
        place(object, archive);
      }
      Pointer before = pointer();
      Optional<Generation> from = Optional.empty();
      if (generation.rolledBackFrom().isPresent()) {
        from = find(generation.rolledBackFrom().getAsLong());
      }
      place(recordOf(generation.number()), generation.toFields().bytes());
      place(folder.resolve(POINTER), before.to(generation, from).toFields().bytes());
    } catch (IOException e) {
      throw failed("generation " + generation.number() + " cannot be kept", e);
    }
  }

  /** Gives a file its name once it is whole on the disk. */
  private void place(Path file, byte[] bytes) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + UNFINISHED);
    try {
      disk.write(unfinished, bytes);
      disk.rename(unfinished, file);
    } catch (IOException e) {
      discard(unfinished, e);
      throw e;
    }
    disk.syncFolder(Objects.requireNonNull(file.getParent()));
  }

  private void discard(Path unfinished, IOException because) {
    try {
      disk.delete(unfinished);
    } catch (IOException e) {
      because.addSuppressed(e); // it is taken away when the store is opened again
    }
  }

  boolean has(long number) {
    return Files.exists(recordOf(number));
  }

  /**
   * A generation by its number.
   *
   * @throws StoreException where it is not kept, or damaged
   */
  GenerationStore.Loaded load(long number) throws StoreException {
    Optional<Generation> found = find(number);
    if (found.isPresent()) {
      return new GenerationStore.Loaded(found.get(), archiveOf(found.get()));
    }
    if (has(number)) {
      throw damaged(number, RECORD_TORN);
    }
    throw new StoreException(
        StoreException.Kind.ABSENT,
        "generation " + number + " is not kept here",
        "`heal generations` lists those that are");
  }

  Pointer pointer() throws StoreException {
    Optional<Pointer> read = read(folder.resolve(POINTER), Pointer::of);
    if (read.isPresent()) {
      return read.get();
    }
    // lost or torn by hands or by the disk: the generations themselves tell most of it
    List<Generation> known = new ArrayList<>();
    for (long number : numbers()) {
      find(number).ifPresent(known::add);
    }
    return Pointer.of(known);
  }

  private Optional<Generation> find(long number) throws StoreException {
    return read(recordOf(number), Generation::of).filter(g -> g.number() == number);
  }

  private interface Meaning<T> {
    T of(Fields fields);
  }

  /** Empty where the file is absent or not whole. */
  private static <T> Optional<T> read(Path file, Meaning<T> meaning) throws StoreException {
    try (InputStream in = Files.newInputStream(file)) {
      Optional<Fields> fields = Fields.read(in.readNBytes(SMALL_FILE));
      return fields.map(meaning::of);
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed("`" + file + "` cannot be read", e);
    } catch (IllegalArgumentException | ArithmeticException | java.time.DateTimeException other) {
      return Optional.empty(); // whole, but another version's
    }
  }

  private byte[] archiveOf(Generation generation) throws StoreException {
    Path object = objectOf(generation.archive());
    try (InputStream in = Files.newInputStream(object)) {
      byte[] archive = in.readNBytes(Limits.ARCHIVE_BYTES + 1);
      if (!Digest.of(archive).equals(generation.archive())) {
        throw damaged(generation.number(), "`" + object.getFileName() + "` is not what was kept");
      }
      return archive;
    } catch (NoSuchFileException gone) {
      throw damaged(generation.number(), "`" + object.getFileName() + "` is gone");
    } catch (StoreException e) {
      throw e;
    } catch (IOException e) {
      throw failed("generation " + generation.number() + " cannot be read", e);
    }
  }

  private static StoreException damaged(long number, String what) {
    return new StoreException(
        StoreException.Kind.DAMAGED,
        "generation " + number + " is damaged: " + what,
        "use another one: `heal generations` lists them; see the disk");
  }

  private boolean isWhole(Path object, Digest digest) throws IOException {
    if (!Files.isRegularFile(object)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(object)) {
      return Digest.of(in.readNBytes(Limits.ARCHIVE_BYTES + 1)).equals(digest);
    }
  }

  /** In order. */
  List<Long> numbers() throws StoreException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> RECORD.matcher(file.getFileName().toString()))
          .filter(Matcher::matches)
          .map(matcher -> Long.parseLong(matcher.group(1)))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw failed("the folder `" + folder + "` cannot be read", e);
    }
  }

  private Path recordOf(long number) {
    return folder.resolve("%09d%s".formatted(number, SUFFIX));
  }

  private Path objectOf(Digest archive) {
    return objects.resolve(archive.hex() + ARCHIVE);
  }

  /** Records first: an archive without one is swept later, one without its archive is damage. */
  private void prune(int keep) throws IOException {
    List<Long> numbers = numbers();
    OptionalLong current = pointer().current();
    for (long number : numbers.subList(0, Math.max(0, numbers.size() - keep))) {
      if (current.isEmpty() || current.getAsLong() != number) {
        disk.delete(recordOf(number));
      }
    }
    disk.syncFolder(folder);
    sweep();
  }

  private void sweep() throws IOException {
    for (Path file : files(folder)) {
      if (file.getFileName().toString().endsWith(UNFINISHED)) {
        disk.delete(file);
      }
    }
    Set<Path> used = new HashSet<>();
    for (long number : numbers()) {
      Optional<Generation> known = find(number);
      if (known.isEmpty()) {
        return; // it cannot say which archive is its own: none is taken away
      }
      used.add(objectOf(known.get().archive()));
    }
    for (Path file : files(objects)) {
      if (!used.contains(file)) {
        disk.delete(file);
      }
    }
  }

  private static List<Path> files(Path in) throws IOException {
    try (Stream<Path> files = Files.list(in)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private static StoreException failed(String what, IOException e) {
    if (e instanceof StoreException own) {
      return own;
    }
    String reason = Objects.requireNonNullElse(e.getMessage(), "the disk does not say why");
    String lower = reason.toLowerCase(Locale.ROOT);
    return lower.contains("no space left") || lower.contains("quota exceeded")
        ? new StoreException(
            StoreException.Kind.FULL, what + ": the disk is full", "make room on it", e)
        : new StoreException(
            StoreException.Kind.DISK, what + ": " + reason, "see the disk and its rights", e);
  }
}
