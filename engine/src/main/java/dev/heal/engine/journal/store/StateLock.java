package dev.heal.engine.journal.store;

import dev.heal.engine.journal.JournalException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** One engine on one state folder. The operating system lets go when the process is gone. */
final class StateLock implements AutoCloseable {
  private static final int MOST_PID_BYTES = 32;

  /**
   * What this process holds: closing any other channel on a locked file would let go of the lock of
   * the whole process, so a second attempt must not even open it.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path key;
  private final FileChannel channel;

  private StateLock(Path key, FileChannel channel) {
    this.key = key;
    this.channel = channel;
  }

  /** Takes the lock, or says who holds it. */
  static StateLock take(Path state) throws IOException {
    Path key = state.toRealPath();
    if (!HELD.add(key)) {
      throw refused(state, Long.toString(ProcessHandle.current().pid()));
    }
    boolean taken = false;
    try {
      FileChannel channel =
          FileChannel.open(
              state.resolve("lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      try {
        FileLock lock = channel.tryLock();
        if (lock == null) {
          throw refused(state, holder(channel));
        }
        write(channel);
        taken = true;
        return new StateLock(key, channel);
      } finally {
        if (!taken) {
          channel.close();
        }
      }
    } finally {
      if (!taken) {
        HELD.remove(key);
      }
    }
  }

  private static void write(FileChannel channel) throws IOException {
    byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
    channel.truncate(0);
    try {
      channel.write(ByteBuffer.wrap(pid), 0);
    } catch (IOException full) {
      channel.truncate(0); // a full disk: the lock counts, the number is a courtesy
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(MOST_PID_BYTES);
    channel.read(text, 0);
    String pid = StandardCharsets.US_ASCII.decode(text.flip()).toString().strip();
    return pid.isEmpty() ? "unknown" : pid;
  }

  private static JournalException refused(Path state, String pid) {
    return new JournalException(
        "another engine (pid %s) works on `%s`".formatted(pid, state),
        "stop that one first, or give this one a --state folder of its own");
  }

  @Override
  public void close() throws IOException {
    channel.close();
    HELD.remove(key);
  }
}
