package dev.heal.engine.reload;

import dev.heal.engine.loop.CompiledPolicies;
import dev.heal.engine.loop.GenerationId;
import dev.heal.engine.loop.Preparation;
import dev.heal.engine.reload.ReloadResult.Outcome;
import dev.heal.engine.schedule.Answer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.LongSupplier;

/**
 * Takes policies through all stages into force, one attempt after the other, on a thread of its
 * own. Whatever fails, the generation in force stays, and {@link #status} and the entries say why.
 */
@SuppressWarnings("try") // whoever closes it may be interrupted while it waits
public final class Reloader implements AutoCloseable {
  /** So much is copied at once on the loop's thread: some microseconds. */
  private static final int SLICE = 64;

  /** So few may be left to be heard at the swap. */
  private static final int FEW = 16;

  private static final int MOST_CATCHING_UP = 1_000;

  /** A line of an entry. */
  private static final int LONGEST_REASON = 500;

  private final PolicyLoader loader;
  private final PolicyLoader.Source files;
  private final LoopPort loop;
  private final ReloadCommands commands;
  private final Observer observer;
  private final LongSupplier nanoTime;
  private final LongSupplier clock;
  private final BlockingQueue<Task> tasks = new LinkedBlockingQueue<>();
  private final Thread thread = new Thread(this::run, "heal reload");
  private volatile ReloadStatus status;

  /** What a reload tells. On its thread. */
  public interface Observer {
    /** An attempt has ended, one way or the other. */
    void ended(ReloadResult result);

    /** Other policies are in force; told before {@link #ended}. */
    void inForce(CompiledPolicies policies, Generation generation);

    /** A mistake of heal kept policies from coming into force. */
    void failed(RuntimeException bug);
  }

  private record Task(Optional<ReloadRequest> request, CompletableFuture<ReloadResult> done) {}

  /**
   * The clocks of a reload.
   *
   * @param nanoTime measures how long stages take
   * @param clock nanoseconds since the epoch
   */
  public record Clocks(LongSupplier nanoTime, LongSupplier clock) {}

  /**
   * Begins with the generation that is in force already.
   *
   * @param files where policies are loaded from where a request does not say
   * @param commands those of the loop behind the port
   */
  public Reloader(
      Generation first,
      PolicyLoader loader,
      PolicyLoader.Source files,
      LoopPort loop,
      ReloadCommands commands,
      Clocks clocks,
      Observer observer) {
    this.status = ReloadStatus.of(first);
    this.loader = loader;
    this.files = files;
    this.loop = loop;
    this.commands = commands;
    this.nanoTime = clocks.nanoTime();
    this.clock = clocks.clock();
    this.observer = observer;
    thread.setDaemon(true);
  }

  /** Begins to work off requests. */
  public void start() {
    thread.start();
  }

  /** How loading stands. */
  public ReloadStatus status() {
    return status;
  }

  /**
   * Has policies loaded, behind what was asked before. The future is completed on the reload's
   * thread, never exceptionally.
   */
  public CompletableFuture<ReloadResult> request(ReloadRequest request) {
    CompletableFuture<ReloadResult> done = new CompletableFuture<>();
    tasks.add(new Task(Optional.of(request), done));
    return done;
  }

  /** Works off what was asked, and ends. */
  @Override
  public void close() throws InterruptedException {
    tasks.add(new Task(Optional.empty(), new CompletableFuture<>()));
    thread.join();
  }

