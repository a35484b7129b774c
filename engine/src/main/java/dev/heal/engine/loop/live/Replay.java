package dev.heal.engine.loop.live;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.engine.fact.Topology;
import dev.heal.engine.journal.recording.Recorded;
import dev.heal.engine.loop.CommandInterpreter;
import dev.heal.engine.loop.Engine;
import dev.heal.engine.loop.GenerationId;
import dev.heal.engine.record.Entry;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Gives recorded inputs to an engine as the loop gave them, and so comes to the same decisions:
 * outcomes are those that were, nothing is carried out. For one thread.
 */
public final class Replay implements AutoCloseable {
  private final Function<Recorded.Started, CheckedPolicy> policies;
  private final CommandInterpreter commands;
  private final Consumer<Entry> sink;
  private Optional<Engine> engine = Optional.empty();
  private long without;

  /**
   * Begins before the first input.
   *
   * @param policies those that were in force
   * @param sink is told every entry, in order
   */
  public Replay(CheckedPolicy policies, CommandInterpreter commands, Consumer<Entry> sink) {
    this(started -> policies, commands, sink);
  }

  /**
   * The same, where engines began with different policies.
   *
   * @param policies those that were in force at a start, with what was otherwise for a time
   */
  public Replay(
      Function<Recorded.Started, CheckedPolicy> policies,
      CommandInterpreter commands,
      Consumer<Entry> sink) {
    this.policies = policies;
    this.commands = commands;
    this.sink = sink;
  }

  /** Takes the next input. */
  public void take(Recorded input) {
    if (input instanceof Recorded.Started started) {
      close();
      CheckedPolicy began = policies.apply(started);
      engine =
          Optional.of(
              new Engine(
                  began,
                  new GenerationId(1, started.policies()),
                  new Topology(began.site()),
                  started.stamp(),
                  started.past()));
    } else if (engine.isPresent()) {
      apply(engine.get(), input);
    } else {
      without++;
      return;
    }
    engine.orElseThrow().take().entries().forEach(sink);
  }

  /** Inputs before the first start: what led to them is no longer in the recording. */
  public long without() {
    return without;
  }

  private void apply(Engine running, Recorded input) {
    if (input instanceof Recorded.Heard heard) {
      running.accept(heard.fact());
    } else if (input instanceof Recorded.Ended ended) {
      running.ended(ended.orderId(), ended.outcome(), ended.stamp());
    } else if (input instanceof Recorded.Commanded commanded) {
      if (commanded.words().equals(LiveLoop.TIME)) {
        running.runTo(commanded.stamp());
      } else {
        var unused = commands.run(running, commanded.words(), commanded.stamp());
      }
    }
  }

  @Override
  public void close() {
    engine.ifPresent(Engine::close);
    engine = Optional.empty();
  }
}
