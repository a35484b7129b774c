package dev.heal.engine.cli.run;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.engine.actuate.Actuators;
import dev.heal.engine.actuate.Assignment;
import dev.heal.engine.actuate.Hands;
import dev.heal.engine.cli.control.status.Build;
import dev.heal.engine.cli.control.status.StatusPage;
import dev.heal.engine.cli.control.wire.ControlServer;
import dev.heal.engine.cli.control.wire.ControlSocket;
import dev.heal.engine.cli.run.feed.SourceObserver;
import dev.heal.engine.cli.run.policy.PolicyKeeper;
import dev.heal.engine.cli.run.policy.PolicySettings;
import dev.heal.engine.fact.Topology;
import dev.heal.engine.journal.Batch;
import dev.heal.engine.journal.Change;
import dev.heal.engine.journal.recording.Recorded;
import dev.heal.engine.journal.recording.Recorder;
import dev.heal.engine.journal.store.Journal;
import dev.heal.engine.loop.CommandInterpreter;
import dev.heal.engine.loop.Engine;
import dev.heal.engine.loop.live.Journalist;
import dev.heal.engine.loop.live.LiveLoop;
import dev.heal.engine.loop.live.LoopMeter;
import dev.heal.engine.loop.live.StoodKeeper;
import dev.heal.engine.record.Entry;
import dev.heal.engine.reload.Beginning;
import dev.heal.engine.reload.Generation;
import dev.heal.engine.reload.LoopPort;
import dev.heal.engine.reload.ReloadCommands;
import dev.heal.engine.reload.ReloadRequest;
import dev.heal.engine.reload.ReloadResult;
import dev.heal.engine.reload.origin.BundleEndpoint;
import dev.heal.engine.schedule.Answer;
import dev.heal.engine.schedule.CheckRun;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import dev.heal.engine.schedule.Past;
import dev.heal.engine.source.inbox.Drops;
import dev.heal.nvml.NvmlBridge;
import dev.heal.nvml.NvmlOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** A running engine on this host. */
public final class Daemon implements AutoCloseable {
  private static final Duration STOP_GRACE = Duration.ofSeconds(10);
  private static final Duration LAST_GRACE = Duration.ofSeconds(5);

  /** What ending takes at most, but for the services that are to end with it. */
  public static final Duration LONGEST_END = STOP_GRACE.multipliedBy(2).plus(LAST_GRACE);

  private static final String ID = "engine";

  /** What can be said to a running engine. */
  public static final CommandInterpreter COMMANDS = Engine::command;

  /**
   * What to run, and where.
   *
   * @param policies where they come from
   * @param state the folder of the journal
   * @param node the node of the site that this host is
   * @param nvml how NVML is reached
   * @param kernelLog {@code /dev/kmsg}; empty where it is not to be read
   * @param listen where heartbeats, metrics and alerts are taken, of the loopback; empty: nowhere
   * @param stopsServices whether the services that heal runs end with it; else they go on, and the
   *     next engine watches them on
   */
  public record Settings(
      PolicySettings policies,
      Path state,
      String node,
      NvmlOptions nvml,
      Optional<Path> kernelLog,
      Optional<InetSocketAddress> listen,
      boolean stopsServices) {}

  /** What is told of a run. */
  public interface Observer extends LiveLoop.Observer, SourceObserver {
    /** An attempt to bring other policies into force has ended. */
    default void reloaded(ReloadResult result) {}
  }

  private final Settings settings;
  private final HostClock clock = new HostClock();
  private final Journal journal;
  private final Recorder recorder;
  private final Engine engine;
  private final LiveLoop loop;
  private final HostFeeds feeds;
  private final Hands hands;
  private final Actuators actuators;
  private final NvmlBridge bridge;
  private final Thread thread;
  private final Mementos mementos = new Mementos();
  private final Leftovers leftovers;
  private final CompletableFuture<Throwable> died = new CompletableFuture<>();
  private final Observer observer;
  private final Control control;
  private final PolicyKeeper policies;
  private final Beginning begun;
  private final ReloadCommands commands;
  private volatile CheckedPolicy inForce;
  private Optional<ControlServer> socket = Optional.empty();

  /**
   * Opens the journal and puts everything together; nothing runs before {@link #start}.
   *
   * @throws IOException where another engine has the state folder, or it cannot be used
   */
  public Daemon(Settings settings, Observer observer) throws IOException {
    this(settings, observer, LoopMeter.NONE);
  }

