package dev.heal.engine.source.child;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.engine.source.posix.ProcessTable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Children with a queue that takes their events, and a ledger in memory. */
final class Watched implements Children.Ledger {
  static final Duration LONG = Duration.ofSeconds(30);

  private final BlockingQueue<ChildEvent> events = new LinkedBlockingQueue<>();
  final List<String> ledger = new ArrayList<>();
  final Children children = new Children("test", this, events::add);

  @Override
  public synchronized void started(String child, ProcessId process) throws IOException {
    if (child.equals("unrecorded")) {
      throw new IOException("no space left on device");
    }
    ledger.add("started " + child);
  }

  @Override
  public synchronized void gone(String child, ProcessId process) {
    ledger.add("gone " + child);
    notifyAll();
  }

  synchronized void awaitGone(String child) throws InterruptedException {
    for (int i = 0; i < 100 && !ledger.contains("gone " + child); i++) {
      wait(300);
    }
    assertThat(ledger).contains("gone " + child);
  }

  static ChildSpec shell(String name, String script) {
    return new ChildSpec(
        name, List.of("sh", "-c", script), Map.of("PATH", "/usr/bin:/bin"), Optional.empty());
  }

  /** Starts it and waits until nothing more will come of it. */
  List<ChildEvent> run(String script) throws InterruptedException {
    start(shell("child", script));
    List<ChildEvent> seen = until(ChildEvent.Exited.class::isInstance);
    StopResult unused = children.stop("child", LONG);
    events.drainTo(seen);
    return seen;
  }

  ProcessId start(ChildSpec spec) {
    return running(children.start(spec));
  }

  static ProcessId running(StartResult result) {
    assertThat(result).isInstanceOf(StartResult.Running.class);
    return ((StartResult.Running) result).process();
  }

  /** What comes up to the event that is waited for. */
  List<ChildEvent> until(Predicate<ChildEvent> last) throws InterruptedException {
    List<ChildEvent> seen = new ArrayList<>();
    while (true) {
      ChildEvent event = events.poll(LONG.toSeconds(), TimeUnit.SECONDS);
      assertThat(event).as("an event after %s", seen).isNotNull();
      seen.add(event);
      if (last.test(event)) {
        return seen;
      }
    }
  }

  static Predicate<ChildEvent> line(String text) {
    return event -> event instanceof ChildEvent.Line line && line.text().equals(text);
  }

  static List<String> lines(List<ChildEvent> events) {
    return events.stream()
        .filter(ChildEvent.Line.class::isInstance)
        .map(ChildEvent.Line.class::cast)
        .map(line -> line.output() + " " + line.text())
        .toList();
  }

  static ChildEvent.Exited exit(List<ChildEvent> events) {
    return events.stream()
        .filter(ChildEvent.Exited.class::isInstance)
        .map(ChildEvent.Exited.class::cast)
        .findFirst()
        .orElseThrow();
  }

  static List<ProcessTable.Entry> group(ProcessId leader) throws IOException {
    return ProcessTable.all().stream().filter(entry -> entry.group() == leader.pid()).toList();
  }
}
