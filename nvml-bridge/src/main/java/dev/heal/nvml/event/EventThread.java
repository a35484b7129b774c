package dev.heal.nvml.event;

import dev.heal.nvml.answer.Answer;
import dev.heal.nvml.answer.Problem;
import dev.heal.nvml.binding.EventWait;
import dev.heal.nvml.binding.NvmlLibrary;
import dev.heal.nvml.session.Gpu;
import dev.heal.nvml.session.NvmlSession;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The daemon thread that waits for events. It waits in slices: an interrupt does not end NVML's
 * wait, and NVML cannot be shut down while it lasts.
 */
public final class EventThread implements AutoCloseable {
  private static final Duration SLICE = Duration.ofMillis(400);
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final NvmlSession session;
  private final InstantSource clock;
  private final Consumer<Notice> listener;
  private final Thread thread;
  private volatile boolean closed;

  private EventThread(NvmlSession session, InstantSource clock, Consumer<Notice> listener) {
    this.session = session;
    this.clock = clock;
    this.listener = listener;
    this.thread = new Thread(this::run, "nvml events");
    thread.setDaemon(true);
  }

  /**
   * Starts to listen.
   *
   * @param listener is called on the listening thread, and must not block it
   */
  public static EventThread start(
      NvmlSession session, InstantSource clock, Consumer<Notice> listener) {
    EventThread events = new EventThread(session, clock, listener);
    events.thread.start();
    return events;
  }

  private void run() {
    Optional<Problem> deaf = Optional.empty();
    try {
      while (isOpen()) {
        session.refresh(false);
        long generation = session.generation();
        long devices = session.devicesVersion();
        Answer<EventSet> set = session.inside(generation, EventSet::create);
        Optional<Problem> problem = set.problem();
        if (set.value().isPresent()) {
          deaf = Optional.empty();
          problem = listen(set.value().get(), generation, devices);
        }
        if (isOpen() && problem.isPresent() && !problem.equals(deaf)) {
          listener.accept(new Notice.Interrupted(clock.instant(), problem.get()));
          deaf = problem;
        }
        if (problem.isPresent()) {
          session.awaitGenerationAfter(generation, RETRY);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  private boolean isOpen() {
    return !closed && !session.isClosed();
  }

  /** Until something is wrong, or the GPUs are others: then there is no problem to wait for. */
  private Optional<Problem> listen(EventSet set, long generation, long devices) {
    session.inside(generation, library -> Answer.of(register(library, set)));
    Answer<Boolean> end = Answer.of(true);
    while (isOpen() && end.value().isPresent() && session.devicesVersion() == devices) {
      end = session.inside(generation, library -> take(set));
    }
    session.inside(
        generation,
        library -> {
          set.free(library);
          return Answer.of(true);
        });
    if (isOpen() && end.problem().isEmpty()) {
      listener.accept(
          new Notice.Interrupted(
              clock.instant(),
              Problem.of(Problem.Kind.GPU_LOST, "GPUs came or went: it registers anew")));
    }
    return end.problem();
  }

  private boolean register(NvmlLibrary library, EventSet set) {
    Map<Gpu, Set<EventType>> offered = new HashMap<>();
    for (Gpu gpu : session.gpus()) {
      session
          .deviceFor(library, gpu)
          .then(set::register)
          .value()
          .ifPresent(types -> offered.put(gpu, types));
    }
    listener.accept(new Notice.Listening(clock.instant(), offered));
    return true;
  }

  private Answer<Boolean> take(EventSet set) {
    return set.await(SLICE)
        .map(
            event -> {
              event.ifPresent(this::tell);
              return true;
            });
  }

  private void tell(EventWait.Event event) {
    EventType.of(event.type())
        .ifPresent(
            type ->
                listener.accept(
                    new Notice.GpuEvent(
                        clock.instant(),
                        event.device().flatMap(session::gpuOf),
                        type,
                        event.data(),
                        instance(event.gpuInstance()),
                        instance(event.computeInstance()))));
  }

  private static Optional<Integer> instance(int id) {
    return id == EventWait.NO_INSTANCE ? Optional.empty() : Optional.of(id);
  }

  /** Waits until the thread has let its event set go, or a call of it hangs for too long. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    if (Thread.currentThread() != thread) {
      try {
        thread.join(CLOSE_PATIENCE.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