  /** With other tools than those of a usual host. */
  Daemon(Settings settings, Observer observer, Hands.Tools tools) throws IOException {
    this(settings, observer, LoopMeter.NONE, tools);
  }

  /**
   * As above, and measured.
   *
   * @throws IOException where another engine has the state folder, or it cannot be used
   */
  public Daemon(Settings settings, Observer observer, LoopMeter meter) throws IOException {
    this(settings, observer, meter, Hands.Tools.USUAL);
  }

  private Daemon(Settings settings, Observer observer, LoopMeter meter, Hands.Tools tools)
      throws IOException {
    this.settings = settings;
    this.observer = observer;
    Path unused = ControlSocket.of(settings.state()); // refused before anything is begun
    this.policies = new PolicyKeeper(settings.policies(), settings.state(), clock, new Keeping());
    Inputs inputs = new Inputs();
    this.journal = Journal.open(settings.state(), inputs);
    this.recorder = Recorder.open(settings.state(), Recorder.Limits.usual());
    inputs.are(recorder);
    this.begun = policies.begin(StoodKeeper.interim(journal.recovery()));
    this.inForce = begun.policies();
    this.leftovers = new Leftovers(inForce, policies::before, journal.recovery());
    Generation first = policies.inForce();
    long startAt = first.since();
    Past past =
        new Past(
            leftovers.lastOrder(),
            journal.recovery().lastLadder(),
            journal.recovery().halts(),
            StoodKeeper.of(journal.recovery()),
            journal.recovery().recent(),
            StoodKeeper.cordons(journal.recovery()),
            begun.interim());
    recorder.record(new Recorded.Started(startAt, past, first.id().digest()));
    this.engine = new Engine(inForce, first.id(), new Topology(inForce.site()), startAt, past);
    Journalist journalist =
        new Journalist(journal.recovery(), inForce, OptionalLong.of(first.id().number()));
    this.commands =
        ReloadCommands.live(
            COMMANDS,
            System::nanoTime,
            running ->
                journalist.inForce(
                    running.policies(), OptionalLong.of(running.generation().number())));
    this.loop =
        new LiveLoop(
            engine,
            journal,
            recorder,
            journalist,
            commands,
            new LiveHands(),
            clock,
            new Hearing(),
            meter);
    this.bridge = NvmlBridge.open(settings.nvml());
    this.feeds =
        new HostFeeds(
            settings,
            tools,
            inForce,
            Map.of(BundleEndpoint.PATH, new BundleEndpoint(policies::verified)),
            journal,
            HostClock.boot(),
            bridge,
            loop,
            observer);
    this.hands =
        new Hands(
            id(),
            settings.node(),
            Optional.of(bridge),
            Optional.of(new ChildKeeper(feeds.children())),
            tools);
    this.actuators = Actuators.of(inForce, hands, this::keep);
    this.control =
        new Control(
            loop,
            new StatusPage.About(
                Build.version(),
                settings.node(),
                ProcessHandle.current().pid(),
                settings.state(),
                startAt),
            policies,
            () -> PolicyFigures.inForce(inForce, policies),
            feeds::status);
    this.thread = new Thread(this::run, "heal loop");
  }

  /** What the numbers of orders are unique in: one for each journal. */
  private String id() {
    String kept = journal.recovery().kept().getOrDefault(ID, "");
    if (!kept.isEmpty()) {
      return kept;
    }
    String made = "heal-%x-%x".formatted(clock.getAsLong(), ProcessHandle.current().pid());
    var unused = journal.append(Batch.of(List.of(new Change.Kept(ID, Optional.of(made)))));
    return made;
  }

  /**
   * Starts services, sources and the loop.
   *
   * @throws IOException where a source cannot be begun at all, in the operator's words
   */
  public void start() throws IOException {
    leftovers.settle(
        journal, actuators, before -> Actuators.of(before, hands, this::keep), clock.getAsLong());
    thread.start();
    feeds.start();
    policies.start(begun, new Port(), commands);
    socket =
        Optional.of(
            ControlServer.open(
                settings.state(), control, trouble -> observer.told("control", trouble)));
  }

  /** Completed where the loop has ended by a mistake of ours: nothing is watched any more. */
  public CompletableFuture<Throwable> died() {
    return died;
  }

  /** How it stands; completed once its loop comes to it. */
  public CompletableFuture<StatusPage> page() {
    return control.page();
  }

