package dev.heal.engine.cli;

import dev.heal.dsl.parse.SourceFiles;
import dev.heal.dsl.text.SourceFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Optional;

/**
 * Gives a file a new text, whole or not at all: the text is written beside it and on the disk
 * before it takes its place. A link stays a link, and the file keeps its mode, owner and group.
 */
final class FileRewrite {
  /** Why a file was left as it was, in the operator's words. */
  static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  private FileRewrite() {}

  /**
   * @param before the text from which {@code after} was made: a file that holds another one by now
   *     was changed by somebody else, and is left alone
   * @throws Refused where the file was left as it was
   */
  static void write(Path named, String before, String after) throws Refused {
    try {
      if (Files.exists(named) && !Files.isRegularFile(named)) {
        throw new Refused("`" + named + "` is not a regular file");
      }
      Path file = named.toRealPath();
      Optional<String> now =
          SourceFiles.read(file, named.toString()).source().map(SourceFile::text);
      if (now.equals(Optional.of(after))) {
        return; // named twice
      }
      if (!now.equals(Optional.of(before))) {
        throw new Refused("`" + named + "` was changed meanwhile; run it again");
      }
      replace(file, after.getBytes(StandardCharsets.UTF_8));
    } catch (Refused refused) {
      throw refused;
    } catch (AccessDeniedException denied) {
      throw new Refused("no permission to write `" + named + "`, or in its folder");
    } catch (FileSystemException failed) {
      String reason = failed.getReason() == null ? "it is gone" : failed.getReason();
      throw new Refused("`" + named + "` cannot be written: " + reason);
    } catch (IOException failed) {
      throw new Refused("`" + named + "` cannot be written: " + failed.getMessage());
    }
  }

  private static void replace(Path file, byte[] bytes) throws IOException {
    PosixFileAttributes was = Files.readAttributes(file, PosixFileAttributes.class);
    if (!Files.isWritable(file)) {
      throw new AccessDeniedException(file.toString()); // a rename alone would not ask for it
    }
    // not named .heal: what an interruption leaves behind is no policy
    Path fresh = Files.createTempFile(file.toAbsolutePath().getParent(), ".heal-fmt-", ".tmp");
    fresh.toFile().deleteOnExit(); // Ctrl-C
    try {
      try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
          channel.write(left);
        }
        channel.force(true);
      }
      keepOwner(fresh, was);
      Files.setPosixFilePermissions(fresh, was.permissions());
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /** Only root may give a file away; to anybody else it is theirs already, or becomes so. */
  private static void keepOwner(Path fresh, PosixFileAttributes was) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(fresh, PosixFileAttributeView.class);
    PosixFileAttributes is = view.readAttributes();
    if (!is.group().equals(was.group())) {
      view.setGroup(was.group());
    }
    if (!is.owner().equals(was.owner())) {
      view.setOwner(was.owner());
    }
  }
}
