package dev.heal.engine.cli.bundle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files that are there whole, or not at all. */
public final class NewFile {
  private static final String SECRET = "rw-------";
  private static final String USUAL = "rw-r--r--";

  private NewFile() {}

  /** Writes a file in place of the one that is there, if any. */
  public static void replace(Path file, byte[] bytes) throws IOException {
    replace(file, bytes, USUAL);
  }

  /** The same, for nobody else's eyes. */
  static void replaceSecret(Path file, byte[] bytes) throws IOException {
    replace(file, bytes, SECRET);
  }

  private static void replace(Path file, byte[] bytes, String mode) throws IOException {
    Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    try {
      create(fresh, bytes, mode);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /**
   * Writes a file that is not there yet, for nobody else's eyes.
   *
   * @throws java.nio.file.FileAlreadyExistsException where something is there, a link included
   */
  static void createSecret(Path file, byte[] bytes) throws IOException {
    create(file, bytes, SECRET);
  }

  private static void create(Path file, byte[] bytes, String mode) throws IOException {
    FileAttribute<Set<PosixFilePermission>> attribute =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
    Set<StandardOpenOption> options =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    boolean whole = false;
    try (FileChannel channel = FileChannel.open(file, options, attribute)) {
      try {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
          channel.write(left);
        }
        channel.force(true);
        whole = true;
      } finally {
        if (!whole) {
          Files.deleteIfExists(file);
        }
      }
    }
  }
}
