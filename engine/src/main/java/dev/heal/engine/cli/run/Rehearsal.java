package dev.heal.engine.cli.run;

import com.sun.net.httpserver.HttpServer;
import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.check.Checker;
import dev.heal.dsl.check.ImportResolver;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.text.SourceFile;
import dev.heal.engine.actuate.Actuators;
import dev.heal.engine.actuate.Assignment;
import dev.heal.engine.actuate.Hands;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.Topology;
import dev.heal.engine.fact.host.LogFeed;
import dev.heal.engine.fact.host.LogInterest;
import dev.heal.engine.fact.host.ServiceFacts;
import dev.heal.engine.fact.log.LogOptions;
import dev.heal.engine.journal.recording.Recorded;
import dev.heal.engine.journal.recording.Recorder;
import dev.heal.engine.journal.store.Journal;
import dev.heal.engine.loop.Engine;
import dev.heal.engine.loop.live.Journalist;
import dev.heal.engine.loop.live.LiveLoop;
import dev.heal.engine.loop.live.LoopMeter;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import dev.heal.engine.schedule.CheckRun;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import dev.heal.engine.schedule.Past;
import dev.heal.engine.source.inbox.Drops;
import dev.heal.engine.source.inbox.Importance;
import dev.heal.engine.source.log.StampRules;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Repairs faults that nobody has, on policies of its own, with a loop, a journal and actuators of
 * its own in a folder of its own: afterwards the code is compiled that a real fault will go
 * through. It ends when it has done enough, or its time is over.
 */
public final class Rehearsal implements AutoCloseable {
  private static final String POLICIES = "rehearsal.heal";
  private static final String NODE = "rehearsal";
  private static final String FOLDER = "rehearsal";
  private static final EntityId GPU = EntityId.gpu(NODE, 0);
  private static final EntityId LLM = EntityId.service(NODE, "llm");
  private static final EntityId WEB = EntityId.service(NODE, "web");
  private static final long SECOND = 1_000_000_000L;
  private static final int ROUNDS = 40;

  /** Of faults. */
  private static final int KINDS = 4;

  private static final Duration LONGEST = Duration.ofSeconds(5);

  private final Path folder;
  private final HttpServer service;
  private final Journal journal;
  private final Recorder recorder;
  private final Engine engine;
  private final Actuators actuators;
  private final LiveLoop loop;
  private final Thread thread;
  private final LogFeed kernel;
  private final LogFeed lines;
  private final AtomicLong clock;
  private final ServiceFacts llm = new ServiceFacts(LLM, false);
  private final ServiceFacts web = new ServiceFacts(WEB, false);
  private final Semaphore cleared = new Semaphore(0);

  /** What a rehearsal came to: how many rounds of faults were repaired, in which time. */
  public record Done(int rounds, Duration took) {}

  private Rehearsal(Path state, long startAt) throws IOException {
    this.clock = new AtomicLong(startAt);
    this.folder = state.resolve(FOLDER);
    clear(folder); // what an engine left that was killed meanwhile
    Files.createDirectory(folder);
    this.service =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    service.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    service.start();
    CheckedPolicy policies = policies(service.getAddress().getPort());
    Inputs inputs = new Inputs();
    this.journal = Journal.scratch(folder, inputs);
    this.recorder = Recorder.open(folder, Recorder.Limits.usual());
    inputs.are(recorder);
    recorder.record(new Recorded.Started(startAt, Past.NONE, ""));
    this.engine = new Engine(policies, new Topology(policies.site()), startAt, Past.NONE);
    this.actuators =
        Actuators.of(
            policies,
            new Hands("rehearsal", NODE, Optional.empty(), Optional.empty(), Hands.Tools.USUAL),
            (order, memento) -> true);
    this.loop =
        new LiveLoop(
            engine,
            journal,
            recorder,
            new Journalist(journal.recovery(), policies, OptionalLong.empty()),
            Engine::command,
            new ItsHands(),
            clock::get,
            new Stage(),
            LoopMeter.NONE);
    LogInterest interest = new LogInterest(policies);
    LogOptions options = new LogOptions(NODE, "llm", StampRules.NONE, OptionalInt.empty());
    this.kernel = new LogFeed(EntityId.node(NODE), "kernel", options, interest);
    this.lines = new LogFeed(LLM, "log", options, interest);
    this.thread = new Thread(this::runLoop, "heal rehearsal");
    thread.setDaemon(true);
    thread.start();
  }

