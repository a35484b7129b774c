package dev.heal.engine.reload.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** A disk on which something happens at the n-th step. */
final class StepDisk implements Disk {
  /** What happens at the step. */
  interface Event {
    /** Before the step; {@code write} has then written half of its bytes. */
    void at(int step, String what) throws IOException;
  }

  private final Event event;
  private int step;

  /** How to take back what no folder sync has made lasting yet, newest first. */
  private final Deque<Undo> pending = new ArrayDeque<>();

  private interface Undo {
    void run() throws IOException;
  }

  StepDisk(Event event) {
    this.event = event;
  }

  int steps() {
    return step;
  }

  /**
   * The power fails: of the names that no sync has made lasting, those whose bit is set are as they
   * were before.
   *
   * @return whether there is a higher bit
   */
  boolean cutPower(int lost) throws IOException {
    int bit = 1;
    for (Undo undo : pending) {
      if ((lost & bit) != 0) {
        undo.run();
      }
      bit <<= 1;
    }
    return lost + 1 < bit;
  }

  private void next(String what) throws IOException {
    event.at(++step, what);
  }

  @Override
  public void makeFolder(Path folder) throws IOException {
    next("make " + folder.getFileName());
    Disk.REAL.makeFolder(folder);
  }

  @Override
  public void write(Path file, byte[] bytes) throws IOException {
    Disk.REAL.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    next("write " + file.getFileName());
    Disk.REAL.write(file, bytes);
    next("written " + file.getFileName());
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    next("rename " + to.getFileName());
    byte[] moved = Files.readAllBytes(from);
    byte[] before = Files.exists(to) ? Files.readAllBytes(to) : new byte[0];
    boolean replaced = Files.exists(to);
    pending.push(
        () -> {
          Files.write(from, moved);
          if (replaced) {
            Files.write(to, before);
          } else {
            Files.deleteIfExists(to);
          }
        });
    Disk.REAL.rename(from, to);
    next("renamed " + to.getFileName());
  }

  @Override
  public void syncFolder(Path folder) throws IOException {
    next("sync " + folder.getFileName());
    Disk.REAL.syncFolder(folder);
    pending.clear();
    next("synced " + folder.getFileName());
  }

  @Override
  public void delete(Path file) throws IOException {
    next("delete " + file.getFileName());
    if (Files.exists(file)) {
      byte[] before = Files.readAllBytes(file);
      pending.push(() -> Files.write(file, before));
    }
    Disk.REAL.delete(file);
    next("deleted " + file.getFileName());
  }
}