  private void run() {
    while (true) {
      try {
        Task task = tasks.take();
        if (task.request().isEmpty()) {
          return;
        }
        ReloadResult result = attempt(task.request().get());
        observer.ended(result);
        task.done().complete(result);
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private ReloadResult attempt(ReloadRequest request) throws InterruptedException {
    Trial trial = new Trial(request);
    ReloadResult result;
    try {
      result = trial.run();
    } catch (RuntimeException bug) {
      observer.failed(bug);
      result =
          trial.refused(
              trial.stage,
              "a mistake of heal: " + bug,
              "those before stay in force; report it with the files");
    } catch (ExecutionException bug) {
      observer.failed(new IllegalStateException("the loop never fails so", bug.getCause()));
      result = trial.refused(trial.stage, "the loop has ended", "");
    }
    if (result.isRefused()) {
      tellRefusal(result);
    }
    remember(result);
    return result;
  }

  private void tellRefusal(ReloadResult result) {
    String because =
        "%s: refused at %s: %s"
            .formatted(
                result.trigger(),
                result.failedAt().map(Stage::words).orElse("the start"),
                result.because());
    var unused =
        loop.command(
            ReloadCommands.refused(
                because.substring(0, Math.min(LONGEST_REASON, because.length()))));
  }

  private void remember(ReloadResult result) {
    ReloadStatus before = status;
    boolean refused = result.isRefused();
    boolean dry = result.outcome() == Outcome.TRIED;
    Optional<Long> since =
        refused
            ? before.refusedSince().or(() -> Optional.of(clock.getAsLong()))
            : dry ? before.refusedSince() : Optional.empty();
    Map<Stage, Duration> times = new EnumMap<>(Stage.class);
    times.putAll(before.times());
    times.putAll(result.times());
    status =
        new ReloadStatus(
            result.inForce(),
            Optional.of(result),
            since,
            before.loaded() + (result.outcome() == Outcome.IN_FORCE ? 1 : 0),
            before.refused() + (refused ? 1 : 0),
            times,
            Optional.ofNullable(result.times().get(Stage.SWAP)).or(before::pause));
  }

  /** One attempt. */
  private final class Trial {
    private final ReloadRequest request;
    private final Map<Stage, Duration> times = new EnumMap<>(Stage.class);
    private Stage stage = Stage.SNAPSHOT;
    private String digest = "";

    Trial(ReloadRequest request) {
      this.request = request;
    }

    ReloadResult run() throws InterruptedException, ExecutionException {
      PolicyLoader.Loaded loaded = loader.load(request.source().orElse(files));
      times.putAll(loaded.times());
      digest = loaded.digest();
      if (loaded.policies().isEmpty()) {
        return result(Outcome.REFUSED, loaded.failedAt(), loaded.because(), loaded.help(), loaded);
      }
      if (digest.equals(status.inForce().id().digest())) {
        return result(
            Outcome.NOTHING_NEW,
            Optional.empty(),
            "the same texts are in force already",
            "",
            loaded);
      }
      stage = Stage.COMPILE;
      long before = nanoTime.getAsLong();
      CompiledPolicies compiled = CompiledPolicies.of(loaded.policies().get());
      took(before);
      return request.dryRun()
          ? result(Outcome.TRIED, Optional.empty(), "they may come into force", "", loaded)
          : intoForce(compiled, loaded);
    }

    private ReloadResult intoForce(CompiledPolicies compiled, PolicyLoader.Loaded loaded)
        throws InterruptedException, ExecutionException {
      GenerationId next = new GenerationId(status.inForce().id().number() + 1, digest);
      stage = Stage.BUILD;
      long before = nanoTime.getAsLong();
      loop.command(ReloadCommands.prepare(next)).get();
      Preparation preparation = copied(next);
      preparation.build(compiled);
      took(before);
      stage = Stage.CATCH_UP;
      before = nanoTime.getAsLong();
      boolean caughtUp = catchUp(preparation);
      took(before);
      if (!caughtUp) {
        return refused(stage, "more came than could be caught up with", "try again later");
      }
      stage = Stage.SWAP;
      Answer answer = loop.command(ReloadCommands.swap(next)).get();
      Optional<ReloadCommands.Swap> swap = commands.takeLast();
      if (!answer.isFine() || swap.isEmpty()) {
        return refused(stage, answer.text(), "");
      }
      times.put(stage, swap.get().pause());
      String origin = loaded.texts().orElseThrow().origin();
      Generation generation = new Generation(next, swap.get().at(), origin);
      inForce(generation);
      observer.inForce(compiled, generation);
      swap.get().swapped().forget().run();
      return result(Outcome.IN_FORCE, Optional.empty(), generation + " is in force", "", loaded);
    }

    private void inForce(Generation generation) {
      ReloadStatus before = status;
      status =
          new ReloadStatus(
              generation,
              before.last(),
              before.refusedSince(),
              before.loaded(),
              before.refused(),
              before.times(),
              before.pause());
    }

    /** Copies in small parts, between which the loop takes other inputs. */
    private Preparation copied(GenerationId next) throws InterruptedException, ExecutionException {
      while (true) {
        CompletableFuture<Optional<Preparation>> whole = new CompletableFuture<>();
        loop.look(
            (engine, at) -> {
              Optional<Preparation> prepared =
                  engine.preparation().filter(p -> p.generation().equals(next));
              if (prepared.isEmpty()) {
                whole.completeExceptionally(new IllegalStateException("another is prepared"));
              } else {
                whole.complete(prepared.filter(p -> p.copy(SLICE)));
              }
            });
        Optional<Preparation> copied = whole.get();
        if (copied.isPresent()) {
          return copied.get();
        }
      }
    }

    private static boolean catchUp(Preparation preparation) {
      for (int i = 0; i < MOST_CATCHING_UP && !preparation.isHopeless(); i++) {
        if (preparation.catchUp() <= FEW) {
          return true;
        }
      }
      return !preparation.isHopeless();
    }

    private void took(long since) {
      times.put(stage, Duration.ofNanos(nanoTime.getAsLong() - since));
    }

    ReloadResult refused(Stage at, String because, String help) {
      return new ReloadResult(
          Outcome.REFUSED,
          Optional.of(at),
          because,
          help,
          List.of(),
          List.of(),
          times,
          status.inForce(),
          digest,
          request.trigger());
    }

    private ReloadResult result(
        Outcome outcome,
        Optional<Stage> failedAt,
        String because,
        String help,
        PolicyLoader.Loaded loaded) {
      return new ReloadResult(
          outcome,
          failedAt,
          because,
          help,
          loaded.diagnostics(),
          loaded.failedTests(),
          times,
          status.inForce(),
          digest,
          request.trigger());
    }
  }
}