  private static CheckedPolicy policies(int port) throws IOException {
    String text;
    try (InputStream in =
        Objects.requireNonNull(Rehearsal.class.getResourceAsStream(POLICIES), POLICIES)) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    String ours = text.replace("@PORT@", Integer.toString(port));
    CheckResult result =
        Checker.check(List.of(new SourceFile(POLICIES, ours)), ImportResolver.NONE);
    return result
        .policy()
        .orElseThrow(() -> new IllegalStateException(result.diagnostics().toString()));
  }

  /**
   * Goes through it.
   *
   * @param state the state folder: on its disk
   * @param startAt nanoseconds since the epoch
   * @throws IOException where the folder cannot be written to, or there is no loopback
   */
  public static Done run(Path state, long startAt) throws IOException, InterruptedException {
    long from = System.nanoTime();
    try (Rehearsal rehearsal = new Rehearsal(state, startAt)) {
      int rounds = 0;
      while (rounds < ROUNDS && rehearsal.round(from + LONGEST.toNanos())) {
        rounds++;
      }
      return new Done(rounds, Duration.ofNanos(System.nanoTime() - from));
    }
  }

  /** One fault of each kind, from what a source heard to its end; false where there is no time. */
  private boolean round(long deadline) throws InterruptedException {
    heard(Importance.FAULT, kernel.line("NVRM: Xid (PCI:0000:1a:00): 79, pid=1, it is gone."));
    heard(Importance.NOISE, lines.line("INFO 2026-11-27 10:00:00 request 12 finished, 128 tokens"));
    heard(Importance.FAULT, lines.line("panic: the scheduler is gone"));
    loop.heard(Importance.FAULT, NODE, stamp -> web.killed("SIGSEGV", stamp));
    for (int second = 0; second < 8; second++) {
      double celsius = second < 4 ? 95 : 40;
      loop.heard(
          Importance.SAMPLE,
          NODE,
          stamp -> List.of(new Fact.Sample(stamp, GPU, "nvml.temperature", celsius)));
      loop.heard(Importance.HEALTH, NODE, llm::started);
      loop.heard(Importance.HEALTH, NODE, web::started);
      clock.addAndGet(SECOND);
      if (!settled(deadline)) {
        return false;
      }
    }
    return cleared.tryAcquire(KINDS, left(deadline), TimeUnit.NANOSECONDS);
  }

  private void heard(Importance importance, LogFeed.Told told) {
    loop.heard(importance, NODE, told::at);
  }

  /** Waits until the loop has taken what came, and all hands are still. */
  private boolean settled(long deadline) throws InterruptedException {
    Semaphore looked = new Semaphore(0);
    loop.look((running, at) -> looked.release());
    return looked.tryAcquire(left(deadline), TimeUnit.NANOSECONDS)
        && loop.awaitNoneOpen(Duration.ofNanos(left(deadline)));
  }

  private static long left(long deadline) {
    return Math.max(0, deadline - System.nanoTime());
  }

  private void runLoop() {
    try {
      loop.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class ItsHands implements LiveLoop.Hands {
    @Override
    public void start(Order order, Consumer<Outcome> ended) {
      actuators.start(
          new Assignment(order, Optional.empty()), report -> ended.accept(report.outcome()));
    }

    @Override
    public void check(CheckRun run, Consumer<Outcome> told) {
      actuators.check(run, told);
    }
  }

  private final class Stage implements LiveLoop.Observer {
    @Override
    public void entry(Entry entry, OptionalLong incident) {
      if (entry.type() == EntryType.FAULT_CLEARED) {
        cleared.release();
      }
    }

    @Override
    public void journalFailed(String why) {}

    @Override
    public void dropped(List<Drops> drops) {}
  }

  @Override
  public void close() throws IOException {
    service.stop(0);
    loop.stop();
    try {
      thread.join(LONGEST.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    actuators.close();
    recorder.close();
    engine.close();
    journal.close();
    clear(folder);
  }

  private static void clear(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
