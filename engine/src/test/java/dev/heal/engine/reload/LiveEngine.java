package dev.heal.engine.reload;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.Topology;
import dev.heal.engine.journal.recording.Recorded;
import dev.heal.engine.journal.recording.Recorder;
import dev.heal.engine.journal.recording.RecordingReader;
import dev.heal.engine.journal.store.Journal;
import dev.heal.engine.loop.CompiledPolicies;
import dev.heal.engine.loop.Engine;
import dev.heal.engine.loop.GenerationId;
import dev.heal.engine.loop.live.Journalist;
import dev.heal.engine.loop.live.LiveLoop;
import dev.heal.engine.loop.live.LoopMeter;
import dev.heal.engine.loop.live.Source;
import dev.heal.engine.loop.live.StoodKeeper;
import dev.heal.engine.record.Entry;
import dev.heal.engine.reload.files.DirectorySnapshot;
import dev.heal.engine.reload.files.OpenFiles;
import dev.heal.engine.reload.files.PolicyTexts;
import dev.heal.engine.schedule.Answer;
import dev.heal.engine.schedule.CheckRun;
import dev.heal.engine.schedule.Deviations;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import dev.heal.engine.schedule.Past;
import dev.heal.engine.source.inbox.Drops;
import dev.heal.engine.source.inbox.Importance;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The real loop with journal and recorder, and a reloader on a real folder. Only the hands are
 * none: each order is done at once.
 */
@SuppressWarnings("try") // whoever closes it may be interrupted while it waits
public final class LiveEngine implements AutoCloseable {
  private final Path state;
  private final Duration ahead;
  private final Optional<Audience> audience;
  private final Journal journal;
  private final Recorder recorder;
  private final Engine engine;
  private final LiveLoop loop;
  private final Thread thread;
  private final Reloader reloader;
  private final PolicyWatcher watcher;
  private final List<Entry> entries = Collections.synchronizedList(new ArrayList<>());
  private final List<RuntimeException> bugs = Collections.synchronizedList(new ArrayList<>());
  private final Map<String, CheckedPolicy> everInForce = new ConcurrentHashMap<>();
  private final AtomicLong last = new AtomicLong();

  /**
   * How policies are loaded.
   *
   * @param ahead of the time that is: for so long no engine ran
   */
  public record Settings(
      Path policies,
      Path state,
      boolean runTests,
      PolicyLoader.Signatures signatures,
      ReloadRequest.Staging staging,
      Duration ahead) {}

  /** Is told what happens, which is then not kept here: for long runs. */
  public interface Audience {
    /** An entry was decided. On the loop's thread. */
    void entry(Entry entry);

    /** Others are in force. On the loop's thread. */
    void swapped(Engine running);

    /** An attempt has ended. On the reload's thread. */
    void ended(ReloadResult result);
  }

  LiveEngine(Settings settings) throws IOException, InterruptedException {
    this(settings, Optional.empty());
  }

  /** Begins on what lies in the folder. */
  public LiveEngine(Settings settings, Optional<Audience> audience)
      throws IOException, InterruptedException {
    this.audience = audience;
    this.state = settings.state();
    this.ahead = settings.ahead();
    DirectorySnapshot[] files = new DirectorySnapshot[1];
    this.watcher =
        new PolicyWatcher(
            () -> List.of(settings.policies()),
            PolicyWatcher.Timing.USUAL,
            System::nanoTime,
            new PolicyWatcher.Listener() {
              @Override
              public void changed(List<String> names) {
                var unused = reload("files changed: " + names);
              }

              @Override
              public void cannotWatch(Path folder, String why) {
                bugs.add(new IllegalStateException(folder + ": " + why));
              }
            });
    files[0] =
        new DirectorySnapshot(
            List.of(settings.policies()), Optional.empty(), watcher, new OpenFiles());
    PolicyLoader loader =
        new PolicyLoader(settings.signatures(), settings.runTests(), System::nanoTime);
    PolicyLoader.Loaded first = loader.load(files[0]::take);
    if (first.policies().isEmpty()) {
      throw new IllegalArgumentException(first.because());
    }
    GenerationId id = new GenerationId(1, first.digest());
    long startAt = clock();
    this.journal = Journal.open(state);
    Beginning begun = Beginning.of(first, StoodKeeper.interim(journal.recovery()), startAt);
    CheckedPolicy policies = begun.policies();
    everInForce.put(key(first.digest(), begun.interim().deviations()), policies);
    Past past =
        new Past(
            journal.recovery().lastOrder(),
            journal.recovery().lastLadder(),
            journal.recovery().halts(),
            StoodKeeper.of(journal.recovery()),
            journal.recovery().recent(),
            StoodKeeper.cordons(journal.recovery()),
            begun.interim());
    this.recorder = Recorder.open(state, Recorder.Limits.usual());
    recorder.record(new Recorded.Started(startAt, past, first.digest()));
    this.engine = new Engine(policies, id, new Topology(policies.site()), startAt, past);
    Journalist journalist =
        new Journalist(journal.recovery(), policies, OptionalLong.of(id.number()));
    ReloadCommands commands =
        ReloadCommands.live(
            Engine::command,
            System::nanoTime,
            running -> {
              journalist.inForce(
                  running.policies(), OptionalLong.of(running.generation().number()));
              audience.ifPresentOrElse(a -> a.swapped(running), () -> keep(running));
            });
    this.loop =
        new LiveLoop(
            engine,
            journal,
            recorder,
            journalist,
            commands,
            new DoneAtOnce(),
            this::clock,
            new Watch(),
            LoopMeter.NONE);
    this.thread = new Thread(this::run, "test loop");
    this.reloader =
        new Reloader(
            new Generation(id, startAt, files[0].origin()),
            begun,
            new Reloader.Loading(loader, files[0]::take, settings.staging()),
            new Port(),
            commands,
            new Reloader.Clocks(System::nanoTime, this::clock),
            new ReloadWatch());
  }

