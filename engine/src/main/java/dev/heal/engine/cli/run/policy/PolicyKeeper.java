package dev.heal.engine.cli.run.policy;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.engine.cli.bundle.RollbackRequest;
import dev.heal.engine.loop.CompiledPolicies;
import dev.heal.engine.loop.GenerationId;
import dev.heal.engine.record.Entry;
import dev.heal.engine.reload.Beginning;
import dev.heal.engine.reload.Generation;
import dev.heal.engine.reload.LoopPort;
import dev.heal.engine.reload.PolicyLoader;
import dev.heal.engine.reload.PolicyWatcher;
import dev.heal.engine.reload.ReloadCommands;
import dev.heal.engine.reload.ReloadRequest;
import dev.heal.engine.reload.ReloadResult;
import dev.heal.engine.reload.ReloadStatus;
import dev.heal.engine.reload.Reloader;
import dev.heal.engine.reload.TuneRequest;
import dev.heal.engine.reload.bundle.RefusedException;
import dev.heal.engine.reload.bundle.Standing;
import dev.heal.engine.reload.bundle.VerifiedBundle;
import dev.heal.engine.reload.files.DirectorySnapshot;
import dev.heal.engine.reload.files.OpenFiles;
import dev.heal.engine.reload.files.Parcel;
import dev.heal.engine.reload.files.PolicyTexts;
import dev.heal.engine.reload.files.TakingException;
import dev.heal.engine.reload.origin.Candidate;
import dev.heal.engine.reload.origin.Failure;
import dev.heal.engine.reload.origin.Fallback;
import dev.heal.engine.reload.origin.Origin;
import dev.heal.engine.reload.origin.Pace;
import dev.heal.engine.reload.origin.Poller;
import dev.heal.engine.reload.origin.StoreOrigin;
import dev.heal.engine.reload.origin.Verification;
import dev.heal.engine.reload.store.GenerationStore;
import dev.heal.engine.schedule.Interim;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;

/**
 * Keeps the policies of one engine: finds those that it begins with, brings others into force when
 * files change or somebody says so, and keeps the last generations to go back to. For any thread,
 * unless said otherwise.
 */
