package dev.heal.engine.actuate;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Base64;

/** Small files, read and replaced as a whole: whoever reads them sees the old or the new text. */
final class WholeFile {
  private static final String ABSENT = "absent";
  private static final String HELD = "held:";
  private static final int MOST = 64 * 1024;

  private WholeFile() {}

  /** What it holds, in a form to be kept; also that there is none. */
  static String read(String path) throws IOException {
    Path file = Path.of(path);
    if (Files.notExists(file)) {
      return ABSENT;
    }
    if (Files.size(file) > MOST) {
      throw new IOException("`" + path + "` is over 64 KiB: what it holds cannot be kept");
    }
    return HELD + Base64.getEncoder().encodeToString(Files.readAllBytes(file));
  }

  static void putBack(String path, String kept) throws IOException {
    if (kept.equals(ABSENT)) {
      Files.deleteIfExists(Path.of(path));
    } else {
      replace(Path.of(path), Base64.getDecoder().decode(kept.substring(HELD.length())));
    }
  }

  static void write(String path, String text) throws IOException {
    replace(Path.of(path), text.getBytes(StandardCharsets.UTF_8));
  }

  /** With owner and rights of the file that it replaces. */
  private static void replace(Path path, byte[] bytes) throws IOException {
    Path file = Files.exists(path) ? path.toRealPath() : path;
    Path next = file.resolveSibling("." + file.getFileName() + ".heal");
    Files.deleteIfExists(next);
    try (FileChannel channel =
        FileChannel.open(next, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer left = ByteBuffer.wrap(bytes);
      while (left.hasRemaining()) {
        channel.write(left);
      }
      if (Files.exists(file)) {
        keepRights(file, next);
      }
      channel.force(true);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void keepRights(Path from, Path to) throws IOException {
    PosixFileAttributes old = Files.readAttributes(from, PosixFileAttributes.class);
    PosixFileAttributeView view = Files.getFileAttributeView(to, PosixFileAttributeView.class);
    PosixFileAttributes own = view.readAttributes();
    if (!own.owner().equals(old.owner())) {
      view.setOwner(old.owner());
    }
    if (!own.group().equals(old.group())) {
      view.setGroup(old.group());
    }
    view.setPermissions(old.permissions());
  }
}
