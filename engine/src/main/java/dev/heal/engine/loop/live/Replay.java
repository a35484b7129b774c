package dev.heal.engine.loop.live;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.engine.fact.Topology;
import dev.heal.engine.journal.recording.Recorded;
import dev.heal.engine.loop.Checkpoint;
import dev.heal.engine.loop.CommandInterpreter;
import dev.heal.engine.loop.Engine;
import dev.heal.engine.loop.GenerationId;
import dev.heal.engine.record.Entry;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Gives recorded inputs to an engine as the loop gave them, and so comes to the same decisions:
 * outcomes are those that were, nothing is carried out. For one thread.
 */
public final class Replay implements AutoCloseable {
  private final Function<Recorded.Beginning, CheckedPolicy> policies;
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
    this(beginning -> policies, commands, sink);
  }

  /**
   * The same, where not all begins with the same policies.
   *
   * @param policies those that were in force at a beginning, with what was otherwise for a time
   */
  public Replay(
      Function<Recorded.Beginning, CheckedPolicy> policies,
      CommandInterpreter commands,
      Consumer<Entry> sink) {
    this.policies = policies;
    this.commands = commands;
    this.sink = sink;
  }

  /**
   * Takes the next input. A checkpoint begins where nothing else has; where an engine goes on, it
   * knows all of that.
   *
   * @throws IOException where a checkpoint cannot be read
   */
  public void take(Recorded input) throws IOException {
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
    } else if (input instanceof Recorded.Checkpoint checkpoint) {
      CheckedPolicy began = policies.apply(checkpoint);
      Checkpoint read = Checkpoint.parse(checkpoint.state().get(), began);
      engine =
          Optional.of(
              new Engine(new GenerationId(checkpoint.generation(), checkpoint.policies()), read));
    } else {
      without++;
      return;
    }
    engine.orElseThrow().take().entries().forEach(sink);
  }

  /** Whether something has begun and goes on. */
  public boolean isRunning() {
    return engine.isPresent();
  }

  /** Inputs before the first beginning: what led to them is no longer in the recording. */
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
