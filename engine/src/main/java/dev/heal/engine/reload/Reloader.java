package dev.heal.engine.reload;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Tune;
import dev.heal.engine.loop.CompiledPolicies;
import dev.heal.engine.record.Entry;
import dev.heal.engine.reload.ReloadRequest.Staging;
import dev.heal.engine.reload.ReloadResult.Outcome;
import dev.heal.engine.reload.Tasks.Concern;
import dev.heal.engine.reload.Tasks.Task;
import dev.heal.engine.reload.files.PolicyTexts;
import dev.heal.engine.schedule.Deviations;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.LongSupplier;

/**
 * Takes policies through all stages into force, one attempt after the other, on a thread of its
 * own. Whatever fails, what is in force stays, and {@link #status} and the entries say why.
 */
@SuppressWarnings("try") // whoever closes it may be interrupted while it waits
public final class Reloader implements AutoCloseable {
  /** A line of an entry. */
  private static final int LONGEST_REASON = 500;

  /** What an attempt may take at the end that runs already. */
  private static final Duration LONGEST_END = Duration.ofSeconds(5);

  private final PolicyLoader loader;
  private final PolicyLoader.Source files;
  private final Staging usualStaging;
  private final LoopPort loop;
  private final ReloadCommands commands;
  private final Clocks clocks;
  private final Observer observer;
  private final List<String> dropped;
  private final Tasks tasks = new Tasks();
  private final Thread thread = new Thread(this::run, "heal reload");
  private volatile ReloadStatus status;
  private InForce inForce;

  /** What a reload tells. On its thread. */
  public interface Observer {
    /** An attempt has ended, one way or the other. */
    void ended(ReloadResult result);

    /**
     * Others are in force; told before {@link #ended}.
     *
     * @param texts of the generation
     */
    void inForce(CompiledPolicies policies, Generation generation, PolicyTexts texts);

    /** A mistake of heal kept policies from coming into force. */
    void failed(Throwable bug);
  }

  /** Something to do; each ends with a result. */
  interface Work {
    ReloadResult run(Attempt attempt) throws InterruptedException, ExecutionException;
  }

  /**
   * The clocks of a reload.
   *
   * @param nanoTime measures how long stages take
   * @param clock nanoseconds since the epoch
   */
  public record Clocks(LongSupplier nanoTime, LongSupplier clock) {}

  /**
   * What is loaded, and how.
   *
   * @param loader the way from texts to policies
   * @param files where texts are taken from where a request does not say
   * @param staging of policies that are new or changed, where a request does not say
   */
  public record Loading(PolicyLoader loader, PolicyLoader.Source files, Staging staging) {}

  /**
   * Begins with what is in force already.
   *
   * @param begun what the engine began with
   * @param commands those of the loop behind the port
   */
  public Reloader(
      Generation first,
      Beginning begun,
      Loading loading,
      LoopPort loop,
      ReloadCommands commands,
      Clocks clocks,
      Observer observer) {
    this.inForce =
        new InForce(
            first,
            begun.loaded().texts().orElseThrow(),
            begun.loaded().policies().orElseThrow(),
            begun.loaded().tunes(),
            begun.interim().deviations());
    this.dropped = begun.dropped();
    this.status = ReloadStatus.of(inForce);
    this.loader = loading.loader();
    this.files = loading.files();
    this.usualStaging = loading.staging();
    this.loop = loop;
    this.commands = commands;
    this.clocks = clocks;
    this.observer = observer;
    thread.setDaemon(true);
  }

  /** Begins to work off requests, once what is no longer in force is written down. */
  public void start() {
    dropped.forEach(this::note);
    thread.start();
  }

  private void note(String what) {
    var unused = loop.command(ReloadCommands.tuned(shortened(what)));
  }

  /** How loading stands. */
  public ReloadStatus status() {
    return status;
  }

  /**
   * Has policies loaded, behind what was asked before. The future is completed on the reload's
   * thread, never exceptionally; behind {@link #close}, at once.
   */
  public CompletableFuture<ReloadResult> request(ReloadRequest request) {
    Concern others = request.source().isPresent() ? Concern.OTHERS : Concern.FILES;
    Concern concern = request.dryRun() ? Concern.ASKER : others;
    return add(request.trigger(), concern, attempt -> attempt.load(request));
  }

  /** Has a tune set, or its file's value count again; as {@link #request}. */
  public CompletableFuture<ReloadResult> tune(TuneRequest request) {
    return add("heal tune " + request.speaker(), Concern.ASKER, attempt -> attempt.tune(request));
  }

