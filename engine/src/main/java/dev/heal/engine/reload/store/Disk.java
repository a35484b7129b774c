package dev.heal.engine.reload.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/** The steps of which saving is made. Tests have a disk that fails, or dies, at any of them. */
interface Disk {
  /** Makes a folder that only this user may enter; nothing where it is there. */
  void makeFolder(Path folder) throws IOException;

  /** Writes a file that only this user may read, and waits until it is on the disk. */
  void write(Path file, byte[] bytes) throws IOException;

  /** Takes the place of {@code to}, at once. */
  void rename(Path from, Path to) throws IOException;

  /** Waits until the names in a folder are on the disk. */
  void syncFolder(Path folder) throws IOException;

  /** Takes a file away; nothing where there is none. */
  void delete(Path file) throws IOException;

  /** That of this host. */
  Disk REAL =
      new Disk() {
        @Override
        public void makeFolder(Path folder) throws IOException {
          if (!Files.isDirectory(folder)) {
            Path made =
                Files.createDirectory(
                    folder,
                    PosixFilePermissions.asFileAttribute(
                        PosixFilePermissions.fromString("rwx------")));
            syncFolder(Objects.requireNonNull(made.toAbsolutePath().getParent()));
          }
        }

        @Override
        public void write(Path file, byte[] bytes) throws IOException {
          Files.deleteIfExists(file);
          Files.createFile(
              file,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
          try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
              channel.write(left);
            }
            channel.force(true);
          }
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
          Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }

        @Override
        public void syncFolder(Path folder) throws IOException {
          try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
          }
        }

        @Override
        public void delete(Path file) throws IOException {
          Files.deleteIfExists(file);
        }
      };
}