  /** How it stood a moment ago, in one line; never waits. */
  public String line() {
    return control.line();
  }

  /** Grows at least once a second while the loop lives. */
  public long turns() {
    return loop.turns();
  }

  /** What loads policies finds the loop behind this. */
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

  /** Hears what the loop tells, with whoever watches the run. */
  private final class Hearing implements LiveLoop.Observer {
    @Override
    public void entry(Entry entry, OptionalLong incident) {
      policies.heard(entry);
      observer.entry(entry, incident);
    }

    @Override
    public void journalFailed(String why) {
      observer.journalFailed(why);
    }

    @Override
    public void dropped(List<Drops> drops) {
      observer.dropped(drops);
    }
  }

  /** What is told of policies. */
  private final class Keeping implements PolicyKeeper.Observer {
    private static final String NAME = "policies";

    @Override
    public void told(String text) {
      observer.told(NAME, text);
    }

    @Override
    public void inForce(CheckedPolicy next) {
      inForce = next;
      actuators.follow(next);
      feeds.inForce(next);
    }

    @Override
    public void ended(ReloadResult result) {
      observer.reloaded(result);
    }

    @Override
    public void failed(Throwable bug) {
      observer.failed(
          NAME, bug instanceof RuntimeException known ? known : new IllegalStateException(bug));
    }
  }

  /** Has policies loaded from the files that the engine was started with. */
  public void reload(String trigger) {
    var unused = policies.reload(ReloadRequest.because(trigger));
  }

  private final class LiveHands implements LiveLoop.Hands {
    @Override
    public void start(Order order, Consumer<Outcome> ended) {
      carryOut(order, ended);
    }

    @Override
    public void check(CheckRun run, Consumer<Outcome> told) {
      actuators.check(run, told);
    }
  }

  private void carryOut(Order order, Consumer<Outcome> ended) {
    actuators.start(
        new Assignment(order, mementos.of(order)),
        report -> {
          if (order.purpose() == Order.Purpose.UNDO) {
            mementos.drop(order);
          }
          feeds.acted(order.target());
          ended.accept(report.outcome());
        });
  }

  private boolean keep(Order order, String memento) throws InterruptedException {
    mementos.keep(order, memento);
    try {
      return journal
          .append(Batch.withReserve(List.of(new Change.OrderRemembered(order.id(), memento))))
          .get()
          .isWritten();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the journal never fails so", e.getCause());
    }
  }

  private void run() {
    try {
      loop.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error bug) {
      died.complete(bug);
      throw bug;
    }
  }

  private void closeSocket() {
    try {
      if (socket.isPresent()) {
        socket.get().close();
      }
    } catch (IOException left) {
      observer.told("control", "its socket is left behind: " + left.getMessage());
    }
  }

  /** Has the recording go on in a segment of its own, as {@link LiveLoop#checkpoint}. */
  public CompletableFuture<Boolean> checkpoint() {
    return loop.checkpoint();
  }

  /** The process of a service that heal runs, while it runs. */
  Optional<Long> process(String service) {
    return Optional.ofNullable(feeds.children().children().running().get(service))
        .map(id -> (long) id.pid());
  }

  /** The services that heal runs, with their processes, while they run. */
  public List<String> running() {
    return feeds.children().children().running().entrySet().stream()
        .map(entry -> "%s (process %d)".formatted(entry.getKey(), entry.getValue().pid()))
        .toList();
  }

  /**
   * Ends what runs: sources first. Nothing new is begun; the hands get {@link #STOP_GRACE} to
   * finish what they have begun, and what does not end by then is interrupted and, within {@link
   * #LAST_GRACE}, written down as unknown. Then the services that heal runs, where they are to end
   * with it, the loop and the journal.
   */
  @Override
  public void close() {
    closeSocket();
    try {
      policies.close();
      feeds.close();
      var unused = loop.command(List.of("ending", "by=heal")); // nothing new is begun
      boolean finished = loop.awaitNoneOpen(STOP_GRACE);
      actuators.close();
      if (!finished) {
        // what was interrupted says that it does not know
        finished = loop.awaitNoneOpen(LAST_GRACE);
      }
      if (settings.stopsServices()) {
        feeds.children().stopAll(STOP_GRACE);
      }
      loop.stop();
      thread.join(STOP_GRACE.toMillis());
      leftovers.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    recorder.close();
    bridge.close();
    engine.close();
    try {
      journal.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
