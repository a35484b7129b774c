package dev.heal.engine.journal.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes the inputs of the loop to {@code STATE/recording}, on a thread of its own. What waits is
 * flushed together as soon as nothing more does, so that a crash of the engine loses at most what
 * came in the moment before, and a loss of power what came after the last {@link #sync}.
 *
 * <p>An input that cannot be recorded (a full disk, a disk that is too slow) is counted, and its
 * place in the recording says so; the loop goes on.
 */
public final class Recorder implements AutoCloseable {
  private static final int MOST_WAITING = 1 << 16;
  private static final int MOST_TOGETHER = 1 << 10;

  /**
   * How much is kept.
   *
   * @param segmentBytes a segment of this size is ended at the next checkpoint, and one of twice
   *     this size in any case
   * @param totalBytes all segments together; the oldest is deleted where they are more
   */
  public record Limits(long segmentBytes, long totalBytes) {
    public Limits {
      if (segmentBytes < 1 || totalBytes < 2 * segmentBytes) {
        throw new IllegalArgumentException(segmentBytes + " of " + totalBytes + " bytes");
      }
    }

    /** Segments of 16 MiB, 1 GiB of them. */
    public static Limits usual() {
      return new Limits(16L << 20, 1L << 30);
    }
  }

  /**
   * How the recording goes.
   *
   * @param recorded inputs that were handed to the operating system
   * @param lost inputs that are missing in it
   * @param problem why the last one was lost
   */
  public record Status(long recorded, long lost, Optional<String> problem) {}

  /** An input, or a call for its place to be reached. */
  private record Task(Optional<Recorded> input, Call call, CompletableFuture<Status> done) {}

  private enum Call {
    NONE,
    SYNC,
    LEAVE
  }

  private final Segments segments;
  private final Limits limits;
  private final InputLines format;
  private final BlockingQueue<Task> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final Thread thread = new Thread(this::run, "heal-recorder");
  private final AtomicLong refused = new AtomicLong();
  private final CompletableFuture<Status> nobody = new CompletableFuture<>();

  // of the thread; read by others
  private volatile Status status = new Status(0, 0, Optional.empty());
  private volatile boolean wantsCheckpoint;

  // of the thread
  private Optional<SegmentWriter> segment = Optional.empty();
  private long unsaid;

  private Recorder(Segments segments, Limits limits) throws IOException {
    this.segments = segments;
    this.limits = limits;
    this.format = new InputLines();
    thread.setDaemon(true);
  }

  /** Goes on behind what is recorded already, in a segment of its own. */
  public static Recorder open(Path state, Limits limits) throws IOException {
    Segments segments = new Segments(state);
    Files.createDirectories(segments.folder());
    Recorder recorder = new Recorder(segments, limits);
    recorder.thread.start();
    return recorder;
  }

  /**
   * Records an input behind all before it. Never blocks.
   *
   * @return false where it is lost: too many wait
   */
  public boolean record(Recorded input) {
    Objects.requireNonNull(input);
    boolean taken = waiting.offer(new Task(Optional.of(input), Call.NONE, nobody));
    if (!taken) {
      refused.incrementAndGet();
    }
    return taken;
  }

  /**
   * Makes durable what was recorded before the call. The future is completed on the recorder's
   * thread, never exceptionally: what could not be written is counted as lost.
   */
  public CompletableFuture<Status> sync() {
    return call(Call.SYNC);
  }

  public Status status() {
    return status;
  }

  /**
   * Whether a {@link Recorded.Checkpoint} is wanted now: it opens a segment, which can be decided
   * again without those before it.
   */
  public boolean wantsCheckpoint() {
    return wantsCheckpoint;
  }

  /** Writes what waits and ends the segment. */
  @Override
  public void close() {
    call(Call.LEAVE).join();
  }

  private CompletableFuture<Status> call(Call call) {
    CompletableFuture<Status> done = new CompletableFuture<>();
    boolean interrupted = false;
    boolean put = false;
    while (!put && thread.isAlive()) {
      try {
        waiting.put(new Task(Optional.empty(), call, done));
        put = true;
      } catch (InterruptedException later) {
        interrupted = true;
      }
    }
    if (!put) {
      done.complete(status);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return done;
  }

  private void run() {
    List<Task> together = new ArrayList<>();
    boolean leaving = false;
    while (!leaving) {
      try {
        together.add(waiting.take());
      } catch (InterruptedException goesOn) {
        continue; // only `LEAVE` ends this thread
      }
      waiting.drainTo(together, MOST_TOGETHER - 1);
      leaving = write(together);
      together.clear();
    }
  }

  /** Whether it was the last. */
  private boolean write(List<Task> tasks) {
    long inputs = tasks.stream().filter(task -> task.input().isPresent()).count();
    boolean sync = tasks.stream().anyMatch(task -> task.call() != Call.NONE);
    boolean leave = tasks.stream().anyMatch(task -> task.call() == Call.LEAVE);
    try {
      if (inputs > 0 || segment.isPresent()) {
        append(tasks, sync);
      }
      if (leave) {
        endSegment();
      }
      status = new Status(status.recorded() + inputs, lost(), status.problem());
    } catch (IOException | RuntimeException failed) { // whoever waits for us must not wait for ever
      unsaid += inputs;
      abandon();
      status =
          new Status(
              status.recorded(),
              lost() + inputs,
              Optional.of(
                  "`%s` cannot be written: %s".formatted(segments.folder(), failed.getMessage())));
    }
    tasks.stream().filter(t -> t.call() != Call.NONE).forEach(t -> t.done().complete(status));
    return leave;
  }

  /** What the status knows of, and what was refused since. */
  private long lost() {
    long more = refused.getAndSet(0);
    unsaid += more;
    return status.lost() + more;
  }

  private void append(List<Task> tasks, boolean sync) throws IOException {
    SegmentWriter open = segment.isPresent() ? segment.get() : begin();
    if (unsaid > 0) {
      InputLines.writeLost(unsaid, open.lines());
    }
    for (Task task : tasks) {
      if (task.input().isPresent()) {
        if (task.input().get() instanceof Recorded.Checkpoint) {
          open.sync();
          endSegment();
          open = begin();
        }
        format.write(task.input().get(), open.lines());
      }
    }
    if (sync) {
      open.sync();
    } else {
      open.flush();
    }
    unsaid = 0;
    long size = open.size();
    wantsCheckpoint = size >= limits.segmentBytes();
    if (size >= 2 * limits.segmentBytes()) { // nothing has come to rest: it goes without
      open.sync();
      endSegment();
    }
  }

  private SegmentWriter begin() throws IOException {
    wantsCheckpoint = false;
    segments.bound(limits.totalBytes() - 2 * limits.segmentBytes());
    SegmentWriter made = new SegmentWriter(segments.next());
    segment = Optional.of(made);
    return made;
  }

  private void endSegment() throws IOException {
    if (segment.isPresent()) {
      SegmentWriter ended = segment.get();
      segment = Optional.empty();
      ended.close();
    }
  }

  /** A segment that failed is torn; the next input begins another. */
  private void abandon() {
    try {
      endSegment();
    } catch (IOException torn) {
      // what it held is counted as lost by the one failure before
    }
  }
}
