package dev.heal.engine.loop;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.engine.decide.Halt;
import dev.heal.engine.decide.Times;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.FactStage;
import dev.heal.engine.fact.Topology;
import dev.heal.engine.record.Entry;
import dev.heal.engine.schedule.Answer;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import dev.heal.engine.schedule.Past;
import dev.heal.engine.schedule.Stood;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The live pipeline, without clock, threads or hands: inputs go in with their stamps, in order;
 * entries and orders come out, to be made durable and then carried out. The same inputs with the
 * same stamps give the same entries and orders: recovery and replay are nothing but that. For one
 * thread.
 */
public final class Engine implements AutoCloseable {
  private final Map<Long, EngineView.OpenOrder> open = new LinkedHashMap<>();
  private final List<Entry> entries = new ArrayList<>();
  private final List<Order> orders = new ArrayList<>();
  private final Pipeline pipeline;
  private final OperatorCommands commands;

  /** What came of the inputs since it was last taken. */
  public record Step(List<Entry> entries, List<Order> orders) {
    public Step {
      entries = List.copyOf(entries);
      orders = List.copyOf(orders);
    }

    public boolean isEmpty() {
      return entries.isEmpty() && orders.isEmpty();
    }
  }

  /** Real hands tell the loop when they have ended. */
  private final class LiveHands implements Hands {
    @Override
    public void take(Order order, long now) {
      open.put(order.id(), new EngineView.OpenOrder(order, now));
      orders.add(order);
    }

    @Override
    public List<Ended> ended(long now) {
      return List.of();
    }

    @Override
    public long nextAt() {
      return Times.NEVER;
    }
  }

  /**
   * Begins at a time.
   *
   * @param startAt nanoseconds since the epoch; no input is earlier
   * @param past what the engine before left
   */
  public Engine(CheckedPolicy policies, Topology topology, long startAt, Past past) {
    this.pipeline =
        new Pipeline(
            policies,
            topology,
            new FactStage(policies, topology, startAt),
            new LiveHands(),
            false,
            past,
            entries::add);
    this.commands = new OperatorCommands(pipeline);
  }

  /** Takes a fact, whose time is its stamp. */
  public void accept(Fact fact) {
    pipeline.accept(fact);
  }

  /** What became of an order. One that is not open any longer changes nothing. */
  public void ended(long order, Outcome outcome, long at) {
    Optional.ofNullable(open.remove(order))
        .ifPresent(taken -> pipeline.ended(taken.order(), outcome, at));
  }

  /** Runs every timer due up to {@code now}, each at its own time. */
  public void runTo(long now) {
    pipeline.runTo(now);
  }

  /** When the next timer is due; {@code Times.NEVER} for none. */
  public long nextAt() {
    return pipeline.nextAt();
  }

  /**
   * Does what an operator says; the words are all that a recording needs to have it done again.
   *
   * @param words as {@link OperatorCommands} knows them
   */
  public Answer command(List<String> words, long at) {
    return commands.take(words, at);
  }

  /** What keeps the hands still; the same list as long as nothing changes. */
  public List<Halt> halts() {
    return pipeline.halts();
  }

  /** Faults that stand and how far their repairs have come: what the next engine goes on with. */
  public List<Stood> stood() {
    return pipeline.stood();
  }

  /** The number of the last ladder that was ever opened. */
  public long lastLadder() {
    return pipeline.lastLadder();
  }

  /** How all of it stands at {@code now}, not before the last input. */
  public EngineView view(long now) {
    return pipeline.view(List.copyOf(open.values()), now);
  }

  /** An order that has not ended. */
  public Optional<EngineView.OpenOrder> order(long id) {
    return Optional.ofNullable(open.get(id));
  }

  /** How many orders have not ended. */
  public int open() {
    return open.size();
  }

  /** Takes away what came of the inputs. */
  public Step take() {
    Step step = new Step(entries, orders);
    entries.clear();
    orders.clear();
    return step;
  }

  @Override
  public void close() {
    pipeline.close();
  }
}