@SuppressWarnings("try") // whoever closes it may be interrupted while it waits
public final class PolicyKeeper implements AutoCloseable {
  private final PolicySettings settings;
  private final Path state;
  private final Observer observer;
  private final LongSupplier clock;
  private final PolicyWatcher watcher;
  private final DirectorySnapshot files;
  private volatile List<Path> imported = List.of();
  private final PolicyLoader loader;
  private final GenerationStore look;
  private final Optional<SignedPolicies> signed;
  private final Start start;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "heal centre");
            thread.setDaemon(true);
            return thread;
          });
  private volatile Optional<Generation> current = Optional.empty();
  private volatile Optional<dev.heal.engine.reload.store.Generation> before = Optional.empty();
  private volatile Optional<KeptGenerations> kept = Optional.empty();
  private volatile Optional<Reloader> reloader = Optional.empty();
  private volatile Optional<Poller> poller = Optional.empty();
  private volatile Optional<VerifiedBundle> verified = Optional.empty();
  private volatile Optional<Rollback> rollback = Optional.empty();
  private volatile Optional<PolicyTexts> inForceTexts = Optional.empty();

  /** The digest of files that were rolled back: they count again once somebody says so. */
  private volatile Optional<String> withdrawn = Optional.empty();

  /** A generation that is left by an operator's wish, and where the one instead comes from. */
  private record Rollback(long from, String origin, String trigger) {}

  /** What is told of policies. From any thread; it must not wait. */
  public interface Observer {
    /**
     * Something that an operator must know.
     *
     * @param text a sentence without a full stop
     */
    void told(String text);

    /** Others are in force. On a thread that may wait. */
    void inForce(CheckedPolicy policies);

    /** An attempt to load others has ended. */
    void ended(ReloadResult result);

    /** A mistake of heal's own. */
    void failed(Throwable bug);
  }

  /**
   * Finds what the engine begins with; writes nothing.
   *
   * @param clock nanoseconds since the epoch
   * @throws RefusedPolicies where there is nothing to begin with, or the trusted keys cannot be
   *     read
   * @throws IOException where the system has no way to watch files
   */
  public PolicyKeeper(PolicySettings settings, Path state, LongSupplier clock, Observer observer)
      throws IOException {
    this.settings = settings;
    this.state = state;
    this.clock = clock;
    this.observer = observer;
    List<Path> roots = new ArrayList<>(settings.files());
    settings.site().ifPresent(roots::add);
    this.watcher =
        new PolicyWatcher(
            () -> watched(roots), PolicyWatcher.Timing.USUAL, System::nanoTime, new Changes());
    this.files = new DirectorySnapshot(settings.files(), settings.site(), watcher, new OpenFiles());
    this.look = GenerationStore.look(state);
    this.signed =
        settings
            .trust()
            .map(
                keys ->
                    new SignedPolicies(keys, look, () -> verified.map(VerifiedBundle::manifest)));
    this.loader =
        new PolicyLoader(
            signed.<PolicyLoader.Signatures>map(s -> s).orElse(PolicyLoader.Signatures.NOT_ASKED),
            settings.runTests(),
            System::nanoTime);
    this.start = found();
  }

  /** What is named, and what that imports from elsewhere. */
  private List<Path> watched(List<Path> roots) {
    List<Path> all = new ArrayList<>(roots);
    all.addAll(imported);
    return all;
  }

  private Start found() throws IOException {
    boolean found = false;
    try {
      Start first = new Beginnings(look, loader, elsewhere()).find(this::take, verification());
      found = true;
      return first;
    } catch (RefusedException unusable) {
      throw new RefusedPolicies(unusable.refusal().text(), unusable.refusal().help(), List.of());
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("ended before its policies were read");
    } finally {
      if (!found) {
        watcher.closeUnstarted();
      }
    }
  }

  private PolicyTexts take() throws TakingException, InterruptedException {
    PolicyTexts taken = files.take();
    imported = files.imported();
    // what was rolled back does not come back by itself
    return withdrawn.filter(taken.digest()::equals).flatMap(same -> inForceTexts).orElse(taken);
  }

  private List<Origin> elsewhere() {
    List<Origin> all = new ArrayList<>(settings.peers());
    settings.centre().ifPresent(all::add);
    return all;
  }

  private Verification verification() throws RefusedException {
    return signed.isPresent()
        ? signed.get().verification()
        : new Verification(Optional.empty(), Standing.NEW);
  }

  /**
   * Begins behind the engine before: numbers what it begins with, and keeps it. The state folder is
   * ours from here on.
   *
   * @param interim what was otherwise for a time
   */
  public Beginning begin(Interim interim) throws IOException {
    KeptGenerations ours = new KeptGenerations(state, observer::told);
    kept = Optional.of(ours);
    long now = clock.getAsLong();
    PolicyTexts begun = start.loaded().texts().orElseThrow();
    inForceTexts = Optional.of(begun);
    verified = begun.parcel().flatMap(Parcel::verified);
    Optional<dev.heal.engine.reload.store.Generation> last = ours.last();
    boolean same = last.filter(l -> l.policies().toString().equals(begun.digest())).isPresent();
    long number = same ? last.orElseThrow().number() : ours.next();
    Generation generation =
        new Generation(new GenerationId(number, begun.digest()), now, begun.origin());
    current = Optional.of(generation);
    if (!same) {
      ours.keep(generation, begun, OptionalLong.empty());
    }
    before = same ? Optional.empty() : last;
    withdrawn = start.withdrawn();
    start.notes().forEach(observer::told);
    return Beginning.of(start.loaded(), interim, now);
  }

  /** The policies that the engine before had in force, where they are others; as they were kept. */
  public Optional<CheckedPolicy> before() {
    return before.flatMap(kept.orElseThrow()::policies);
  }

  /**
   * Begins to bring others into force.
   *
   * @param begun of {@link #begin}
   * @param commands those of the loop behind the port
   */
  public void start(Beginning begun, LoopPort loop, ReloadCommands commands) {
    Reloader made =
        new Reloader(
            inForce(),
            begun,
            new Reloader.Loading(loader, this::take, settings.staging()),
            loop,
            commands,
            new Reloader.Clocks(System::nanoTime, clock),
            new Outcomes());
    reloader = Optional.of(made);
    made.start();
    watcher.start();
    if (settings.centre().isPresent()) {
      Poller asks =
          new Poller(
              settings.centre().get(),
              Pace.usual(Pace.jitterOf(state.toAbsolutePath().toString())),
              Poller.Timer.on(timer, observer::failed),
              this::verificationNow,
              new Deliveries());
      poller = Optional.of(asks);
      asks.start();
    }
  }

  /** Where the keys cannot be read, nothing can be verified. */
  private Verification verificationNow() {
    try {
      return verification();
    } catch (RefusedException unreadable) {
      observer.told("the trusted keys cannot be used: " + unreadable.refusal().text());
      return new Verification(Optional.empty(), Standing.NEW);
    }
  }

  /** How loading stands; that of the start before {@link #start}. */
  public Optional<ReloadStatus> status() {
    return reloader.map(Reloader::status);
  }

  /** The signed bundle in force. */
  public Optional<VerifiedBundle> verified() {
    return verified;
  }

  /** What else an operator should know of what is in force. */
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    status()
        .filter(
            status -> status.inForce().id().equals(inForce().id())) // else it is of a moment ago
        .ifPresent(status -> notes.addAll(StatusNotes.of(status)));
    if (start.loaded().texts().orElseThrow().digest().equals(inForce().id().digest())) {
      notes.addAll(start.notes());
    }
    kept.flatMap(KeptGenerations::trouble).ifPresent(notes::add);
    verified.ifPresent(v -> notes.add("signed by %s: %s".formatted(v.signer().id(), v.manifest())));
    return notes;
  }

  /** What is in force, from {@link #begin} on. */
  public Generation inForce() {
    return current.orElseThrow();
  }

  /** Has policies loaded. */
  public CompletableFuture<ReloadResult> reload(ReloadRequest request) {
    if (request.source().isEmpty()) {
      withdrawn = Optional.empty();
    }
    return reloader.orElseThrow().request(request);
  }

  /** Has a tune set. */
  public CompletableFuture<ReloadResult> tune(TuneRequest request) {
    return reloader.orElseThrow().tune(request);
  }

  /** Where the time of something is over that was in force for a while, it is undone. */
  public void heard(Entry entry) {
    reloader.ifPresent(r -> r.heard(entry));
  }

  /**
   * Goes back: to a generation that is kept, else to what a peer or the centre has.
   *
   * @param trigger in the operator's words
   * @return what came of it, or why there is nothing to go back to
   */
  public CompletableFuture<ReloadResult> rollback(RollbackRequest request, String trigger)
      throws NothingThere {
    GenerationStore ours = kept.orElseThrow().store();
    long from = inForce().id().number();
    List<Origin> origins = new ArrayList<>();
    if (request.generation().isPresent()) {
      origins.add(StoreOrigin.of(ours, request.generation().getAsLong()));
    } else {
      origins.addAll(StoreOrigin.newestFirst(ours, OptionalLong.of(from)));
      origins.addAll(elsewhere());
    }
    Verification verification;
    try {
      verification = verification();
    } catch (RefusedException unreadable) {
      throw new NothingThere(unreadable.refusal().text());
    }
    Fallback.Outcome found = Fallback.choose(origins, verification, Beginnings::problem);
    Candidate candidate =
        found.candidate().orElseThrow(() -> new NothingThere(String.join("; ", found.lines())));
    PolicyTexts texts = Beginnings.texts(candidate);
    rollback = Optional.of(new Rollback(from, texts.origin(), trigger));
    ReloadRequest wanted = ReloadRequest.because(trigger).from(() -> texts);
    return reload(request.cancel() ? wanted.callingOff() : wanted);
  }

  /** There is nothing to go back to. */
  public static final class NothingThere extends Exception {
    private static final long serialVersionUID = 1L;

    NothingThere(String why) {
      super(why);
    }
  }

  /** What the watcher tells. */
  private final class Changes implements PolicyWatcher.Listener {
    @Override
    public void changed(List<String> names) {
      reloader.ifPresent(
          r -> {
            var unused = r.request(ReloadRequest.because("files changed"));
          });
    }

    @Override
    public void cannotWatch(Path folder, String why) {
      observer.told(
          "the kernel does not tell of changes in `%s` (%s): they are looked for every few seconds"
              .formatted(folder, why));
    }
  }

  /** What the reloader tells. */
  private final class Outcomes implements Reloader.Observer {
    @Override
    public void ended(ReloadResult result) {
      rollback = rollback.filter(asked -> !asked.trigger().equals(result.trigger()));
      observer.ended(result);
    }

    @Override
    public void inForce(CompiledPolicies policies, Generation generation, PolicyTexts texts) {
      Optional<Generation> left = current;
      current = Optional.of(generation);
      inForceTexts = Optional.of(texts);
      verified = texts.parcel().flatMap(Parcel::verified);
      KeptGenerations ours = kept.orElseThrow();
      boolean isNew = left.filter(one -> one.id().equals(generation.id())).isEmpty();
      if (isNew) { // else the same one with another tune
        OptionalLong leaves =
            rollback
                .filter(one -> one.origin().equals(generation.origin()))
                .map(one -> OptionalLong.of(one.from()))
                .orElse(OptionalLong.empty());
        ours.keep(generation, texts, leaves);
        withdrawn = leaves.isPresent() ? left.map(one -> one.id().digest()) : Optional.empty();
      }
      observer.inForce(policies.policies());
    }

    @Override
    public void failed(Throwable bug) {
      observer.failed(bug);
    }
  }

  /** What the centre gives. */
  private final class Deliveries implements Poller.Sink {
    @Override
    public void delivered(Candidate candidate) {
      PolicyTexts texts = Beginnings.texts(candidate);
      var unused =
          reload(ReloadRequest.because("delivered by " + candidate.origin()).from(() -> texts));
    }

    @Override
    public void failed(Failure failure) {
      observer.told(failure.toString());
    }

    @Override
    public void unchanged() {}
  }

  /** Works off what was asked, and ends. */
  @Override
  public void close() throws IOException, InterruptedException {
    poller.ifPresent(Poller::close);
    List<Runnable> unused = timer.shutdownNow();
    watcher.close();
    if (reloader.isPresent()) {
      reloader.get().close();
    }
  }
}
