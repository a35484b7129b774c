package dev.heal.engine.actuate.restart;

import dev.heal.engine.schedule.Outcome;
import dev.heal.engine.schedule.Outcome.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One restart of one service, step by step. It may be interrupted between steps: before the stop
 * nothing has changed then, after it what became of the service is unknown.
 */
public final class ServiceRestart {
  private static final String START = "HEAL_START";
  private static final String SNAPSHOT = "HEAL_SNAPSHOT";

  /** What the service begins with. */
  public enum From {
    /** As the site says. */
    DECLARED,
    /** With nothing of what it knew. */
    FRESH,
    SNAPSHOT
  }

  private final Runner runner;
  private final Surroundings around;
  private final Optional<Health> health;
  private final GpuCheck gpus;
  private final List<String> said = new ArrayList<>();
  private final List<String> unbound = new ArrayList<>();
  private boolean held;
  private boolean stopped;
  private String snapshot = "none";

  /**
   * @param gpus of the service; empty where it declares none
   */
  public ServiceRestart(
      Runner runner, Surroundings around, Optional<Health> health, Optional<Holders> gpus) {
    this.runner = runner;
    this.around = around;
    this.health = health;
    this.gpus = new GpuCheck(runner, gpus);
  }

  /**
   * Goes the whole way.
   *
   * @param healthyWithin how long it may take from its start to its first healthy answer
   */
  public Outcome run(From from, Duration healthyWithin) throws InterruptedException {
    try {
      return steps(from, healthyWithin);
    } catch (InterruptedException stop) {
      if (stopped) {
        return new Outcome(
            Kind.UNKNOWN, words("it was interrupted when the service had been stopped"));
      }
      Optional<Outcome> unused = letIn();
      return new Outcome(Kind.FAILED, words("it was interrupted before the service was stopped"));
    }
  }

  private Outcome steps(From from, Duration healthyWithin) throws InterruptedException {
    Optional<Outcome> refused = look();
    if (refused.isPresent()) {
      return refused.get();
    }
    hold();
    snapshot(from);
    between();
    stopped = true;
    Outcome stop = runner.stop();
    said.add(stop.because());
    if (stop.kind() != Kind.DONE) {
      return new Outcome(stop.kind(), words("not started again"));
    }
    Optional<String> inTheWay = gpus.clear(said);
    if (inTheWay.isPresent()) {
      return new Outcome(Kind.FAILED, words(inTheWay.get() + ": not started again"));
    }
    between();
    Optional<Outcome> pending = takeBack();
    Outcome start = runner.start(told(from));
    said.add(start.because());
    if (start.kind() != Kind.DONE) {
      return new Outcome(start.kind(), words(""));
    }
    Optional<Outcome> sick = awaitHealth(healthyWithin);
    if (sick.isPresent()) {
      return sick.get();
    }
    between();
    Optional<Outcome> back = requeue();
    Optional<Outcome> shut = letIn();
    return pending
        .or(() -> back)
        .or(() -> shut)
        .map(missed -> new Outcome(missed.kind(), words("")))
        .orElseGet(() -> new Outcome(Kind.DONE, words("")));
  }

  /** What can be known before anything is touched. */
  private Optional<Outcome> look() throws InterruptedException {
    if (around.backlog().isPresent()) {
      Outcome reachable = around.backlog().get().look();
      if (reachable.kind() != Kind.DONE) {
        return Optional.of(
            new Outcome(reachable.kind(), reachable.because() + "; nothing was touched"));
      }
    } else if (around.requeue().isEmpty()) {
      unbound.add("queue");
    }
    return gpus.strangers(said)
        .map(names -> new Outcome(Kind.REFUSED, names + ": nothing was touched"));
  }

  private void hold() throws InterruptedException {
    if (around.hold().isEmpty()) {
      unbound.add("hold");
      return;
    }
    between();
    held = true; // perhaps also where the answer says no
    hook(around.hold().get(), "new requests are held");
  }

  private void snapshot(From from) throws InterruptedException {
    if (from == From.FRESH) {
      return;
    }
    if (around.snapshot().isEmpty()) {
      unbound.add("snapshot");
      return;
    }
    between();
    Optional<String> sick = health.isPresent() ? health.get().ask() : Optional.empty();
    if (sick.isPresent()) {
      said.add("no snapshot: it is not healthy (%s), its last one stands".formatted(sick.get()));
      snapshot = "last";
      return;
    }
    snapshot = hook(around.snapshot().get(), "snapshot taken") ? "now" : "last";
  }

  /** Whether it was done; a hook that fails holds nothing up. */
  private boolean hook(Hook hook, String done) throws InterruptedException {
    return failure(hook, done).isEmpty();
  }

  private Optional<Outcome> failure(Hook hook, String done) throws InterruptedException {
    Outcome outcome = hook.run();
    boolean well = outcome.kind() == Kind.DONE;
    said.add(well ? done : "`%s` failed: %s".formatted(hook.name(), outcome.because()));
    return well ? Optional.empty() : Optional.of(outcome);
  }

  private Map<String, String> told(From from) {
    Map<String, String> told = new TreeMap<>();
    if (from != From.DECLARED && runner.canBeTold()) {
      told.put(START, from.name().toLowerCase(java.util.Locale.ROOT));
    } else if (from != From.DECLARED) {
      said.add(
          "nobody can tell a container to start %s"
              .formatted(from == From.FRESH ? "fresh" : "from a snapshot"));
    }
    if (runner.canBeTold() && from == From.SNAPSHOT) {
      told.put(SNAPSHOT, snapshot);
    }
    return told;
  }

  /** A service that is down is worse than a queue that is behind: it is started all the same. */
  private Optional<Outcome> takeBack() throws InterruptedException {
    if (around.backlog().isEmpty()) {
      return Optional.empty();
    }
    Outcome taken = around.backlog().get().takeBack();
    said.add(taken.because());
    return taken.kind() == Kind.DONE ? Optional.empty() : Optional.of(taken);
  }

  private Optional<Outcome> awaitHealth(Duration within) throws InterruptedException {
    if (health.isEmpty()) {
      unbound.add("health");
      return Optional.empty();
    }
    Optional<String> sick = health.get().await(within);
    if (sick.isEmpty()) {
      said.add("healthy");
      return Optional.empty();
    }
    return Optional.of(
        new Outcome(
            Kind.FAILED,
            words(
                "not healthy within %s: %s%s"
                    .formatted(
                        Hook.seconds(within),
                        sick.get(),
                        held ? "; new requests are still held" : ""))));
  }

  private Optional<Outcome> requeue() throws InterruptedException {
    return around.requeue().isEmpty()
        ? Optional.empty()
        : failure(around.requeue().get(), "pending requests handed back");
  }

  private Optional<Outcome> letIn() throws InterruptedException {
    return held && around.resume().isPresent()
        ? failure(around.resume().get(), "new requests are let in")
        : Optional.empty();
  }

  private static void between() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("between two steps of a restart");
    }
  }

  private String words(String last) {
    List<String> words = new ArrayList<>(said);
    words.add(last);
    if (!unbound.isEmpty()) {
      words.add("not bound: " + String.join(", ", unbound));
    }
    words.removeIf(String::isEmpty);
    return String.join("; ", words);
  }
}
