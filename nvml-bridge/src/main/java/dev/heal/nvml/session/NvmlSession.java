package dev.heal.nvml.session;

import com.sun.jna.Pointer;
import dev.heal.nvml.answer.Answer;
import dev.heal.nvml.answer.Problem;
import dev.heal.nvml.binding.Device;
import dev.heal.nvml.binding.NvmlLibrary;
import dev.heal.nvml.binding.ReturnCode;
import dev.heal.nvml.binding.Symbol;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * NVML, kept initialised. Safe to use, and to close, from any thread at any moment.
 *
 * <p>Calls hold the read lock, whatever shuts NVML down or moves handles holds the write lock. A
 * call that hangs in the driver keeps the write lock from being taken: then NVML stays as it is,
 * and what can still answer answers.
 */
public final class NvmlSession implements AutoCloseable {
  /** How long a shutdown waits for calls that run. */
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

  private static final Duration REOPEN_PATIENCE = Duration.ofMillis(100);

  private final String libraryName;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  /** Told whenever NVML has been initialised anew, or closed. */
  private final Object changed = new Object();

  private final Backoff backoff = new Backoff();
  private final Registry registry = new Registry();
  private final Questions questions = new Questions();

  private long generations;
  private volatile boolean closed;
  private volatile boolean suspended;
  private volatile Link link =
      Link.down(Problem.of(Problem.Kind.DRIVER_NOT_LOADED, "not asked yet"));

  /** The library while it is initialised; else why not. */
  private record Link(Answer<NvmlLibrary> library, Answer<Driver> driver, long generation) {
    static Link down(Problem problem) {
      return new Link(Answer.none(problem), Answer.none(problem), 0);
    }
  }

  /** Does not load anything yet: {@link #refresh} does. */
  public NvmlSession(String libraryName) {
    this.libraryName = libraryName;
  }

  static Problem closed() {
    return Problem.of(Problem.Kind.FAILED, "the bridge is closed");
  }

  /**
   * Loads and initialises NVML where that is due; with {@code rescan}, or where one was lost, looks
   * for GPUs that came or went.
   */
  public void refresh(boolean rescan) {
    if (closed || suspended) {
      return;
    }
    if (needsReopen()) {
      locked(REOPEN_PATIENCE, this::reopen);
    } else if (rescan || registry.isAnyLost()) {
      inside(library -> Answer.of(registry.update(library)));
    }
  }

  /**
   * The same on another thread, waited for only so long: the driver may hang here as anywhere.
   *
   * @return what is left of the patience
   */
  public Duration refresh(boolean rescan, Duration patience) {
    if (closed || suspended || !(needsReopen() || rescan || registry.isAnyLost())) {
      return patience;
    }
    long start = System.nanoTime();
    questions.ask(
        patience.dividedBy(2),
        () -> {
          refresh(rescan);
          return Answer.of(true);
        });
    return patience.minusNanos(System.nanoTime() - start);
  }

  private boolean needsReopen() {
    return link.library()
        .match(
            library -> library.endedBy().isPresent(), problem -> backoff.isDue(System.nanoTime()));
  }

  private boolean reopen() {
    if (!needsReopen()) {
      return true; // another thread has done it meanwhile
    }
    Optional<Problem> endedBy = link.library().value().flatMap(NvmlLibrary::endedBy);
    shutDown(endedBy.orElse(Problem.of(Problem.Kind.DRIVER_NOT_LOADED, "loading")));
    if (closed) {
      return false;
    }
    Answer<NvmlLibrary> opened = NvmlLibrary.open(libraryName).then(NvmlSession::initialised);
    long now = System.nanoTime();
    if (opened.problem().isPresent()) {
      backoff.failed(now);
      link = Link.down(opened.problem().get());
    } else {
      NvmlLibrary library = opened.value().orElseThrow();
      backoff.succeeded(now);
      generations++;
      link = new Link(opened, Enumeration.driver(library), generations);
      registry.update(library);
    }
    tellChanged();
    return true;
  }

  private void tellChanged() {
    synchronized (changed) {
      changed.notifyAll();
    }
  }

  private static Answer<NvmlLibrary> initialised(NvmlLibrary library) {
    int code = library.call(Symbol.INIT);
    if (code == ReturnCode.SUCCESS) {
      return Answer.of(library);
    }
    Problem problem = library.problem(Symbol.INIT, code);
    library.close();
    return Answer.none(problem);
  }

  private void shutDown(Problem why) {
    Optional<NvmlLibrary> library = link.library().value();
    link = Link.down(why);
    registry.forgetDevices(why);
    library.ifPresent(
        loaded -> {
          loaded.call(Symbol.SHUTDOWN); // UNINITIALIZED after a driver reload: as good as done
          loaded.close();
        });
  }