  /**
   * Hears an entry of the loop, on whatever thread: where the time of something is over that was in
   * force for a while, it is undone.
   */
  public void heard(Entry entry) {
    if (Deviations.isOver(entry)) {
      var unused = add(entry.because(), Concern.ENDS, attempt -> attempt.endWhatIsOver(entry.at()));
    }
  }

  private CompletableFuture<ReloadResult> add(String trigger, Concern concern, Work work) {
    Task task = new Task(trigger, concern, work, new CompletableFuture<>());
    if (!tasks.add(task)) {
      leave(task);
    }
    return task.done();
  }

  private void leave(Task task) {
    boolean unused =
        task.done()
            .complete(
                new ReloadResult(
                    Outcome.REFUSED,
                    Optional.empty(),
                    "the engine is ending",
                    "",
                    List.of(),
                    List.of(),
                    Map.of(),
                    status.inForce(),
                    "",
                    task.trigger()));
  }

  /** Works off what was asked, and ends; what then hangs on a loop that has died is left. */
  @Override
  public void close() throws InterruptedException {
    tasks.end();
    thread.join(LONGEST_END.toMillis());
    thread.interrupt();
    thread.join();
  }

  private void run() {
    try {
      for (Optional<Task> task = tasks.take(); task.isPresent(); task = tasks.take()) {
        work(task.get());
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    } finally {
      tasks.end();
      for (Optional<Task> task = tasks.left(); task.isPresent(); task = tasks.left()) {
        leave(task.get());
      }
    }
  }

  private void work(Task task) throws InterruptedException {
    ReloadResult result;
    try {
      result = attempt(task);
    } catch (InterruptedException ended) {
      leave(task);
      throw ended;
    }
    if (result.isRefused() && task.concern() != Concern.ASKER) {
      tellRefusal(result);
    }
    status =
        switch (task.concern()) {
          case FILES -> status.after(result, true, inForce, clocks.clock().getAsLong());
          case OTHERS -> status.after(result, false, inForce, clocks.clock().getAsLong());
          case ASKER, ENDS -> status.aside(result, inForce);
        };
    observer.ended(result);
    boolean unused = task.done().complete(result);
  }

  private ReloadResult attempt(Task task) throws InterruptedException {
    Attempt attempt = new Attempt(task.trigger());
    try {
      return task.work().run(attempt);
    } catch (RuntimeException | StackOverflowError bug) {
      observer.failed(bug);
      return attempt.refused(
          attempt.stage(),
          "a mistake of heal: " + bug,
          "what was in force stays; report it with the files");
    } catch (ExecutionException bug) {
      observer.failed(new IllegalStateException("the loop never fails so", bug.getCause()));
      return attempt.refused(attempt.stage(), "the loop has ended", "");
    }
  }

  private void tellRefusal(ReloadResult result) {
    String at = result.failedAt().map(Stage::words).orElse("the start");
    String because = "%s: refused at %s: %s".formatted(result.trigger(), at, result.because());
    var unused = loop.command(ReloadCommands.refused(shortened(because)));
  }

  private static String shortened(String because) {
    return because.length() > LONGEST_REASON ? because.substring(0, LONGEST_REASON) : because;
  }

  /** One attempt. */
  final class Attempt {
    private final String trigger;
    private final Map<Stage, Duration> times = new EnumMap<>(Stage.class);
    private final Passage passage = new Passage(loop, commands, clocks.nanoTime(), times);
    private Optional<PolicyLoader.Loaded> loaded = Optional.empty();

    Attempt(String trigger) {
      this.trigger = trigger;
    }

    Stage stage() {
      return times.containsKey(Stage.COMPILE) ? passage.stage() : Stage.COMPILE;
    }

    ReloadResult load(ReloadRequest request) throws InterruptedException, ExecutionException {
      PolicyLoader.Loaded fresh = loader.load(request.source().orElse(files));
      loaded = Optional.of(fresh);
      times.putAll(fresh.times());
      if (fresh.policies().isEmpty()) {
        return refused(fresh.failedAt().orElseThrow(), fresh.because(), fresh.help());
      }
      long now = clocks.clock().getAsLong();
      Variant variant = Variant.of(fresh, inForce, request.staging().orElse(usualStaging), now);
      boolean same = fresh.digest().equals(inForce.generation().id().digest());
      if (same && variant.deviations().equals(inForce.deviations())) {
        return result(Outcome.NOTHING_NEW, "the same texts are in force already");
      }
      CompiledPolicies compiled = compiled(variant.policies());
      if (request.dryRun()) {
        return result(Outcome.TRIED, "they may come into force");
      }
      InForce next =
          new InForce(
              same ? inForce.generation() : inForce.generation().next(fresh),
              fresh.texts().orElseThrow(),
              fresh.policies().get(),
              fresh.tunes(),
              variant.deviations());
      return intoForce(compiled, next, request.callOff(), variant.dropped());
    }

    ReloadResult tune(TuneRequest request) throws InterruptedException, ExecutionException {
      Optional<Tune> tune = inForce.tune(request.name());
      if (tune.isEmpty()) {
        return refused(Stage.CHECK, Variant.noTune(request.name(), inForce.tunes()), "");
      }
      if (request.length().filter(l -> l.isNegative() || l.isZero()).isPresent()) {
        return refused(Stage.CHECK, "a tune counts for some time, or until it is ended", "");
      }
      Deviations next = Variant.tuned(inForce.deviations(), request, clocks.clock().getAsLong());
      if (next.equals(inForce.deviations())) {
        return result(
            Outcome.NOTHING_NEW, Variant.words(tune.get(), next.tuned().get(request.name())));
      }
      Variant variant = Variant.of(inForce, next);
      if (variant.problem().isPresent()) {
        return refused(Stage.CHECK, variant.problem().get(), "its range is " + tune.get().range());
      }
      String what = Variant.words(tune.get(), next.tuned().get(request.name()));
      return intoForce(variant, List.of(what + ", " + request.speaker()));
    }

    ReloadResult endWhatIsOver(long now) throws InterruptedException, ExecutionException {
      Deviations before = inForce.deviations();
      CompletableFuture<Deviations> left = new CompletableFuture<>();
      loop.look((engine, at) -> left.complete(Variant.behind(before, engine::wouldHaveActed, now)));
      if (left.get().equals(before)) {
        return result(Outcome.NOTHING_NEW, "that was ended already");
      }
      Variant variant = Variant.ending(inForce, left.get());
      return intoForce(variant, variant.dropped());
    }

    private ReloadResult intoForce(Variant variant, List<String> notes)
        throws InterruptedException, ExecutionException {
      InForce next =
          new InForce(
              inForce.generation(),
              inForce.texts(),
              inForce.declared(),
              inForce.tunes(),
              variant.deviations());
      return intoForce(compiled(variant.policies()), next, false, notes);
    }

    private CompiledPolicies compiled(CheckedPolicy policies) {
      long before = clocks.nanoTime().getAsLong();
      CompiledPolicies compiled = CompiledPolicies.of(policies);
      times.put(Stage.COMPILE, Duration.ofNanos(clocks.nanoTime().getAsLong() - before));
      return compiled;
    }

    private ReloadResult intoForce(
        CompiledPolicies compiled, InForce next, boolean callOff, List<String> notes)
        throws InterruptedException, ExecutionException {
      Passage.End end =
          passage.take(
              compiled,
              new Passage.Next(
                  next.generation().id(),
                  next.deviations(),
                  callOff,
                  notes.stream().map(Reloader::shortened).toList()));
      if (end.swap().isEmpty()) {
        return refused(end.stage(), end.because(), end.help());
      }
      boolean same = next.generation().equals(inForce.generation());
      Generation generation =
          same ? inForce.generation() : next.generation().since(end.swap().get().at());
      inForce =
          new InForce(generation, next.texts(), next.declared(), next.tunes(), next.deviations());
      observer.inForce(compiled, generation, next.texts());
      end.swap().get().swapped().forget().run();
      return result(Outcome.IN_FORCE, generation + " is in force");
    }

    ReloadResult refused(Stage at, String because, String help) {
      return result(Outcome.REFUSED, Optional.of(at), because, help);
    }

    private ReloadResult result(Outcome outcome, String because) {
      return result(outcome, Optional.empty(), because, "");
    }

    private ReloadResult result(
        Outcome outcome, Optional<Stage> failedAt, String because, String help) {
      return new ReloadResult(
          outcome,
          failedAt,
          because,
          help,
          loaded.map(PolicyLoader.Loaded::diagnostics).orElse(List.of()),
          loaded.map(PolicyLoader.Loaded::failedTests).orElse(List.of()),
          times,
          inForce.generation(),
          loaded.map(PolicyLoader.Loaded::digest).orElse(inForce.texts().digest()),
          trigger);
    }
  }
}
