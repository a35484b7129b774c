package dev.heal.engine.loop.live;

import dev.heal.engine.decide.Times;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.journal.Change;
import dev.heal.engine.journal.recording.Recorded;
import dev.heal.engine.journal.recording.Recorder;
import dev.heal.engine.journal.store.Journal;
import dev.heal.engine.loop.Checkpoint;
import dev.heal.engine.loop.CommandInterpreter;
import dev.heal.engine.loop.Engine;
import dev.heal.engine.loop.EngineView;
import dev.heal.engine.record.Entry;
import dev.heal.engine.schedule.Answer;
import dev.heal.engine.schedule.CheckRun;
import dev.heal.engine.schedule.FaultView;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import dev.heal.engine.source.inbox.Bounds;
import dev.heal.engine.source.inbox.Drops;
import dev.heal.engine.source.inbox.Importance;
import dev.heal.engine.source.inbox.Inbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The thread that owns the engine. Every input is recorded before anything is decided on it, and an
 * order is durable as started before the hands get it; where it cannot be written, nothing is
 * touched, and that is told.
 */
public final class LiveLoop implements Intake {
  /** The words that let time pass: written where timers alone have decided something. */
  static final List<String> TIME = List.of("time");

  /** So few that a fault behind a flood is taken within some milliseconds. */
  private static final Bounds BOUNDS = new Bounds(8_192, 32 << 20, 65_536);

  private static final int AT_ONCE = 256;
  private static final long SECOND = 1_000_000_000L;

  /** What the loop tells. On its thread: it must not wait. */
  public interface Observer {
    /**
     * An entry was decided; it may not be durable yet.
     *
     * @param incident the number of the incident it belongs to
     */
    void entry(Entry entry, OptionalLong incident);

    /** The journal does not take what was decided: nothing is done. */
    void journalFailed(String why);

    /** Too much came. */
    void dropped(List<Drops> drops);
  }

  /** What the loop is joined to. */
  public interface Hands {
    /** Starts an order without waiting; its end is told once. */
    void start(Order order, Consumer<Outcome> ended);

    /** Begins a check of the site without waiting; what comes of each run of it is told. */
    void check(CheckRun run, Consumer<Outcome> told);
  }

  private final Inbox<Input> inbox;
  private final Engine engine;
  private final Journal journal;
  private final Recorder recorder;
  private final Journalist journalist;
  private final CommandInterpreter commands;
  private final Hands hands;
  private final LongSupplier clock;
  private final Observer observer;
  private final LoopMeter meter;
  private final Writing writing;
  private final StoodKeeper stood;
  private final SourceBook sources = new SourceBook();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition noneOpen = lock.newCondition();
  private volatile boolean stopping;
  private volatile int open;
  private final AtomicLong turns = new AtomicLong();
  private long nextChores;

  /**
   * Begins with what the journal knows.
   *
   * @param recorder has the start of this engine already
   * @param clock nanoseconds since the epoch, that never goes back
   */
  public LiveLoop(
      Engine engine,
      Journal journal,
      Recorder recorder,
      Journalist journalist,
      CommandInterpreter commands,
      Hands hands,
      LongSupplier clock,
      Observer observer,
      LoopMeter meter) {
    this.engine = engine;
    this.journal = journal;
    this.recorder = recorder;
    this.journalist = journalist;
    this.commands = commands;
    this.hands = hands;
    this.clock = clock;
    this.observer = observer;
    this.meter = meter;
    this.stood = new StoodKeeper(journal.recovery());
    this.writing = new Writing(journal, engine, clock, observer, meter, this::start);
    this.inbox = new Inbox<>(BOUNDS, Input::bytes, clock);
  }

  /** How many orders have not ended. */
  public int open() {
    return open;
  }

