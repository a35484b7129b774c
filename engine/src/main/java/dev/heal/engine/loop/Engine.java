package dev.heal.engine.loop;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.engine.decide.Halt;
import dev.heal.engine.decide.Times;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.FactChange.FaultState;
import dev.heal.engine.fact.FactStage;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.fact.Topology;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import dev.heal.engine.schedule.Answer;
import dev.heal.engine.schedule.CheckRun;
import dev.heal.engine.schedule.Deviations;
import dev.heal.engine.schedule.Interim;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import dev.heal.engine.schedule.Past;
import dev.heal.engine.schedule.Stood;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
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
  private final List<CheckRun> checks = new ArrayList<>();
  private final Pipeline pipeline;
  private final OperatorCommands commands;
  private GenerationId generation;
  private Optional<Preparation> preparation = Optional.empty();

  /**
   * What came of the inputs since it was last taken.
   *
   * @param checks of the site, to be run for confirmations; what comes of them are facts
   */
  public record Step(List<Entry> entries, List<Order> orders, List<CheckRun> checks) {
    public Step {
      entries = List.copyOf(entries);
      orders = List.copyOf(orders);
      checks = List.copyOf(checks);
    }

    public boolean isEmpty() {
      return entries.isEmpty() && orders.isEmpty() && checks.isEmpty();
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
    public void check(CheckRun run) {
      checks.add(run);
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
    this(policies, GenerationId.FIRST, topology, startAt, past);
  }

  /** The same, with policies of which more is known. */
  public Engine(
      CheckedPolicy policies, GenerationId generation, Topology topology, long startAt, Past past) {
    this.generation = generation;
    this.pipeline =
        new Pipeline(
            new FactStage(policies, topology, startAt), new LiveHands(), false, past, entries::add);
    this.commands = new OperatorCommands(pipeline);
  }

  /** Goes on where another one stood, with the same policies. */
  public Engine(GenerationId generation, Checkpoint before) {
    this.generation = generation;
    this.pipeline = new Pipeline(before, new LiveHands(), false, entries::add);
    this.commands = new OperatorCommands(pipeline);
  }

  /**
   * All that it knows between two inputs, what came of the last being taken; empty while a repair,
   * an order or a change of policies is under way.
   */
  public Optional<Checkpoint> checkpoint() {
    boolean isTaken = entries.isEmpty() && orders.isEmpty() && checks.isEmpty();
    return isTaken && open.isEmpty() && preparation.isEmpty()
        ? pipeline.checkpoint()
        : Optional.empty();
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

  /** The nodes whose cordon is ours now. */
  public NavigableSet<EntityId> cordons() {
    return pipeline.cordons();
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

  /** The policies in force. */
  public CheckedPolicy policies() {
    return pipeline.policies();
  }

  /** How a fault instance stands, by the policies in force; clear where they know none. */
  public FaultState state(FaultInstance instance) {
    return pipeline.facts().beliefs().state(instance);
  }

  /** What the policies in force are called. */
  public GenerationId generation() {
    return generation;
  }

  /**
   * Begins to prepare other policies, an input: what is remembered at this moment is what they go
   * on from. One that was being prepared is given up.
   */
  public Preparation prepare(GenerationId next, long at) {
    return prepare(next, Deviations.NONE, at);
  }

  /** The same, with policies of which something is otherwise than their files say. */
  public Preparation prepare(GenerationId next, Deviations deviations, long at) {
    abandon();
    Preparation begun = pipeline.prepare(next, deviations, at);
    preparation = Optional.of(begun);
    return begun;
  }

  /** What of the policies in force is otherwise than their files say, for a time. */
  public Interim interim() {
    return pipeline.appointments().interim();
  }

  /** How often a policy on trial would have begun a repair since its trial began. */
  public int wouldHaveActed(String policy) {
    return pipeline.appointments().wouldHaveActed(policy);
  }

  /** What is being prepared. */
  public Optional<Preparation> preparation() {
    return preparation;
  }

  /** What is being prepared is not to come into force. */
  public void abandon() {
    preparation.ifPresent(Preparation::abandon);
    preparation = Optional.empty();
  }

  /**
   * What a swap has brought.
   *
   * @param cleared instances that ended with their fault
   * @param raised instances that the next policies raise
   * @param forget frees what is in force no longer; off the loop, there is time
   */
  public record Swapped(int cleared, int raised, Runnable forget) {}

  /**
   * Puts the policies in force that were prepared, an input. Everything that came before the stamp
   * was decided by the ones before, everything behind it is decided by these.
   *
   * @throws IllegalStateException where none are built
   */
  public Swapped swap(long at) {
    return swap(false, at);
  }

  /**
   * The same.
   *
   * @param callOff whether the repairs that the policies in force have begun stop before their next
   *     step
   */
  public Swapped swap(boolean callOff, long at) {
    Preparation next =
        preparation.orElseThrow(() -> new IllegalStateException("none are prepared"));
    String digest = next.generation().digest();
    boolean others = digest.isEmpty() || !digest.equals(generation.digest());
    Pipeline.Handed handed = pipeline.swap(next, new Pipeline.Leaving(others, callOff), at);
    generation = next.generation();
    preparation = Optional.empty();
    return new Swapped(handed.cleared(), handed.raised(), handed.before()::close);
  }

  /** Other policies were refused, or their preparation failed: an entry says so. */
  public void refused(String because, long at) {
    abandon();
    pipeline.note(EntryType.RELOAD_FAILED, because, at);
  }

  /** A tune was set, or its time was ended: an entry says so. */
  public void tuned(String because, long at) {
    pipeline.note(EntryType.TUNED, because, at);
  }

  /** How many orders have not ended. */
  public int open() {
    return open.size();
  }

  /** Takes away what came of the inputs. */
  public Step take() {
    Step step = new Step(entries, orders, checks);
    entries.clear();
    orders.clear();
    checks.clear();
    return step;
  }

  @Override
  public void close() {
    abandon();
    pipeline.close();
  }
}
