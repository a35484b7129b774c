package dev.heal.engine.fact.host;

import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One service: whether its process runs, how it ended, whether its health check answers well. It is
 * {@code healthy} where its process runs and its check, if it has one, was last heard to be well.
 * The check that the site declares decides; where it declares none, its keeper's, if that has one.
 * For one thread.
 */
public final class ServiceFacts {

  private final EntityId service;
  private final boolean checked;
  private boolean known = true;
  private boolean running;
  private boolean keeperChecks;
  private Optional<Boolean> ok = Optional.empty();

  /**
   * @param checked whether it has a health check
   */
  public ServiceFacts(EntityId service, boolean checked) {
    this.service = service;
    this.checked = checked;
  }

  /** Nobody knows whether its process runs: nothing is said until somebody does. */
  public void unknown() {
    known = false;
    running = false;
    ok = Optional.empty();
  }

  /** Its process does not run, and nobody has seen it end. */
  public List<Fact> notRunning(long at) {
    known = true;
    running = false;
    ok = Optional.empty();
    return state(at);
  }

  /** Its process runs. */
  public List<Fact> started(long at) {
    known = true;
    running = true;
    ok = Optional.empty(); // of the process before it
    return state(at);
  }

  /** Its process returned, with a code. */
  public List<Fact> exited(int code, long at) {
    return ended(Map.of("exit_code", Integer.toString(code)), at);
  }

  /**
   * A signal ended its process.
   *
   * @param signal {@code SIGSEGV}
   */
  public List<Fact> killed(String signal, long at) {
    return ended(Map.of("exit_signal", signal), at);
  }

  /** Its process ended, and nobody could see how. */
  public List<Fact> gone(long at) {
    return ended(Map.of(), at);
  }

  /** Its process ended; the fields say how. */
  List<Fact> ended(Map<String, String> fields, long at) {
    known = true;
    running = false;
    ok = Optional.empty();
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact.Event(at, service, "exit", fields));
    facts.addAll(state(at));
    return facts;
  }

  /** Its health check came back. */
  public List<Fact> checked(boolean well, long latencyNanos, long at) {
    ok = Optional.of(well);
    List<Fact> facts = new ArrayList<>();
    facts.add(flag(at, "health.ok", well));
    facts.add(new Fact.Sample(at, service, "health.latency", latencyNanos / 1e9));
    healthy(at).ifPresent(facts::add);
    return facts;
  }

  /**
   * What its keeper's own health check says; nothing where the site declares one.
   *
   * @param checks whether there is such a check
   * @param well empty where it has not come to an end yet
   */
  List<Fact> keeperSays(boolean checks, Optional<Boolean> well, long at) {
    if (checked) {
      return List.of();
    }
    keeperChecks = checks;
    ok = well;
    return known && running && well.isPresent()
        ? List.of(flag(at, "health.ok", well.get()))
        : List.of();
  }

  /** What is the case still: said again and again, for silence would mean that nobody knows. */
  public List<Fact> state(long at) {
    List<Fact> facts = new ArrayList<>();
    if (!known) {
      return facts;
    }
    facts.add(flag(at, "process.running", running));
    healthy(at).ifPresent(facts::add);
    return facts;
  }

  /** Resident memory of its processes. */
  public Fact resident(long bytes, long at) {
    return new Fact.Sample(at, service, "process.rss", bytes);
  }

  /** A line that it wrote. */
  public Fact line(String text, long at) {
    return new Fact.Event(at, service, "log", Map.of("line", text));
  }

  /** Nothing is said while it runs and was not checked yet, or while nobody knows. */
  private Optional<Fact> healthy(long at) {
    if (!known) {
      return Optional.empty();
    }
    if (!running || !(checked || keeperChecks)) {
      return Optional.of(flag(at, "healthy", running));
    }
    return ok.map(well -> flag(at, "healthy", well));
  }

  private Fact flag(long at, String signal, boolean on) {
    return new Fact.Sample(at, service, signal, on ? 1 : 0);
  }
}
