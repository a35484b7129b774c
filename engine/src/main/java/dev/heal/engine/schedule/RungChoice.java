package dev.heal.engine.schedule;

import dev.heal.dsl.policy.Policy;
import dev.heal.engine.decide.Ladder;
import dev.heal.engine.decide.Times;
import java.time.Duration;
import java.util.List;

/** Which rung is tried next, by the time that is left. */
final class RungChoice {
  private final Learning learning;

  RungChoice(Learning learning) {
    this.learning = learning;
  }

  /**
   * The rung to try: the ladder's own, unless its {@code takes} no longer fits and a later one
   * does. After the deadline rungs run in their order.
   */
  int choose(Ladder ladder, long now) {
    if (ladder.deadline().isEmpty()) {
      return ladder.rung();
    }
    long left = ladder.deadline().getAsLong() - now;
    List<Policy.Rung> rungs = ladder.policy().rungs();
    if (left <= 0 || fits(rungs.get(ladder.rung()), left)) {
      return ladder.rung();
    }
    for (int later = ladder.rung() + 1; later < rungs.size(); later++) {
      if (fits(rungs.get(later), left)) {
        return later;
      }
    }
    return ladder.rung();
  }

  private boolean fits(Policy.Rung rung, long left) {
    return needs(rung).toNanos() <= left;
  }

  /** The steps' {@code takes} with the confirmations between them; steps that wait are left out. */
  Duration needs(Policy.Rung rung) {
    Duration sum = Duration.ZERO;
    int last = lastTimedStep(rung);
    for (int i = 0; i <= last; i++) {
      Policy.Step step = rung.steps().get(i);
      if (!step.act().waits()) {
        sum = sum.plus(learning.takes(step));
        if (i < last) {
          sum = sum.plus(Confirmation.heldFor(step.confirm()));
        }
      }
    }
    return sum;
  }

  /** The last step that counts for the deadline: those that wait for {@code start when} do not. */
  static int lastTimedStep(Policy.Rung rung) {
    int last = 0;
    for (int i = 0; i < rung.steps().size(); i++) {
      if (rung.steps().get(i).act().waits()) {
        break;
      }
      last = i;
    }
    return last;
  }

  /** {@code restart takes 12s, 9s left}. */
  String passedOver(Policy.Rung rung, long left) {
    return "`%s` takes %s, %s left"
        .formatted(rung.steps().get(0).act().verb(), Times.words(needs(rung)), Times.words(left));
  }
}
