package dev.heal.engine.actuate;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.engine.actuate.reach.Calls;
import dev.heal.engine.actuate.reach.Commands;
import dev.heal.engine.schedule.CheckRun;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import java.util.function.Consumer;

/**
 * Carries orders out, on threads of its own: one at a time on each target, each within its time. An
 * order that does not end in time is interrupted, and unknown. Safe from any thread.
 */
public final class Actuators implements AutoCloseable {
  private static final int THREADS = 16;

  /** Pages never wait behind repairs. */
  private static final int PAGE_THREADS = 2;

  private static final String PAGE = "page";

  private final Hands hands;
  private final Keeper keeper;
  private final Commands commands = new Commands();
  private final Calls calls = new Calls();
  private volatile Dispatch dispatch;
  private final Lanes acts = new Lanes("heal-actuator", THREADS);
  private final Lanes pages = new Lanes("heal-pager", PAGE_THREADS);

  private final CheckActs checks;

  private Actuators(CheckedPolicy policy, Hands hands, Keeper keeper) {
    this.hands = hands;
    this.keeper = keeper;
    this.dispatch = new Dispatch(policy, hands, keeper, commands, calls);
    this.checks = new CheckActs(policy.checks());
  }

  /**
   * Hands for what these policies and their site say.
   *
   * @param keeper writes down what a reversible act replaces, before it does
   */
  public static Actuators of(CheckedPolicy policy, Hands hands, Keeper keeper) {
    return new Actuators(policy, hands, keeper);
  }

  /**
   * From here on, orders are carried out as these policies and their site say; what has begun goes
   * on as it began.
   */
  public void follow(CheckedPolicy policy) {
    dispatch = new Dispatch(policy, hands, keeper, commands, calls);
    checks.follow(policy.checks());
  }

  /**
   * Begins; comes back at once.
   *
   * @param done is told once what became of it, on another thread, and must not block that
   */
  public void start(Assignment assignment, Consumer<Report> done) {
    Order order = assignment.order();
    boolean page = order.act().verb().equals(PAGE);
    String lane = page ? order.act().object().orElse(PAGE) : order.target().toString();
    (page ? pages : acts)
        .add(
            new Errand(
                order.id(), lane, dispatch.patience(order), dispatch.work(assignment), done));
  }

  /**
   * Begins a check of the site; comes back at once. It is run until it passes or is no longer
   * wanted.
   *
   * @param told what came of each run, on another thread, and must not block that: DONE where it
   *     passed
   */
  public void check(CheckRun run, Consumer<Outcome> told) {
    checks.begin(run, told);
  }

  /**
   * Ends an order early: one that has not begun has failed, one at work is interrupted and unknown.
   *
   * @return false where no order of that id is open
   */
  public boolean cancel(long order, String why) {
    return acts.cancel(order, why) || pages.cancel(order, why);
  }

  /** How many orders have not ended. */
  public int open() {
    return acts.open() + pages.open();
  }

  /** Takes no more orders, and ends those that are open; what is at work then is unknown. */
  @Override
  public void close() {
    acts.close();
    pages.close();
    checks.close();
  }
}
