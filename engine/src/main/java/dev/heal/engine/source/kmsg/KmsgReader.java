package dev.heal.engine.source.kmsg;

import dev.heal.engine.source.posix.Posix;
import dev.heal.engine.source.posix.PosixException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads the kernel's log on a thread of its own: the door of this package. The numbers that the
 * kernel gives to records tell what was lost, whether the kernel said so (EPIPE) or not.
 */
public final class KmsgReader implements AutoCloseable {
  /** The device; to read it needs root, CAP_SYSLOG or {@code kernel.dmesg_restrict=0}. */
  public static final Path DEVICE = Path.of("/dev/kmsg");

  private static final int RECORD_BYTES = 8 * 1024; // the kernel refuses a buffer that is too small
  private static final int SHOWN = 200;

  private final int device;
  private final int wake;
  private final KmsgSink sink;
  private final byte[] buffer = new byte[RECORD_BYTES];
  private final Thread thread;
  private OptionalLong last; // the number of the record before
  private long lost;

  /**
   * Opens the log and starts to read.
   *
   * @param after the number of the last record that was taken; empty to begin with the next record
   *     that is written. A number of an earlier boot must not be given.
   * @throws PosixException where the device cannot be opened
   */
  public KmsgReader(Path device, OptionalLong after, KmsgSink sink) throws PosixException {
    this.sink = sink;
    this.last = after;
    this.device = Posix.open(device, Posix.READ_ONLY | Posix.NON_BLOCKING);
    try {
      if (after.isEmpty()) {
        Posix.toEnd(this.device);
      }
      this.wake = Posix.wakeable();
    } catch (PosixException e) {
      Posix.close(this.device);
      throw e;
    }
    this.thread = new Thread(this::read, "heal-kmsg");
    thread.setDaemon(true);
    thread.start();
  }

  /** Ends; when this returns, nothing more is given. */
  @Override
  public void close() throws PosixException {
    Posix.wake(wake);
    try {
      thread.join();
      Posix.close(wake);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read() {
    try {
      boolean open = true;
      while (open && !Posix.poll(new int[] {device, wake}, -1)[1]) {
        open = readAll();
      }
      sink.ended(open ? "it was closed" : "the log has ended");
    } catch (PosixException e) {
      sink.ended(String.valueOf(e.getMessage()));
    } finally {
      Posix.close(device);
    }
  }

  /**
   * @return whether more may come
   */
  private boolean readAll() throws PosixException {
    while (true) {
      try {
        int length = Posix.read(device, buffer);
        if (length == 0) {
          return false;
        }
        take(length);
      } catch (PosixException e) {
        if (e.number() == PosixException.EAGAIN) {
          return true;
        }
        if (e.number() != PosixException.EPIPE) {
          throw e;
        }
        // overwritten before it was read; the number of the next record says how many
      }
    }
  }

  private void take(int length) {
    Optional<KmsgRecord> record = KmsgRecord.parse(buffer, length);
    if (record.isEmpty()) {
      int shown = Math.min(length, SHOWN);
      sink.unreadable(new String(buffer, 0, shown, StandardCharsets.UTF_8));
      return;
    }
    long sequence = record.get().sequence();
    if (last.isPresent()) {
      if (sequence <= last.getAsLong()) {
        return; // taken by an engine before this one
      }
      long missing = sequence - last.getAsLong() - 1;
      if (missing > 0) {
        lost += missing;
        sink.gap(missing, lost);
      }
    }
    last = OptionalLong.of(sequence);
    sink.record(record.get());
  }
}
