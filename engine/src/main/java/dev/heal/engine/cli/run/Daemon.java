package dev.heal.engine.cli.run;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Means;
import dev.heal.dsl.policy.Site;
import dev.heal.engine.actuate.Actuators;
import dev.heal.engine.actuate.Assignment;
import dev.heal.engine.actuate.Hands;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.Topology;
import dev.heal.engine.fact.nvml.NvmlFacts;
import dev.heal.engine.fact.nvml.XidOnce;
import dev.heal.engine.journal.Batch;
import dev.heal.engine.journal.Change;
import dev.heal.engine.journal.store.Journal;
import dev.heal.engine.loop.Engine;
import dev.heal.engine.loop.live.Input;
import dev.heal.engine.loop.live.LiveLoop;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.source.child.ChildSpec;
import dev.heal.engine.source.child.Children;
import dev.heal.engine.source.child.ProcessId;
import dev.heal.engine.source.child.StartResult;
import dev.heal.nvml.NvmlBridge;
import dev.heal.nvml.NvmlOptions;
import dev.heal.nvml.event.EventType;
import dev.heal.nvml.event.Notice;
import dev.heal.nvml.metric.Cadence;
import dev.heal.nvml.metric.Poll;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A running engine on this host. */
public final class Daemon implements AutoCloseable {
  private static final Duration STOP_GRACE = Duration.ofSeconds(10);
  private static final int TIMER_THREADS = 4;
  private static final int SLOW_TURNS = 10;

  /**
   * What to run, and where.
   *
   * @param state the folder of the journal
   * @param node the node of the site that this host is
   * @param nvml how NVML is reached
   */
  public record Settings(CheckedPolicy policies, Path state, String node, NvmlOptions nvml) {}

  /** What is told of a run. */
  public interface Observer extends LiveLoop.Observer {
    /** A source has thrown: a mistake of ours. Its next turn comes. */
    void sourceFailed(RuntimeException bug);
  }

  private final Settings settings;
  private final Observer observer;
  private final Map<EntityId, SupervisedService> services = new LinkedHashMap<>();
  private final Map<EntityId, Means> means = new HashMap<>();
  private final Journal journal;
  private final Engine engine;
  private final LiveLoop loop;
  private final Children children;
  private final Actuators actuators;
  private final NvmlBridge bridge;
  private final ScheduledExecutorService timers;
  private final List<ScheduledFuture<?>> scheduled = new ArrayList<>();
  private final Thread thread;
  private final NvmlFacts nvmlFacts;
  private final XidOnce xids = new XidOnce();
  private final Mementos mementos = new Mementos();
  private final Leftovers leftovers;

  /** What acts that stand have replaced, by target and verb. */
  private static final class Mementos {
    private final Map<String, String> standing = new ConcurrentHashMap<>();

    private static String key(Order order) {
      return order.target() + " " + order.act().verb();
    }

    void keep(Order order, String memento) {
      standing.put(key(order), memento);
    }

    Optional<String> of(Order order) {
      return Optional.ofNullable(standing.get(key(order)));
    }

    void drop(Order order) {
      standing.remove(key(order));
    }
  }

  /**
   * Opens the journal and puts everything together; nothing runs before {@link #start}.
   *
   * @throws IOException where another engine has the state folder, or it cannot be used
   */
  public Daemon(Settings settings, Observer observer) throws IOException {
    this.settings = settings;
    this.observer = observer;
    this.journal = Journal.open(settings.state());
    this.leftovers = new Leftovers(settings.policies(), journal.recovery());
    this.engine =
        new Engine(
            settings.policies(),
            new Topology(settings.policies().site()),
            clock(),
            leftovers.lastOrder());
    this.loop = new LiveLoop(engine, journal, this::carryOut, Daemon::clock, observer);
    declare(settings.policies().site());
    this.children =
        new Children(
            settings.state().toAbsolutePath().toString(),
            new NoLedger(),
            event ->
                Optional.ofNullable(services.get(EntityId.service(settings.node(), event.child())))
                    .ifPresent(service -> heard(stamp -> service.happened(event, stamp))));
    this.bridge = NvmlBridge.open(settings.nvml());
    this.nvmlFacts = new NvmlFacts(settings.node());
    this.actuators =
        Actuators.of(
            settings.policies(),
            new Hands(
                "heal-" + ProcessHandle.current().pid(),
                settings.node(),
                Optional.of(bridge),
                Optional.of(new ChildKeeper(children, services)),
                Hands.Tools.USUAL),
            this::keep);
    this.timers =
        Executors.newScheduledThreadPool(
            TIMER_THREADS,
            work -> {
              Thread made = new Thread(work, "heal timer");
              made.setDaemon(true);
              return made;
            });
    this.thread = new Thread(this::run, "heal loop");
  }

  /** Children are watched by this process only: adopting those of a former engine is to come. */
  private static final class NoLedger implements Children.Ledger {
    @Override
    public void started(String child, ProcessId process) {}

    @Override
    public void gone(String child, ProcessId process) {}
  }

