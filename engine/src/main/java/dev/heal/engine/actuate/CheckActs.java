package dev.heal.engine.actuate;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.engine.actuate.reach.Commands;
import dev.heal.engine.schedule.CheckRun;
import dev.heal.engine.schedule.Outcome;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Runs the checks of the site, again and again until they pass or are no longer wanted. */
final class CheckActs implements AutoCloseable {
  private static final int THREADS = 4;
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private volatile Map<String, CheckedPolicy.SiteCheck> checks;
  private final Commands commands = new Commands();
  private final Lanes lanes = new Lanes("heal-check", THREADS);
  private final AtomicLong number = new AtomicLong();
  private final ScheduledThreadPoolExecutor timer;

  CheckActs(Map<String, CheckedPolicy.SiteCheck> checks) {
    this.checks = checks;
    this.timer =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, "heal-check-timer");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** From here on, these are the checks; those that run go on. */
  void follow(Map<String, CheckedPolicy.SiteCheck> next) {
    checks = next;
  }

  /**
   * Begins; comes back at once.
   *
   * @param told what came of each run, on another thread: DONE where it passed
   */
  void begin(CheckRun run, Consumer<Outcome> told) {
    Optional<CheckedPolicy.SiteCheck> check = Optional.ofNullable(checks.get(run.check()));
    if (check.isEmpty()) {
      told.accept(
          new Outcome(
              Outcome.Kind.REFUSED, "the site declares no check `%s`".formatted(run.check())));
      return;
    }
    AtomicBoolean over = new AtomicBoolean();
    later(() -> over.set(true), run.within());
    once(run, check.get(), over, told);
  }

  private void once(
      CheckRun run, CheckedPolicy.SiteCheck check, AtomicBoolean over, Consumer<Outcome> told) {
    lanes.add(
        new Errand(
            number.incrementAndGet(),
            run.check() + " " + run.entity(),
            check.timeout(),
            () -> Report.of(passed(run, check)),
            report -> {
              told.accept(report.outcome());
              if (report.outcome().kind() != Outcome.Kind.DONE && !over.get()) {
                later(() -> once(run, check, over, told), PAUSE);
              }
            }));
  }

  private Outcome passed(CheckRun run, CheckedPolicy.SiteCheck check) {
    return commands
        .run(
            check.command(),
            Map.of("HEAL_CHECK", run.check(), "HEAL_TARGET", run.entity().toString()))
        .outcome(check.command().get(0));
  }

  private void later(Runnable work, Duration delay) {
    try {
      ScheduledFuture<?> unused = timer.schedule(work, delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException closed) {
      return; // nobody waits for it any more
    }
  }

  @Override
  public void close() {
    timer.shutdown();
    lanes.close();
  }
}
