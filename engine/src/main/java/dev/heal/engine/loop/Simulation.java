package dev.heal.engine.loop;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.TestCase;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.FactStage;
import dev.heal.engine.fact.Topology;
import dev.heal.engine.record.Entry;
import dev.heal.engine.schedule.Deviations;
import dev.heal.engine.schedule.Past;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The whole pipeline on virtual time: an action takes its {@code takes} and succeeds unless it is
 * told to fail; what the facts do not speak of is assumed. The same facts give the same entries.
 */
public final class Simulation implements AutoCloseable {
  private final Pipeline pipeline;
  private final ModelledHands hands;

  /**
   * Begins a run.
   *
   * @param topology the machines; further ones are discovered from the facts
   * @param startAt nanoseconds since the epoch, not after the first fact
   * @param failing what fails when it is ordered
   * @param sink is told every entry, in order
   */
  public Simulation(
      CheckedPolicy policies,
      Topology topology,
      long startAt,
      List<TestCase.Target> failing,
      Consumer<Entry> sink) {
    this(new FactStage(policies, topology, startAt), failing, sink);
  }

  /** Begins a run at the time of the stage. */
  Simulation(FactStage facts, List<TestCase.Target> failing, Consumer<Entry> sink) {
    hands = new ModelledHands(failing);
    pipeline = new Pipeline(facts, hands, true, Past.NONE, sink);
  }

  /** Goes on where another one stood. */
  Simulation(Checkpoint before, List<TestCase.Target> failing, Consumer<Entry> sink) {
    hands = new ModelledHands(failing);
    pipeline = new Pipeline(before, hands, true, sink);
  }

  /** All that is known now; empty while something is under way. */
  Optional<Checkpoint> checkpoint() {
    return hands.areIdle() ? pipeline.checkpoint() : Optional.empty();
  }

  /** As {@link Pipeline#prepare}. */
  Preparation prepare(GenerationId generation, long at) {
    return pipeline.prepare(generation, Deviations.NONE, at);
  }

  /** As {@link Pipeline#swap}. */
  void swap(Preparation prepared, long at) {
    pipeline.swap(prepared, new Pipeline.Leaving(true, false), at).before().close();
  }

  FactStage facts() {
    return pipeline.facts();
  }

  /** As {@link Pipeline#rebuildRules}. */
  void rebuildRules() {
    pipeline.rebuildRules();
  }

  /** Takes a fact; timers due before it run first. A late fact is applied now. */
  public void accept(Fact fact) {
    pipeline.accept(fact);
  }

  /** Runs every timer due up to {@code end}, each at its own time. */
  public void runTo(long end) {
    pipeline.runTo(end);
  }

  /**
   * The facts have ended: repairs run on, up to {@code end}, but the silence behind the last fact
   * is the end of the recording and no fault.
   */
  public void finish(long end) {
    pipeline.finish(end);
  }

  /** When the next timer is due; {@code Times.NEVER} for none: all is at rest. */
  public long nextAt() {
    return pipeline.nextAt();
  }

  @Override
  public void close() {
    pipeline.close();
  }
}
