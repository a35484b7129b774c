package dev.heal.engine.source.child;

import dev.heal.engine.source.child.ChildEvent.Output;
import dev.heal.engine.source.log.LineCutter;
import dev.heal.engine.source.posix.Posix;
import dev.heal.engine.source.posix.PosixException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Reads the outputs of a child on one thread, until they end, or until the process group is gone
 * and nothing more is in them: a process that left the group may hold them open for ever.
 */
final class Outputs {
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final int READS_AFTER_END = 256; // 16 MiB: more than any pipe holds

  /** Takes a whole line. */
  interface Sink {
    void line(Output output, String text, boolean cut);
  }

  private static final class Pipe {
    private final Output output;
    private final int descriptor;
    private final LineCutter lines = new LineCutter();

    Pipe(Output output, int descriptor) {
      this.output = output;
      this.descriptor = descriptor;
    }
  }

  private final List<Pipe> open = new ArrayList<>();
  private final int wake;
  private final Sink sink;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private final ReentrantLock lock = new ReentrantLock();
  private boolean closed; // under the lock: `wake` may be another file by then

  /** Closes all three descriptors in the end. */
  Outputs(int output, int errors, int wake, Sink sink) {
    open.add(new Pipe(Output.STDOUT, output));
    open.add(new Pipe(Output.STDERR, errors));
    this.wake = wake;
    this.sink = sink;
  }

  /** On the thread that reads. */
  void readAll() throws PosixException {
    try {
      boolean ended = false;
      int left = READS_AFTER_END;
      while (!open.isEmpty() && left > 0) {
        boolean[] ready = Posix.poll(descriptors(), ended ? 0 : -1);
        boolean any = false;
        for (int i = open.size() - 1; i >= 0; i--) {
          if (ready[i]) {
            any = true;
            read(open.get(i));
          }
        }
        if (ended) {
          left = any ? left - 1 : 0;
        }
        ended |= ready[ready.length - 1];
      }
    } finally {
      close();
    }
  }

  /** The process group is gone: what is in the pipes is all there will be. */
  void finish() throws PosixException {
    lock.lock();
    try {
      if (!closed) {
        Posix.wake(wake);
      }
    } finally {
      lock.unlock();
    }
  }

  private int[] descriptors() {
    int[] descriptors = new int[open.size() + 1];
    for (int i = 0; i < open.size(); i++) {
      descriptors[i] = open.get(i).descriptor;
    }
    descriptors[open.size()] = wake;
    return descriptors;
  }

  private void read(Pipe pipe) throws PosixException {
    int count = Posix.read(pipe.descriptor, buffer);
    if (count == 0) {
      close(pipe);
      open.remove(pipe);
    } else {
      pipe.lines.feed(buffer, count, (text, cut, end) -> sink.line(pipe.output, text, cut));
    }
  }

  private void close(Pipe pipe) {
    Posix.close(pipe.descriptor);
    pipe.lines.finish((text, cut, end) -> sink.line(pipe.output, text, cut));
  }

  private void close() {
    open.forEach(this::close);
    open.clear();
    lock.lock();
    try {
      closed = true;
      Posix.close(wake);
    } finally {
      lock.unlock();
    }
  }
}
