package dev.heal.engine.source.command;

import dev.heal.engine.source.child.ChildEvent;
import dev.heal.engine.source.child.ChildSpec;
import dev.heal.engine.source.child.Children;
import dev.heal.engine.source.child.Ending;
import dev.heal.engine.source.child.ProcessId;
import dev.heal.engine.source.child.StopResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs commands that end by themselves, each in a process group of its own. */
public final class Commands {
  private static final int SHOWN = 200;
  private static final int MOST_LINES = 8;

  /**
   * What came of a run.
   *
   * @param failure why it is none that ended with 0, with the last line that it said; empty where
   *     it did
   * @param out the first 8 lines of its stdout
   */
  public record Ran(Optional<String> failure, List<String> out) {
    public Ran {
      out = List.copyOf(out);
    }
  }

  private static final class Run {
    private final CompletableFuture<Ending> end = new CompletableFuture<>();
    private final List<String> out = new ArrayList<>();
    private Optional<String> last = Optional.empty();

    synchronized boolean said(ChildEvent.Line line) {
      last = Optional.of(line.text().substring(0, Math.min(SHOWN, line.text().length())));
      if (line.output() == ChildEvent.Output.STDOUT && out.size() < MOST_LINES) {
        out.add(line.text());
      }
      return true;
    }

    synchronized Ran ended(Ending ending) {
      String how =
          ending.match(
              code -> code == 0 ? "" : "exit code " + code,
              signal -> "ended by " + signal.name(),
              () -> "nobody knows how it ended");
      return how.isEmpty()
          ? new Ran(Optional.empty(), out)
          : failed(last.map(line -> how + ": " + line).orElse(how));
    }
  }

  private final Map<String, Run> running = new ConcurrentHashMap<>();
  private final Children children;

  /**
   * @param owner tells its commands from those of others on the same host
   */
  public Commands(String owner) {
    this.children = new Children(owner, new NoLedger(), this::heard);
  }

  /** A command that the engine leaves behind when it dies ends by itself. */
  private static final class NoLedger implements Children.Ledger {
    @Override
    public void started(String child, ProcessId process) {}

    @Override
    public void gone(String child, ProcessId process) {}
  }

  /**
   * Runs it to its end, or until the time is over: then its process group is killed.
   *
   * @param name one runs at a time under a name
   * @throws InterruptedException where this thread is; its process group is killed, too
   */
  public Ran run(String name, ChildSpec spec, Duration timeout) throws InterruptedException {
    Run run = new Run();
    running.put(name, run);
    Optional<Ran> failed =
        children
            .start(new ChildSpec(name, spec.argv(), spec.environment(), spec.directory()))
            .match(
                started -> Optional.empty(),
                failure -> Optional.of(failed(failure.message())),
                busy -> Optional.of(failed("the run before it has not ended")));
    if (failed.isPresent()) {
      return failed.get();
    }
    try {
      Ending ending = run.end.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      stop(name); // waits for its last lines
      return run.ended(ending);
    } catch (TimeoutException e) {
      stop(name);
      return failed("no answer in " + timeout.toMillis() + " ms");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      children.stop(name, Duration.ZERO);
      throw e;
    } finally {
      running.remove(name);
    }
  }

  private static Ran failed(String why) {
    return new Ran(Optional.of(why), List.of());
  }

  private void stop(String name) throws InterruptedException {
    StopResult unused = children.stop(name, Duration.ZERO);
  }

  private void heard(ChildEvent event) {
    Optional<Run> run = Optional.ofNullable(running.get(event.child()));
    event.match(
        started -> Optional.empty(),
        exited -> run.map(one -> one.end.complete(exited.ending())),
        line -> run.map(one -> one.said(line)));
  }
}
