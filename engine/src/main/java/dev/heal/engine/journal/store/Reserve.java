package dev.heal.engine.journal.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file that takes up space until the journal needs it: {@code STATE/reserve}. */
final class Reserve {
  private static final int BLOCK_BYTES = 1 << 16;

  private final Path file;
  private final long bytes;

  Reserve(Path state, long bytes) {
    this.file = state.resolve("reserve");
    this.bytes = bytes;
  }

  /**
   * Makes the reserve where it is not there whole.
   *
   * @return whether it is there now; false on a full disk
   */
  boolean make() throws IOException {
    if (Files.exists(file) && Files.size(file) == bytes) {
      return true;
    }
    Files.deleteIfExists(file);
    if (Files.getFileStore(file.toAbsolutePath().getParent()).getUsableSpace() < 2 * bytes) {
      return false; // the journal itself needs some too
    }
    try {
      fill();
      return true;
    } catch (IOException full) {
      Files.deleteIfExists(file);
      return false;
    }
  }

  /** Gives the space up; false where it was given up before. */
  boolean release() throws IOException {
    return Files.deleteIfExists(file);
  }

  /** With bytes that no file system makes smaller. */
  private void fill() throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
      long noise = 0x9E3779B97F4A7C15L;
      for (long left = bytes; left > 0; left -= block.limit()) {
        block.clear();
        while (block.remaining() >= Long.BYTES) {
          noise ^= noise << 13;
          noise ^= noise >>> 7;
          noise ^= noise << 17;
          block.putLong(noise);
        }
        block.flip().limit((int) Math.min(BLOCK_BYTES, left));
        while (block.hasRemaining()) {
          channel.write(block);
        }
      }
      channel.force(true);
    }
  }
}