  private static long clock() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  private void declare(Site site) {
    for (Site.Service service : site.services()) {
      if (service.node().filter(settings.node()::equals).isEmpty()) {
        continue; // another host's
      }
      EntityId entity = EntityId.service(settings.node(), service.name());
      means.put(entity, service.means());
      if (service.means().launch().orElse(null) instanceof Means.Launch.Argv launch) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.putAll(launch.environment());
        services.put(
            entity,
            new SupervisedService(
                entity,
                new ChildSpec(
                    service.name(), launch.argv(), environment, launch.directory().map(Path::of)),
                service.means().health().isPresent()));
      }
    }
  }

  private void heard(Input.Heard.Source source) {
    loop.put(new Input.Heard(source));
  }

  /** Starts services, sources and the loop. */
  public void start() {
    leftovers.settle(journal, actuators, clock());
    thread.start();
    for (SupervisedService service : services.values()) {
      StartResult result = children.start(service.declared());
      result.match(
          running -> true,
          failed -> {
            heard(service.facts()::state); // not running: its faults say the rest
            return false;
          },
          busy -> false);
    }
    every(Duration.ofSeconds(1), this::tellStates);
    HealthChecks checks = new HealthChecks();
    services.values().forEach(service -> check(service, checks));
    bridge.listen(this::notice);
    every(Duration.ofSeconds(1), new GpuPolls());
  }

  private void tellStates() {
    Map<String, Children.Resident> resident = residentMemory();
    for (SupervisedService service : services.values()) {
      heard(
          stamp -> {
            List<Fact> facts = new ArrayList<>(service.facts().state(stamp));
            Optional.ofNullable(resident.get(service.declared().name()))
                .ifPresent(r -> facts.add(service.facts().resident(r.bytes(), stamp)));
            return facts;
          });
    }
  }

  private Map<String, Children.Resident> residentMemory() {
    try {
      return children.resident();
    } catch (IOException unreadable) {
      return Map.of(); // silence: the rules see it
    }
  }

  private void check(SupervisedService service, HealthChecks checks) {
    Optional<Means.Probe> probe =
        Optional.ofNullable(means.get(service.entity())).flatMap(Means::health);
    if (probe.isEmpty()) {
      return;
    }
    every(
        probe.get().every(),
        () -> {
          try {
            HealthChecks.Answer answer = checks.ask(probe.get());
            heard(stamp -> service.facts().checked(answer.well(), answer.nanos(), stamp));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /** Again and again; what fails once is told, and goes on. */
  private void every(Duration period, Runnable work) {
    scheduled.add(
        timers.scheduleAtFixedRate(
            () -> {
              try {
                work.run();
              } catch (RuntimeException bug) {
                observer.sourceFailed(bug);
              }
            },
            period.toNanos(),
            period.toNanos(),
            TimeUnit.NANOSECONDS));
  }

  private final class GpuPolls implements Runnable {
    private long turn;

    @Override
    public void run() {
      Set<Cadence> cadences =
          turn++ % SLOW_TURNS == 0 ? EnumSet.allOf(Cadence.class) : EnumSet.of(Cadence.FAST);
      Poll poll = bridge.poll(cadences);
      heard(
          stamp -> {
            List<Fact> facts = new ArrayList<>();
            nvmlFacts.facts(poll).forEach(fact -> facts.add(fact.heardAt(stamp)));
            facts.addAll(xids.due(stamp));
            return facts;
          });
    }
  }

  private void notice(Notice notice) {
    if (notice instanceof Notice.GpuEvent event) {
      nvmlFacts
          .fact(event)
          .ifPresent(
              fact ->
                  heard(
                      stamp ->
                          event.type() == EventType.XID
                              ? List.copyOf(
                                  xids.take(fact.heardAt(stamp), XidOnce.Teller.NVML, stamp))
                              : List.of(fact.heardAt(stamp))));
    }
  }

  private void carryOut(Order order, Consumer<Input> ended) {
    actuators.start(
        new Assignment(order, Map.of(), mementos.of(order)),
        report -> {
          if (order.purpose() == Order.Purpose.UNDO) {
            mementos.drop(order);
          }
          ended.accept(new Input.Ended(order.id(), report.outcome()));
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
    return Optional.ofNullable(children.running().get(service)).map(id -> (long) id.pid());
  }

  /**
   * Ends what runs: sources first; then the hands get 10 s to finish what they have begun; then the
   * services that heal runs, the loop and the journal.
   */
  @Override
  public void close() {
    scheduled.forEach(future -> future.cancel(false));
    timers.shutdownNow();
    try {
      awaitHands();
      actuators.close();
      for (SupervisedService service : services.values()) {
        children.stop(service.declared().name(), STOP_GRACE);
      }
      loop.stop();
      thread.join(STOP_GRACE.toMillis());
      leftovers.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    bridge.close();
    engine.close();
    try {
      journal.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitHands() throws InterruptedException {
    long deadline = System.nanoTime() + STOP_GRACE.toNanos();
    while (loop.open() > 0 && System.nanoTime() - deadline < 0) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }
}
