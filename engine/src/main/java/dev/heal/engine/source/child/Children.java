package dev.heal.engine.source.child;

import dev.heal.engine.source.posix.ProcessTable;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The supervised children of the engine: the door of this package. Each runs in a process group of
 * its own, which is stopped as a whole; what is left of a group when its leader ends is killed. May
 * be used from many threads; one operation at a time runs on a child, a second is told that it is
 * busy. Nothing is restarted unless asked.
 *
 * <p>A child outlives the engine: its outputs are pipes that it can go on writing to, up to 1 MiB,
 * until the next engine {@link #adopt}s it and reads on where the former one was.
 */
public final class Children {
  /**
   * The variable in the environment of every child: {@code OWNER:NAME}. By it {@link #strays} finds
   * what an engine started and could not record.
   */
  public static final String MARK = "HEAL_CHILD";

  /** After SIGKILL. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Where it is written, durably, which processes run: called before a start is reported. */
  public interface Ledger {
    /** It runs. Where this throws, the process is killed and the start has failed. */
    void started(String child, ProcessId process) throws IOException;

    /** Nothing of it is left. */
    void gone(String child, ProcessId process);
  }

  /**
   * Memory of a process group.
   *
   * @param bytes resident, summed over the processes: pages that they share count for each
   */
  public record Resident(ProcessId process, int processes, long bytes) {}

  private final Launcher launcher;
  private final String owner;
  private final Map<String, Group> groups = new ConcurrentHashMap<>();
  private final Map<String, String> underWay = new ConcurrentHashMap<>();

  /**
   * @param owner tells the children of this engine from those of another on the same host
   * @param ledger called on the thread that starts, and on the one that saw the end
   * @param events called on threads of the children; it must not wait
   */
  public Children(String owner, Ledger ledger, Consumer<ChildEvent> events) {
    this.owner = owner;
    this.launcher = new Launcher(owner, ledger, events);
  }

  /**
   * Starts a child. One whose exit was just seen may not be wholly gone: {@link #restart} waits for
   * that, this answers {@code Busy}.
   */
  public StartResult start(ChildSpec spec) {
    Optional<String> busy = begin(spec.name(), "a start");
    if (busy.isPresent()) {
      return new StartResult.Busy(busy.get());
    }
    try {
      return running(spec.name())
          .<StartResult>map(group -> new StartResult.Busy("runs already"))
          .orElseGet(() -> launch(spec));
    } finally {
      underWay.remove(spec.name());
    }
  }

  /**
   * Stops a child: SIGTERM to its group, SIGKILL after the grace period. Returns when nothing of
   * the group is left and all its lines were given, or 10 s after the SIGKILL.
   */
  public StopResult stop(String name, Duration grace) throws InterruptedException {
    Optional<String> busy = begin(name, "a stop");
    if (busy.isPresent()) {
      return new StopResult.Busy(busy.get());
    }
    try {
      Optional<Group> group = running(name);
      return group.isEmpty() ? new StopResult.NotRunning() : stop(group.get(), grace);
    } finally {
      underWay.remove(name);
    }
  }

  /** Stops a child if it runs, then starts it as said: the way to change its environment. */
  public StartResult restart(ChildSpec spec, Duration grace) throws InterruptedException {
    Optional<String> busy = begin(spec.name(), "a restart");
    if (busy.isPresent()) {
      return new StartResult.Busy(busy.get());
    }
    try {
      Optional<Group> group = running(spec.name());
      if (group.isEmpty()) {
        return launch(spec);
      }
      return stop(group.get(), grace)
          .match(
              gone -> launch(spec),
              alive ->
                  new StartResult.Failed(
                      StartResult.Reason.STILL_ALIVE,
                      "processes %s of its group do not die".formatted(alive.pids())),
              stopBusy -> new StartResult.Busy(stopBusy.message()),
              () -> launch(spec));
    } finally {
      underWay.remove(spec.name());
    }
  }

  /**
   * Watches a child that a former engine started and that still runs. How it ends cannot be known;
   * everything else is as with a child of this engine.
   *
   * @param spec what it was started with
   * @return {@code Running}; {@code Failed} with NOT_FOUND where that process is gone: then {@link
   *     #strays} may know of others of its group
   */
  public StartResult adopt(ChildSpec spec, ProcessId process) {
    Optional<String> busy = begin(spec.name(), "an adoption");
    if (busy.isPresent()) {
      return new StartResult.Busy(busy.get());
    }
    try {
      return running(spec.name())
          .<StartResult>map(group -> new StartResult.Busy("runs already"))
          .orElseGet(() -> launcher.adopt(spec, process, group -> groups.put(spec.name(), group)));
    } finally {
      underWay.remove(spec.name());
    }
  }

  /**
   * Processes that carry the mark of this child and belong to no group that is watched: of a start
   * that was not recorded, or those that left their group. Only processes whose environment the
   * engine may read.
   */
  public List<ProcessId> strays(String name) throws IOException {
    return Marks.find(owner, name, running().values().stream().map(ProcessId::pid).toList());
  }

  /** What runs now, by name. */
  public Map<String, ProcessId> running() {
    Map<String, ProcessId> running = new TreeMap<>();
    groups.forEach(
        (name, group) -> {
          if (!group.isOver()) {
            running.put(name, group.process());
          }
        });
    return running;
  }

  /** Memory of every child, in one look at the process table. */
  public Map<String, Resident> resident() throws IOException {
    Map<Integer, Resident> byGroup = new HashMap<>();
    Map<String, ProcessId> running = running();
    running.values().forEach(id -> byGroup.put(id.pid(), new Resident(id, 0, 0)));
    for (ProcessTable.Entry entry : ProcessTable.all()) {
      if (!entry.ended()) {
        byGroup.computeIfPresent(
            entry.group(),
            (pid, sum) ->
                new Resident(
                    sum.process(), sum.processes() + 1, sum.bytes() + entry.residentBytes()));
      }
    }
    Map<String, Resident> byName = new TreeMap<>();
    running.forEach(
        (name, id) ->
            Optional.ofNullable(byGroup.get(id.pid()))
                .filter(sum -> sum.processes() > 0)
                .ifPresent(sum -> byName.put(name, sum)));
    return byName;
  }

  private Optional<String> begin(String name, String what) {
    return Optional.ofNullable(underWay.putIfAbsent(name, what))
        .map(other -> other + " is under way");
  }

  private Optional<Group> running(String name) {
    return Optional.ofNullable(groups.get(name)).filter(group -> !group.isOver());
  }

  private StartResult launch(ChildSpec spec) {
    return launcher.launch(spec, group -> groups.put(spec.name(), group));
  }

  private StopResult stop(Group group, Duration grace) throws InterruptedException {
    return group.stop(grace.toNanos(), PATIENCE.toNanos());
  }
}
