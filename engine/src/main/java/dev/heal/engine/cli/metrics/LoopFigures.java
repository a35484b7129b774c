package dev.heal.engine.cli.metrics;

import dev.heal.engine.decide.Times;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.loop.live.LoopMeter;
import dev.heal.engine.record.Entry;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Counts and times what the loop does, as it does it. */
final class LoopFigures implements LoopMeter {
  private static final double NANOS = 1e9;

  /** From 25 µs, below which nothing is decided, to 10 s. */
  private static final double[] QUICK = {
    25e-6, 50e-6, 100e-6, 200e-6, 500e-6, 1e-3, 2e-3, 5e-3, 10e-3, 25e-3, 50e-3, 0.1, 0.25, 1, 10
  };

  /** From 10 ms to an hour. */
  private static final double[] SLOW = {
    0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600
  };

  private final Histogram factToDecision;
  private final Histogram commit;
  private final Counter commitFailures;
  private final Histogram decisionToStart;
  private final Histogram decisionToDone;
  private final Counter orders;
  private final Counter raised;
  private final Counter deadlines;
  private final Counter repairs;
  private final Counter commands;

  /** The repairs whose deadline was missed, or that gave up, and that have not ended. */
  private final Set<Repair> missed = new HashSet<>();

  private final Set<Repair> gaveUp = new HashSet<>();

  private record Repair(FaultInstance instance, String policy) {}

  LoopFigures(PrometheusRegistry registry) {
    factToDecision =
        histogram("heal_fact_to_decision_seconds", QUICK)
            .help("From a fact's entry into the queue to the decision that it led to.")
            .register(registry);
    commit =
        histogram("heal_journal_commit_seconds", QUICK)
            .help("From handing a batch to the journal until it is on the disk.")
            .register(registry);
    commitFailures =
        Counter.builder()
            .name("heal_journal_failures_total")
            .help("Batches that the journal did not take; nothing is touched for them.")
            .register(registry);
    decisionToStart =
        histogram("heal_decision_to_start_seconds", QUICK)
            .help("From a decision until its order is with the hands: the journal's commit.")
            .register(registry);
    decisionToDone =
        histogram("heal_decision_to_done_seconds", SLOW)
            .help("From a decision to the end of its order, whatever the end.")
            .labelNames("verb")
            .register(registry);
    orders =
        Counter.builder()
            .name("heal_orders_total")
            .help("Orders that have ended, by verb, purpose and outcome.")
            .labelNames("verb", "purpose", "outcome")
            .register(registry);
    raised =
        Counter.builder()
            .name("heal_faults_raised_total")
            .help("Fault instances that were raised.")
            .labelNames("fault")
            .register(registry);
    deadlines =
        Counter.builder()
            .name("heal_deadlines_total")
            .help("Deadlines of repairs: met (done in time and confirmed), or missed.")
            .labelNames("result")
            .register(registry);
    deadlines.initLabelValues("met");
    deadlines.initLabelValues("missed");
    repairs =
        Counter.builder()
            .name("heal_repairs_ended_total")
            .help("Repairs that have ended: repaired, gave_up, or void (called off, observed).")
            .labelNames("policy", "result")
            .register(registry);
    commands =
        Counter.builder()
            .name("heal_commands_total")
            .help("What operators said, and was done.")
            .labelNames("command")
            .register(registry);
  }

  private static Histogram.Builder histogram(String name, double[] bounds) {
    return Histogram.builder().name(name).classicOnly().classicUpperBounds(bounds);
  }

  @Override
  public void decided(long nanos) {
    factToDecision.observe(nanos / NANOS);
  }

  @Override
  public void committed(long nanos, boolean written) {
    commit.observe(nanos / NANOS);
    if (!written) {
      commitFailures.inc();
    }
  }

  @Override
  public void started(Order order, long nanos) {
    decisionToStart.observe(nanos / NANOS);
  }

  @Override
  public void ended(Order order, Outcome.Kind kind, long nanos) {
    decisionToDone.labelValues(order.act().verb()).observe(nanos / NANOS);
    orders
        .labelValues(
            order.act().verb(),
            order.purpose().name().toLowerCase(Locale.ROOT),
            kind.name().toLowerCase(Locale.ROOT))
        .inc();
  }

  /** An entry was decided; always on the same thread. */
  void entry(Entry entry) {
    switch (entry.type()) {
      case FAULT_RAISED -> entry.instance().ifPresent(i -> raised.labelValues(i.fault()).inc());
      case COMMANDED -> entry.verb().ifPresent(verb -> commands.labelValues(verb).inc());
      case DEADLINE_MISSED -> {
        deadlines.labelValues("missed").inc();
        repair(entry, missed::add);
      }
      case GAVE_UP -> repair(entry, gaveUp::add);
      case ENDED -> repair(entry, repair -> ended(entry, repair));
      case FAULT_CLEARED,
          FAULT_REPEATED,
          DECISION,
          SUPPRESSED,
          HELD,
          PASSED_OVER,
          ACTION_STARTED,
          ACTION_DONE,
          ACTION_FAILED,
          CONFIRMED,
          RUNG_FAILED,
          REVERTED,
          EXPIRED,
          BREAKER_TRIPPED,
          RELOADED,
          RELOAD_FAILED,
          TUNED,
          TRIAL_OVER -> {}
    }
  }

  private interface Doing {
    Object with(Repair repair);
  }

  private static void repair(Entry entry, Doing doing) {
    if (entry.instance().isPresent() && entry.policy().isPresent()) {
      Object unused = doing.with(new Repair(entry.instance().get(), entry.policy().get()));
    }
  }

  private boolean ended(Entry entry, Repair repair) {
    boolean late = missed.remove(repair);
    boolean hopeless = gaveUp.remove(repair);
    boolean repaired = entry.because().equals(Entry.LAST_STEP_CONFIRMED);
    if (repaired && !late && entry.deadline().orElse(Times.NEVER) != Times.NEVER) {
      deadlines.labelValues("met").inc();
    }
    String result = repaired ? "repaired" : hopeless ? "gave_up" : "void";
    repairs.labelValues(repair.policy(), result).inc();
    return repaired;
  }
}