  /** What runs here, or why nothing does. */
  public Answer<Driver> driver() {
    return closed ? Answer.none(closed()) : link.driver();
  }

  /** All GPUs ever seen, by index; those that are gone too. */
  public List<Gpu> gpus() {
    return registry.gpus();
  }

  /** Another number after each initialisation; 0 while there is none. */
  public long generation() {
    return link.generation();
  }

  /** The GPU of a handle that NVML gave in an event. */
  public Optional<Gpu> gpuOf(Pointer handle) {
    return registry.gpuOf(handle);
  }

  /** Asks about a GPU. */
  public <T> Answer<T> ask(Gpu gpu, Duration patience, Function<Device, Answer<T>> work) {
    return askAll(List.of(gpu), patience, work).get(0);
  }

  /**
   * Asks about many at once, on another thread, with one deadline for all; answers in their order.
   */
  public <T> List<Answer<T>> askAll(
      List<Gpu> gpus, Duration patience, Function<Device, Answer<T>> work) {
    if (closed) {
      return Collections.nCopies(gpus.size(), Answer.none(closed()));
    }
    return questions.ask(gpus, patience, gpu -> onDevice(gpu, work));
  }

  private <T> Answer<T> onDevice(Gpu gpu, Function<Device, Answer<T>> work) {
    return inside(library -> registry.device(gpu).then(work));
  }

  /** Calls NVML on the caller's thread. Until it comes back, NVML is not shut down. */
  public <T> Answer<T> inside(Function<NvmlLibrary, Answer<T>> work) {
    if (closed) {
      return Answer.none(closed()); // and the lock may be long in coming
    }
    lock.readLock().lock();
    try {
      if (closed) {
        return Answer.none(closed());
      }
      return link.library().then(work);
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * The same, where NVML is still initialised as it was at {@code generation}: for what is gone
   * with it, such as an event set.
   */
  public <T> Answer<T> inside(long generation, Function<NvmlLibrary, Answer<T>> work) {
    return inside(
        library ->
            link.generation() == generation
                ? work.apply(library)
                : Answer.none(Problem.Kind.DRIVER_NOT_LOADED, "it was initialised anew"));
  }

  /** A handle of a GPU for use on another thread than its own; good for this generation. */
  public Answer<Device> deviceFor(NvmlLibrary library, Gpu gpu) {
    return registry.device(gpu).map(device -> new Device(library, device.handle()));
  }

  /** Another number whenever a GPU has got another handle, or lost its own. */
  public long devicesVersion() {
    return registry.version();
  }

  /**
   * Waits until NVML has been initialised anew since {@code generation}, for at most {@code
   * patience}. It takes no lock that a call which hangs could hold.
   */
  public boolean awaitGenerationAfter(long generation, Duration patience)
      throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    synchronized (changed) {
      long left = patience.toNanos();
      while (link.generation() <= generation && !closed && left > 0) {
        changed.wait(Duration.ofNanos(left).toMillis() + 1);
        left = end - System.nanoTime();
      }
    }
    return link.generation() > generation;
  }

  /**
   * Lets NVML go while {@code work} runs, and takes it again: a GPU that is held cannot be reset.
   *
   * @return TIMED_OUT, and nothing done, where a call does not come back
   */
  public <T> Answer<T> without(Duration patience, Supplier<Answer<T>> work) {
    suspended = true;
    try {
      Optional<Boolean> let =
          locked(
              patience,
              () -> {
                shutDown(Problem.of(Problem.Kind.DRIVER_NOT_LOADED, "let go for a GPU reset"));
                return true;
              });
      if (let.isEmpty()) {
        return Answer.none(
            Problem.Kind.TIMED_OUT, "a call of NVML does not come back; nothing was done");
      }
      return work.get();
    } finally {
      suspended = false;
      backoff.succeeded(System.nanoTime());
      refresh(true);
    }
  }

  private <T> Optional<T> locked(Duration patience, Supplier<T> work) {
    try {
      if (!lock.writeLock().tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        return Optional.empty();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
    try {
      return Optional.of(work.get());
    } finally {
      lock.writeLock().unlock();
    }
  }

  public boolean isClosed() {
    return closed;
  }

  /**
   * Ends it. Where a call hangs in the driver for longer than 2 s, NVML stays loaded and
   * initialised until the call comes back, or the process ends: to take it away from under the call
   * would crash.
   */
  @Override
  public void close() {
    closed = true;
    tellChanged();
    questions.close();
    if (locked(CLOSE_PATIENCE, this::end).isEmpty()) {
      Thread later = new Thread(this::endLater, "nvml closing");
      later.setDaemon(true);
      later.start();
    }
  }

  private boolean end() {
    shutDown(closed());
    return true;
  }

  private void endLater() {
    lock.writeLock().lock();
    try {
      end();
    } finally {
      lock.writeLock().unlock();
    }
  }
}