  /**
   * Waits until no order is open.
   *
   * @return false where some are, still
   */
  public boolean awaitNoneOpen(Duration atMost) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = atMost.toNanos();
      while (open > 0 && left > 0) {
        left = noneOpen.awaitNanos(left);
      }
      return open == 0;
    } finally {
      lock.unlock();
    }
  }

  /** How many inputs wait. */
  public int waiting() {
    return inbox.size();
  }

  /** How many inputs were dropped since the start. */
  public long droppedEver() {
    return inbox.droppedEver();
  }

  @Override
  public void heard(Importance importance, String name, Source facts, int bytes) {
    inbox.offer(importance, name, new Input.Heard(facts, bytes));
  }

  /**
   * Keeps something for the next engine: durable with what is decided on the facts of the input
   * that is taken now, or soon after. On the loop's thread.
   */
  public void keep(Change.Kept kept) {
    writing.keep(kept);
  }

  /** Says something to the engine; the answer comes when what came of it is durable. */
  public CompletableFuture<Answer> command(List<String> words) {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    control(new Input.Command(words, answer));
    return answer;
  }

  /** Looks at the engine, between two inputs; that must change nothing. */
  public void look(BiConsumer<Engine, Long> look) {
    control(new Input.Look(look));
  }

  /** How all of it stands, between two inputs. */
  public CompletableFuture<LoopView> view() {
    CompletableFuture<LoopView> view = new CompletableFuture<>();
    look((running, at) -> view.complete(view(running, at)));
    return view;
  }

  private LoopView view(Engine running, long at) {
    EngineView seen = running.view(at);
    Map<FaultInstance, Long> incidents = new HashMap<>();
    for (FaultView fault : seen.faults()) {
      journalist
          .incident(fault.instance())
          .ifPresent(number -> incidents.put(fault.instance(), number));
    }
    return new LoopView(
        seen,
        incidents,
        inbox.size(),
        inbox.droppedEver(),
        sources.view(at),
        journal.pending(),
        writing.problem(),
        recorder.status());
  }

  /** What is known of the sources. */
  public SourceBook sources() {
    return sources;
  }

  /** How often the loop has gone round: it does so at least once a second while it lives. */
  public long turns() {
    return turns.get();
  }

  /** Why the journal takes nothing now; empty where it does. */
  public Optional<String> journalProblem() {
    return writing.problem();
  }

  @Override
  public void expects(String name, Duration every) {
    sources.expects(name, every, clock.getAsLong());
  }

  @Override
  public void listens(String name) {
    sources.listens(name);
  }

  private void control(Input input) {
    inbox.offer(Importance.CONTROL, "heal", input);
  }

  /** Runs until {@link #stop}; what was put in before that is still taken. */
  public void run() throws InterruptedException {
    while (!stopping || inbox.size() > 0) {
      long now = clock.getAsLong();
      if (now >= nextChores) {
        nextChores = now + SECOND;
        chores();
      }
      // facts come before timers of the same time: a timer runs behind its time
      long due = engine.nextAt();
      long until = Math.min(nextChores, due == Times.NEVER ? due : due + 1);
      List<dev.heal.engine.source.inbox.Entry<Input>> came =
          inbox.take(AT_ONCE, Math.max(0, until - now));
      came.forEach(entry -> take(entry.source(), entry.item(), entry.at()));
      if (came.isEmpty()) {
        inbox.quietUpTo().ifPresent(this::pass);
      }
      turns.incrementAndGet();
    }
    chores();
    writing.settled().join(); // what was decided last is durable, or its failure was told
  }

  /** Timers due before {@code at} run. */
  private void pass(long at) {
    engine.runTo(at - 1);
    Engine.Step step = engine.take();
    if (!step.isEmpty()) {
      recorder.record(new Recorded.Commanded(at - 1, TIME));
      settle(step, at - 1, new ArrayList<>());
    }
  }

  private void take(String name, Input input, long stamp) {
    List<Change> changes = new ArrayList<>();
    if (input instanceof Input.Heard heard) {
      boolean told = false;
      for (Fact fact : heard.source().facts(stamp)) {
        recorder.record(new Recorded.Heard(stamp, fact));
        engine.accept(fact);
        told = true;
      }
      if (told) {
        sources.heard(name, stamp);
      }
    } else if (input instanceof Input.Ended ended) {
      recorder.record(new Recorded.Ended(stamp, ended.order(), ended.outcome()));
      changes.addAll(journalist.ended(ended.order(), ended.outcome(), stamp));
      engine
          .order(ended.order())
          .ifPresent(
              open -> meter.ended(open.order(), ended.outcome().kind(), stamp - open.since()));
      engine.ended(ended.order(), ended.outcome(), stamp);
    } else if (input instanceof Input.Command command) {
      recorder.record(new Recorded.Commanded(stamp, command.words()));
      Answer answer = commands.run(engine, command.words(), stamp);
      settle(engine.take(), stamp, changes);
      answer(command, answer);
      return;
    } else if (input instanceof Input.Look look) {
      look.look().accept(engine, stamp);
    }
    Engine.Step step = engine.take();
    if (input instanceof Input.Heard && !step.isEmpty()) {
      meter.decided(clock.getAsLong() - stamp);
    }
    settle(step, stamp, changes);
  }

  /** Tells the operator when it is durable, or that it is not. */
  private void answer(Input.Command command, Answer answer) {
    var unused =
        writing
            .settled()
            .thenAccept(
                appended ->
                    command
                        .answer()
                        .complete(
                            appended.isWritten()
                                ? answer
                                : new Answer(
                                    answer.kind(),
                                    answer.text()
                                        + "; but it could not be written down: a restart forgets it")));
  }

  /** Makes durable what was decided, and lets the hands move. */
  private void settle(Engine.Step step, long now, List<Change> changes) {
    tellOpen(engine.open());
    writing.standing(engine, changes);
    step.checks().forEach(run -> hands.check(run, outcome -> checked(run, outcome)));
    if (step.entries().isEmpty() && step.orders().isEmpty() && changes.isEmpty()) {
      return;
    }
    changes.addAll(stood.changes(engine.stood(), engine.cordons(), engine.interim()));
    for (Entry entry : step.entries()) {
      changes.addAll(journalist.entry(entry));
      observer.entry(entry, journalist.incident(entry));
    }
    for (Order order : step.orders()) {
      changes.addAll(journalist.started(order, now));
    }
    writing.append(changes, step.orders());
  }

  private void checked(CheckRun run, Outcome outcome) {
    double passed = outcome.kind() == Outcome.Kind.DONE ? 1 : 0;
    heard(
        Importance.HEALTH,
        "check " + run.check(),
        stamp -> List.of(new Fact.Sample(stamp, run.entity(), "check." + run.check(), passed)));
  }

  private void tellOpen(int orders) {
    if (open != orders) {
      lock.lock();
      try {
        open = orders;
        noneOpen.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Hands an order over, or says why not. */
  private void start(Order order, Optional<String> refusal) {
    if (refusal.isPresent()) {
      ended(order, new Outcome(Outcome.Kind.NOT_BEGUN, refusal.get()));
    } else {
      hands.start(order, outcome -> ended(order, outcome));
    }
  }

  private void ended(Order order, Outcome outcome) {
    control(new Input.Ended(order.id(), outcome));
  }

  /** Once a second. */
  private void chores() {
    List<Drops> drops = inbox.drainDrops();
    if (!drops.isEmpty()) {
      sources.dropped(drops);
      observer.dropped(drops);
    }
    writing.keepNow();
    if (recorder.wantsCheckpoint()) {
      var unused = recordCheckpoint();
    }
  }

  /**
   * Has the recording go on in a segment of its own, between two inputs.
   *
   * @return whether it does: nothing was under way
   */
  public CompletableFuture<Boolean> checkpoint() {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    look((running, at) -> done.complete(recordCheckpoint()));
    return done;
  }

  private boolean recordCheckpoint() {
    Optional<Checkpoint> taken = engine.checkpoint();
    taken.ifPresent(
        known ->
            recorder.record(
                new Recorded.Checkpoint(
                    known.now(),
                    engine.generation().number(),
                    engine.generation().digest(),
                    engine.interim(),
                    known::json)));
    return taken.isPresent();
  }

  /** Ends the loop, from any thread. */
  public void stop() {
    stopping = true;
    control(new Input.Look((e, at) -> {}));
  }
}
