package dev.heal.engine.cli.run;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Means;
import dev.heal.dsl.policy.Site;
import dev.heal.engine.actuate.Actuators;
import dev.heal.engine.actuate.Assignment;
import dev.heal.engine.actuate.Hands;
import dev.heal.engine.cli.run.feed.ChildFeed;
import dev.heal.engine.cli.run.feed.ChildLedger;
import dev.heal.engine.cli.run.feed.Feed;
import dev.heal.engine.cli.run.feed.GpuFeed;
import dev.heal.engine.cli.run.feed.HealthFeed;
import dev.heal.engine.cli.run.feed.KernelFeed;
import dev.heal.engine.cli.run.feed.LogFileFeed;
import dev.heal.engine.cli.run.feed.Reporter;
import dev.heal.engine.cli.run.feed.ServiceLog;
import dev.heal.engine.cli.run.feed.Ticker;
import dev.heal.engine.cli.run.feed.XidFacts;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Topology;
import dev.heal.engine.fact.host.LogInterest;
import dev.heal.engine.fact.host.ServiceFacts;
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
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import dev.heal.engine.schedule.Past;
import dev.heal.engine.source.child.ChildSpec;
import dev.heal.nvml.NvmlBridge;
import dev.heal.nvml.NvmlOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/** A running engine on this host. */
public final class Daemon implements AutoCloseable {
  private static final Duration STOP_GRACE = Duration.ofSeconds(10);
  private static final String ID = "engine";

  /** What can be said to a running engine. */
  public static final CommandInterpreter COMMANDS = Engine::command;

  /**
   * What to run, and where.
   *
   * @param state the folder of the journal
   * @param node the node of the site that this host is
   * @param nvml how NVML is reached
   * @param kernelLog {@code /dev/kmsg}; empty where it is not to be read
   * @param stopsServices whether the services that heal runs end with it; else they go on, and the
   *     next engine watches them on
   */
  public record Settings(
      CheckedPolicy policies,
      Path state,
      String node,
      NvmlOptions nvml,
      Optional<Path> kernelLog,
      boolean stopsServices) {}

  /** What is told of a run. */
  public interface Observer extends LiveLoop.Observer, Reporter {}

  private final Settings settings;
  private final HostClock clock = new HostClock();
  private final Journal journal;
  private final Recorder recorder;
  private final Engine engine;
  private final LiveLoop loop;
  private final Ticker ticker;
  private final ChildFeed children;
  private final List<Feed> feeds = new ArrayList<>();
  private final Actuators actuators;
  private final NvmlBridge bridge;
  private final Thread thread;
  private final Mementos mementos = new Mementos();
  private final Leftovers leftovers;

  /**
   * Opens the journal and puts everything together; nothing runs before {@link #start}.
   *
   * @throws IOException where another engine has the state folder, or it cannot be used
   */
  public Daemon(Settings settings, Observer observer) throws IOException {
    this.settings = settings;
    Inputs inputs = new Inputs();
    this.journal = Journal.open(settings.state(), inputs);
    this.recorder = Recorder.open(settings.state(), Recorder.Limits.usual());
    inputs.are(recorder);
    this.leftovers = new Leftovers(settings.policies(), journal.recovery());
    long startAt = clock.getAsLong();
    Past past =
        new Past(
            leftovers.lastOrder(), journal.recovery().lastLadder(), journal.recovery().halts());
    recorder.record(new Recorded.Started(startAt, past, ""));
    this.engine =
        new Engine(settings.policies(), new Topology(settings.policies().site()), startAt, past);
    this.loop =
        new LiveLoop(
            engine,
            journal,
            recorder,
            new Journalist(journal.recovery(), settings.policies(), OptionalLong.empty()),
            COMMANDS,
            this::carryOut,
            clock,
            observer,
            LoopMeter.NONE);
    this.bridge = NvmlBridge.open(settings.nvml());
    this.ticker = new Ticker(observer);
    String boot = HostClock.boot();
    this.children =
        new ChildFeed(
            settings.state().toAbsolutePath().toString(),
            new ChildLedger(journal, boot),
            ticker,
            loop,
            observer);
    declare(boot, observer);
    this.actuators =
        Actuators.of(
            settings.policies(),
            new Hands(
                id(),
                settings.node(),
                Optional.of(bridge),
                Optional.of(new ChildKeeper(children)),
                Hands.Tools.USUAL),
            this::keep);
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

  /** Joins the sources of this host. */
  private void declare(String boot, Observer observer) {
    LogInterest interest = new LogInterest(settings.policies());
    Site site = settings.policies().site();
    XidFacts xids = new XidFacts(site, settings.node(), bridge);
    HealthFeed health = new HealthFeed(loop);
    feeds.add(children);
    feeds.add(health);
    for (Site.Service service : site.services()) {
      if (service.node().filter(settings.node()::equals).isPresent()) {
        declare(service, interest, health, observer);
      }
    }
    feeds.add(new GpuFeed(settings.node(), bridge, xids, ticker, loop));
    settings
        .kernelLog()
        .ifPresent(
            device ->
                feeds.add(
                    new KernelFeed(
                        device,
                        settings.node(),
                        boot,
                        journal.recovery().kept(),
                        interest,
                        xids,
                        loop,
                        observer)));
  }

  private void declare(
      Site.Service service, LogInterest interest, HealthFeed health, Observer observer) {
    EntityId entity = EntityId.service(settings.node(), service.name());
    Means means = service.means();
    ServiceFacts facts = new ServiceFacts(entity, means.health().isPresent());
    ServiceLog log = new ServiceLog(entity, interest, loop);
    if (means.launch().orElse(null) instanceof Means.Launch.Argv launch) {
      Map<String, String> environment = new HashMap<>(System.getenv());
      environment.putAll(launch.environment());
      children.add(
          new ChildSpec(
              service.name(), launch.argv(), environment, launch.directory().map(Path::of)),
          facts,
          log);
    }
    means.health().ifPresent(probe -> health.add(service.name(), probe, facts));
    if (!means.logs().isEmpty()) {
      feeds.add(
          new LogFileFeed(
              service.name(), means.logs(), log, journal.recovery().kept(), loop, observer));
    }
  }

  /** Starts services, sources and the loop. */
  public void start() {
    leftovers.settle(journal, actuators, clock.getAsLong());
    thread.start();
    feeds.forEach(Feed::start);
  }

  private void carryOut(Order order, Consumer<Outcome> ended) {
    actuators.start(
        new Assignment(order, Map.of(), mementos.of(order)),
        report -> {
          if (order.purpose() == Order.Purpose.UNDO) {
            mementos.drop(order);
          }
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
    }
  }

  /** The process of a service that heal runs, while it runs. */
  Optional<Long> process(String service) {
    return Optional.ofNullable(children.children().running().get(service))
        .map(id -> (long) id.pid());
  }

  /** The services that heal runs, with their processes, while they run. */
  public List<String> running() {
    return children.children().running().entrySet().stream()
        .map(entry -> "%s (process %d)".formatted(entry.getKey(), entry.getValue().pid()))
        .toList();
  }

  /**
   * Ends what runs: sources first; then the hands get 10 s to finish what they have begun; then the
   * services that heal runs, where they are to end with it; the loop and the journal.
   */
  @Override
  public void close() {
    feeds.forEach(Feed::close);
    ticker.close();
    try {
      boolean unused = loop.awaitNoneOpen(STOP_GRACE);
      actuators.close();
      if (settings.stopsServices()) {
        children.stopAll(STOP_GRACE);
      }
      loop.stop();
      thread.join(STOP_GRACE.toMillis());
      leftovers.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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
