package dev.heal.engine.bench;

import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.check.Checker;
import dev.heal.dsl.check.ImportResolver;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.text.SourceFile;
import dev.heal.engine.cli.run.Daemon;
import dev.heal.engine.cli.run.Rehearsal;
import dev.heal.engine.cli.run.SiteFile;
import dev.heal.engine.loop.live.LoopMeter;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import dev.heal.engine.source.inbox.Drops;
import dev.heal.nvml.NvmlOptions;
import dev.heal.nvml.fake.FakeMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A running engine whose entries are waited for. */
final class Rig implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  /**
   * An entry as it was seen.
   *
   * @param nanos of {@link System#nanoTime}
   */
  record Seen(Entry entry, long nanos) {}

  private final FakeMachine machine;
  private final Daemon daemon;
  private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
  private final AtomicLong dropped = new AtomicLong();
  private volatile long decidedOn;
  private volatile long startedOn;

  /** Starts an engine on these policies, and a fake machine of eight GPUs. */
  Rig(String policies, Path folder, Optional<Path> kernelLog) throws IOException {
    this.machine = FakeMachine.of("h100x8", folder);
    this.daemon =
        new Daemon(
            new Daemon.Settings(
                SiteFile.in(folder.resolve("policies"), policies),
                folder.resolve("state"),
                "n1",
                NvmlOptions.ofThisHost().withLibrary(machine.library()),
                kernelLog,
                Optional.empty(),
                true),
            new Watch(),
            new Meter());
    daemon.start();
    try {
      Rehearsal.run(folder.resolve("state"), System.currentTimeMillis() * 1_000_000L);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static CheckedPolicy checked(String policies) {
    CheckResult result =
        Checker.check(List.of(new SourceFile("bench.heal", policies)), ImportResolver.NONE);
    return result
        .policy()
        .orElseThrow(() -> new IllegalArgumentException(result.diagnostics().toString()));
  }

  /** When the input came that was decided upon last. */
  private final class Meter implements LoopMeter {
    @Override
    public void decided(long nanos) {
      decidedOn = System.nanoTime() - nanos;
    }

    @Override
    public void committed(long nanos, boolean written) {}

    @Override
    public void started(Order order, long nanos) {
      startedOn = decidedOn;
    }

    @Override
    public void ended(Order order, Outcome.Kind kind, long nanos) {}
  }

  /** When the input had come, by {@link System#nanoTime}, that the last order came from. */
  long cameAt() {
    return startedOn;
  }

  private final class Watch implements Daemon.Observer {
    @Override
    public void entry(Entry entry, OptionalLong incident) {
      seen.add(new Seen(entry, System.nanoTime()));
    }

    @Override
    public void journalFailed(String why) {
      throw new IllegalStateException(why);
    }

    @Override
    public void dropped(List<Drops> drops) {
      drops.forEach(drop -> dropped.addAndGet(drop.count()));
    }

    @Override
    public void told(String source, String text) {
      System.err.println(source + ": " + text);
    }

    @Override
    public void failed(String source, RuntimeException bug) {
      throw bug;
    }
  }

  /** Forgets what was seen. */
  void forget() {
    seen.clear();
  }

  /** Inputs that were dropped so far. */
  long dropped() {
    return dropped.get();
  }

  FakeMachine machine() {
    return machine;
  }

  List<String> running() {
    return daemon.running();
  }

  /** Waits for the next entry of a type on a fault. */
  Seen await(EntryType type, String fault) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (true) {
      Seen next = seen.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (next == null) {
        throw new IllegalStateException("no %s of %s in a minute".formatted(type, fault));
      }
      if (next.entry().type() == type
          && next.entry().instance().filter(i -> i.fault().equals(fault)).isPresent()) {
        return next;
      }
    }
  }

  @Override
  public void close() {
    daemon.close();
    machine.close();
  }
}