  private void keep(Engine running) {
    everInForce.put(
        key(running.generation().digest(), running.interim().deviations()), running.policies());
  }

  /** Begins to take facts in, and to look at the folder. */
  public void start() {
    thread.start();
    reloader.start();
    watcher.start();
  }

  private long clock() {
    long now = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) + ahead.toNanos();
    return last.accumulateAndGet(now, (before, next) -> Math.max(before + 1, next));
  }

  private static final class DoneAtOnce implements LiveLoop.Hands {
    @Override
    public void start(Order order, Consumer<Outcome> ended) {
      ended.accept(new Outcome(Outcome.Kind.DONE, "done"));
    }

    @Override
    public void check(CheckRun run, Consumer<Outcome> told) {
      throw new IllegalStateException("no check is declared: " + run);
    }
  }

  private void run() {
    try {
      loop.run();
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException bug) {
      bugs.add(bug);
    }
  }

  private final class Port implements LoopPort {
    @Override
    public CompletableFuture<Answer> command(List<String> words) {
      return loop.command(words);
    }

    @Override
    public void look(BiConsumer<Engine, Long> look) {
      loop.look(look);
    }
  }

  private final class Watch implements LiveLoop.Observer {
    @Override
    public void entry(Entry entry, OptionalLong incident) {
      audience.ifPresentOrElse(a -> a.entry(entry), () -> entries.add(entry));
      reloader.heard(entry);
    }

    @Override
    public void journalFailed(String why) {
      bugs.add(new IllegalStateException(why));
    }

    @Override
    public void dropped(List<Drops> drops) {
      bugs.add(new IllegalStateException("dropped " + drops));
    }
  }

  private final class ReloadWatch implements Reloader.Observer {
    @Override
    public void ended(ReloadResult result) {
      audience.ifPresent(a -> a.ended(result));
    }

    @Override
    public void inForce(CompiledPolicies policies, Generation generation, PolicyTexts texts) {}

    @Override
    public void failed(Throwable bug) {
      bugs.add(new IllegalStateException(bug));
    }
  }

  /** Tells a fact; its time is the one at which it is taken in. */
  public void hear(Fact fact) {
    hear(stamp -> List.of(fact.heardAt(stamp)));
  }

  /** Tells facts, which are asked for on the loop's thread. */
  public void hear(Source facts) {
    loop.heard(Importance.FAULT, "test", facts, 100);
  }

  /** Has the recording go on in a segment of its own, unless something is under way. */
  CompletableFuture<Boolean> checkpoint() {
    return loop.checkpoint();
  }

  /** How many inputs wait. */
  public int waiting() {
    return loop.waiting();
  }

  /** How the recording goes. */
  public Recorder.Status recording() {
    return recorder.status();
  }

  /** Loads what lies in the folder. */
  public CompletableFuture<ReloadResult> reload(String trigger) {
    return reloader.request(ReloadRequest.because(trigger));
  }

  CompletableFuture<ReloadResult> request(ReloadRequest request) {
    return reloader.request(request);
  }

  CompletableFuture<ReloadResult> tune(TuneRequest request) {
    return reloader.tune(request);
  }

  /** How loading stands. */
  public ReloadStatus status() {
    return reloader.status();
  }

  /** Waits until the loop has taken all that was told so far. */
  public void settle() throws Exception {
    CompletableFuture<Boolean> reached = new CompletableFuture<>();
    loop.look((running, at) -> reached.complete(true));
    while (loop.waiting() > 0) {
      CompletableFuture<Boolean> again = new CompletableFuture<>();
      loop.look((running, at) -> again.complete(true));
      again.get(60, TimeUnit.SECONDS);
    }
    reached.get(60, TimeUnit.SECONDS);
  }

  List<Entry> entries() {
    synchronized (entries) {
      return List.copyOf(entries);
    }
  }

  /** What must not happen and did. */
  public List<RuntimeException> bugs() {
    return List.copyOf(bugs);
  }

  /** The policies that were in force, by {@link #key}. */
  Map<String, CheckedPolicy> everInForce() {
    return new HashMap<>(everInForce);
  }

  static String key(String digest, Deviations deviations) {
    return digest + " " + deviations.words();
  }

  /** What was recorded; after {@link #close}. */
  public List<Recorded> recorded() throws IOException {
    List<Recorded> inputs = new ArrayList<>();
    try (RecordingReader reader = RecordingReader.open(state)) {
      for (Optional<Recorded> next = reader.next(); next.isPresent(); next = reader.next()) {
        inputs.add(next.get());
      }
    }
    return inputs;
  }

  @Override
  public void close() throws IOException, InterruptedException {
    watcher.close();
    reloader.close();
    loop.stop();
    thread.join(Duration.ofMinutes(1).toMillis());
    if (thread.isAlive()) {
      throw new CompletionException("the loop does not end", null);
    }
    recorder.close();
    engine.close();
    journal.close();
  }
}
