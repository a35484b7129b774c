package dev.heal.engine.source.probe;

import dev.heal.engine.source.child.ChildEvent;
import dev.heal.engine.source.child.ChildSpec;
import dev.heal.engine.source.child.Children;
import dev.heal.engine.source.child.Ending;
import dev.heal.engine.source.child.ProcessId;
import dev.heal.engine.source.child.StopResult;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks by running a command. */
final class Commands {
  private static final int SHOWN = 200;

  private final Children children = new Children("probe", new NoLedger(), this::heard);
  private final Map<String, CompletableFuture<Ending>> running = new ConcurrentHashMap<>();
  private final Map<String, String> lastLines = new ConcurrentHashMap<>();

  /** A command that the engine leaves behind when it dies ends by itself. */
  private static final class NoLedger implements Children.Ledger {
    @Override
    public void started(String child, ProcessId process) {}

    @Override
    public void gone(String child, ProcessId process) {}
  }

  Answer run(String probe, ChildSpec spec, Duration timeout) throws InterruptedException {
    CompletableFuture<Ending> end = new CompletableFuture<>();
    running.put(probe, end);
    lastLines.remove(probe);
    Optional<Answer> failed =
        children
            .start(new ChildSpec(probe, spec.argv(), spec.environment(), spec.directory()))
            .match(
                started -> Optional.empty(),
                failure -> Optional.of(Answer.unhealthy(failure.message())),
                busy -> Optional.of(Answer.unhealthy("the run before it has not ended")));
    if (failed.isPresent()) {
      return failed.get();
    }
    try {
      Ending ending = end.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      stop(probe); // waits for its last lines
      return answer(probe, ending);
    } catch (TimeoutException e) {
      stop(probe);
      return Answer.unhealthy("no answer in " + timeout.toMillis() + " ms");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      children.stop(probe, Duration.ZERO);
      throw e;
    } finally {
      running.remove(probe);
    }
  }

  private void stop(String probe) throws InterruptedException {
    StopResult unused = children.stop(probe, Duration.ZERO);
  }

  private Answer answer(String probe, Ending ending) {
    String how =
        ending.match(
            code -> code == 0 ? "" : "exit code " + code,
            signal -> "ended by " + signal.name(),
            () -> "nobody knows how it ended");
    if (how.isEmpty()) {
      return Answer.HEALTHY;
    }
    return Answer.unhealthy(
        Optional.ofNullable(lastLines.get(probe)).map(line -> how + ": " + line).orElse(how));
  }

  private void heard(ChildEvent event) {
    event.match(
        started -> Optional.empty(),
        exited ->
            Optional.ofNullable(running.get(exited.child()))
                .map(end -> end.complete(exited.ending())),
        line ->
            Optional.ofNullable(
                lastLines.put(
                    line.child(),
                    line.text().substring(0, Math.min(SHOWN, line.text().length())))));
  }
}
