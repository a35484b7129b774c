package dev.heal.engine.schedule;

import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.policy.Policy;
import dev.heal.engine.decide.Decider;
import dev.heal.engine.decide.Ladder;
import dev.heal.engine.fact.Succession;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * From one generation of policies to the next: budgets, attempts, cooldowns and breakers go on by
 * name; a repair that runs keeps the policies that began it; what waits goes on where its policy
 * means the same.
 */
public final class Handover {
  private final Standing standing;
  private final Decider decider;
  private final HaltCommands haltCommands;
  private final Ledgers ledgers;
  private final Reversals reversals;

  /** Of the repairs that run, those that policies before the ones in force began. */
  private final Set<Long> elder = new HashSet<>();

  Handover(
      Standing standing,
      Decider decider,
      HaltCommands haltCommands,
      Ledgers ledgers,
      Reversals reversals) {
    this.standing = standing;
    this.decider = decider;
    this.haltCommands = haltCommands;
    this.ledgers = ledgers;
    this.reversals = reversals;
  }

  /** Of the repairs that run, those that policies before the ones in force began. */
  Set<Long> elder() {
    Set<Long> running = new TreeSet<>(elder);
    running.retainAll(standing.ladders.keySet());
    return running;
  }

  /** Goes on from what was kept elsewhere. */
  void elder(Set<Long> kept) {
    elder.addAll(kept);
  }

  /** The repairs that have begun and not ended. */
  public List<Ladder> running() {
    return standing.begun();
  }

  /** The repairs that the policies in force have begun stop before their next step. */
  public void callOff() {
    running().stream().filter(l -> !elder.contains(l.id())).forEach(Ladder::callOff);
  }

  /** The policies in force are left: whatever runs now, others did not begin. */
  public void leave() {
    elder.clear();
    running().forEach(ladder -> elder.add(ladder.id()));
  }

  /**
   * What can be made ready before the next policies are in force, by any thread.
   *
   * @param learned the steps of before of which it is known how long they take, and what follows
   */
  public record Plan(Succession succession, Declared next, Map<Policy.Step, Policy.Step> learned) {
    /** Makes everything ready. */
    public static Plan of(Succession succession) {
      Declared next = Declared.by(succession.next());
      return new Plan(succession, next, learnedBy(succession, next));
    }
  }

  /** The next policies are in force from now on. */
  public void follow(Plan plan) {
    Set<String> policies = new HashSet<>();
    Set<String> faults = new HashSet<>();
    for (Ladder ladder : standing.begun()) {
      policies.add(ladder.policy().name());
      faults.add(ladder.instance().fault());
    }
    for (Order order : reversals.orders()) {
      policies.add(order.policy());
      faults.add(order.instance().fault());
    }
    ledgers.learning().follow(plan.learned());
    standing.follow(plan.next(), policies, faults);
    decider.follow(plan.succession().next());
    haltCommands.follow(plan.succession().next());
    for (Ladder ladder : standing.ladders.values()) {
      follow(ladder, plan);
    }
    for (Episode episode : standing.episodes.values()) {
      if (episode.ladder.isPresent()) {
        follow(episode.ladder.get(), plan);
      }
    }
  }

  private static void follow(Ladder ladder, Plan plan) {
    boolean running = ladder.begun() && !ladder.ended();
    Policy policy = plan.next().policies().get(ladder.policy().name());
    Fault fault = plan.next().faults().get(ladder.instance().fault());
    if (!running
        && policy != null
        && fault != null
        && plan.succession().isSamePolicy(policy.name())) {
      ladder.follow(policy, fault);
    }
  }

  /** What steps were seen to take is known of the same acts in the same places. */
  private static Map<Policy.Step, Policy.Step> learnedBy(Succession succession, Declared next) {
    Map<Policy.Step, Policy.Step> steps = new HashMap<>();
    for (Policy before : succession.before().policies()) {
      Policy after = next.policies().get(before.name());
      if (after == null) {
        continue;
      }
      List<Policy.Step> olds = steps(before);
      List<Policy.Step> news = steps(after);
      for (int i = 0; i < Math.min(olds.size(), news.size()); i++) {
        Policy.Act old = olds.get(i).act();
        if (olds.get(i).learned()
            && old.verb().equals(news.get(i).act().verb())
            && old.target().equals(news.get(i).act().target())) {
          steps.put(olds.get(i), news.get(i));
        }
      }
    }
    return steps;
  }

  /** All of its rungs, one after the other. */
  static List<Policy.Step> steps(Policy policy) {
    List<Policy.Step> steps = new ArrayList<>();
    policy.rungs().forEach(rung -> steps.addAll(rung.steps()));
    return steps;
  }
}
