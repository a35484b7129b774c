package dev.heal.engine.actuate.reach;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Reads what a process says, on a thread of its own, and keeps the end of it. */
final class OutputTail implements Runnable {
  /** What it started may hold the pipe open for ever: the rest is not waited for. */
  private static final long PATIENCE_MILLIS = 500;

  private final InputStream stream;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final byte[] ring = new byte[Said.MOST];
  private long length;

  private OutputTail(InputStream stream) {
    this.stream = stream;
  }

  static OutputTail of(Process process) {
    OutputTail tail = new OutputTail(process.getInputStream());
    Thread thread = new Thread(tail, "heal-output-" + process.pid());
    thread.setDaemon(true);
    thread.start();
    return tail;
  }

  @Override
  public void run() {
    byte[] buffer = new byte[Said.MOST];
    try (stream) {
      for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
        keep(buffer, read);
      }
    } catch (IOException closed) {
      keep(new byte[0], 0); // the process was killed: what it had said is kept
    } finally {
      ended.countDown();
    }
  }

  private synchronized void keep(byte[] bytes, int count) {
    for (int i = 0; i < count; i++) {
      ring[(int) (length++ % ring.length)] = bytes[i];
    }
  }

  /** What was said so far, in one line. */
  String text() {
    boolean interrupted = Thread.interrupted();
    try {
      if (!ended.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
        return line();
      }
    } catch (InterruptedException again) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    return line();
  }

  private synchronized String line() {
    int kept = (int) Math.min(length, ring.length);
    byte[] last = new byte[kept];
    for (int i = 0; i < kept; i++) {
      last[i] = ring[(int) ((length - kept + i) % ring.length)];
    }
    return Said.line(last, kept);
  }
}
