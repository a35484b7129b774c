package dev.heal.engine.journal.store;

import dev.heal.engine.journal.Appended;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;

/** Whether there is space for the journal, and the reserve behind it. Of the journal's thread. */
final class Space {
  private static final int PROBE_BYTES = 1 << 16;

  private final Path folder;
  private final Reserve reserve;
  private boolean full;

  Space(Path folder, Reserve reserve, boolean room) {
    this.folder = folder;
    this.reserve = reserve;
    this.full = !room;
  }

  boolean isFull() {
    return full;
  }

  /** From now on only what may use the reserve is written. */
  Appended.DiskFull full() {
    full = true;
    return new Appended.DiskFull(
        "the disk of `%s` is full: nothing is begun before it has space again".formatted(folder));
  }

  /** Whether there is space again, the reserve included. */
  boolean regained() {
    try {
      full = !reserve.make();
    } catch (IOException unusable) {
      full = true;
    }
    return !full;
  }

  /** Gives the reserve up; false where it is gone already. */
  boolean giveUp() {
    try {
      return reserve.release();
    } catch (IOException unusable) {
      return false;
    }
  }

  /**
   * Whether a failure means that there is no space. A spent quota is an error of input and output
   * to SQLite: then a file of our own says what is the matter.
   */
  boolean isSpent(SQLException failure) {
    return Database.isFull(failure) || (Database.isInputOutput(failure) && !canWrite());
  }

  private boolean canWrite() {
    Path probe = folder.resolve("probe");
    try {
      try (FileChannel channel =
          FileChannel.open(probe, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        ByteBuffer block = ByteBuffer.allocate(PROBE_BYTES);
        while (block.hasRemaining()) {
          channel.write(block);
        }
        channel.force(true);
        return true;
      } finally {
        Files.deleteIfExists(probe);
      }
    } catch (IOException refused) {
      String why = String.valueOf(refused.getMessage());
      return !why.contains("No space left") && !why.contains("quota");
    }
  }
}
