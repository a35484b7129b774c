package dev.heal.engine.reload.files;

import dev.heal.dsl.check.ImportResolver;
import dev.heal.dsl.parse.SourceFiles;
import dev.heal.dsl.text.SourceFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Finds imports: shipped packs by name, other files relative to the one that imports them. A
 * working copy of a shipped pack imports from its own tree: {@code rules/nvidia/xid.heal} from
 * {@code rules}.
 */
public final class Imports {
  private static final String SUFFIX = ".heal";
  private static final String SHIPPED = "/dev/heal/rules/";

  private Imports() {}

  /** Where files that are imported by their path are read. */
  interface Disk {
    boolean isFile(Path path);

    /** Empty where it cannot be read. */
    Optional<SourceFile> read(Path path);
  }

  /** What is on the disk now. */
  private static final class Now implements Disk {
    @Override
    public boolean isFile(Path path) {
      return Files.isRegularFile(path);
    }

    @Override
    public Optional<SourceFile> read(Path path) {
      return SourceFiles.read(path, path.toString()).source();
    }
  }

  /** Reads files as they are when they are asked for. */
  public static ImportResolver ofDisk() {
    return of(new Now());
  }

  /** Only what came with this engine. */
  public static ImportResolver shippedOnly() {
    return (path, importer) -> path.contains("..") ? Optional.empty() : shipped(suffixed(path));
  }

  static ImportResolver of(Disk disk) {
    return (path, importer) -> {
      String file = suffixed(path);
      Path from = Path.of(importer.name());
      Path beside = from.resolveSibling(file).normalize();
      if (disk.isFile(beside)) {
        return disk.read(beside);
      }
      if (file.contains("..")) {
        return Optional.empty();
      }
      Optional<Path> copy =
          treeOfPacks(from, disk).map(tree -> tree.resolve(file)).filter(disk::isFile);
      return copy.isPresent() ? disk.read(copy.get()) : shipped(file);
    };
  }

  private static String suffixed(String path) {
    return path.endsWith(SUFFIX) ? path : path + SUFFIX;
  }

  /** The folder in which a file lies as a shipped pack of the same name does. */
  private static Optional<Path> treeOfPacks(Path file, Disk disk) {
    if (!disk.isFile(file)) {
      return Optional.empty();
    }
    int names = file.getNameCount();
    for (int from = Math.max(0, names - 2); from < names; from++) {
      if (Imports.class.getResource(SHIPPED + file.subpath(from, names)) != null) {
        Path tree = from == 0 ? Path.of("") : file.subpath(0, from);
        return Optional.of(file.isAbsolute() ? file.getRoot().resolve(tree) : tree);
      }
    }
    return Optional.empty();
  }

  private static Optional<SourceFile> shipped(String file) {
    try (InputStream in = Imports.class.getResourceAsStream(SHIPPED + file)) {
      return in == null
          ? Optional.empty()
          : SourceFiles.decode(file, in.readNBytes(SourceFiles.MOST_BYTES + 1)).source();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
