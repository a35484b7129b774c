package dev.heal.engine.schedule;

import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.text.Span;
import dev.heal.engine.decide.Ladder;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Tells humans: the acts of {@code give up}, and pages for what nobody else would notice. */
final class Pages {
  private static final String PAGE = "page";

  private final Function<String, Optional<Policy>> policies;
  private final Outbox outbox;

  /**
   * @param policies by name, those that acted under earlier policies too
   */
  Pages(Function<String, Optional<Policy>> policies, Outbox outbox) {
    this.policies = policies;
    this.outbox = outbox;
  }

  /** The acts of {@code give up}, once. A policy that observes only says what it would do. */
  void giveUp(Ladder ladder, List<Policy.Act> acts, long now) {
    boolean observe = ladder.policy().mode() == Policy.Mode.OBSERVE;
    for (Policy.Act act : acts) {
      EntityId target = ladder.instance().entity();
      String words = act.object().map(o -> "tells `" + o + "`").orElse("gives up");
      Entry entry =
          Entries.of(now, observe ? EntryType.DECISION : EntryType.ACTION_STARTED, ladder, words)
              .act(act.verb(), Optional.of(target));
      outbox.add(observe ? entry.outcome("observe") : entry);
      if (!observe) {
        outbox.alone(Order.Purpose.NOTICE, Cause.of(ladder), act, target);
      }
    }
  }

  /**
   * Those acts of {@code give up} that only tell a human.
   *
   * @return whether there are any
   */
  boolean tell(Ladder ladder, long now) {
    List<Policy.Act> pages =
        ladder.policy().giveUp().stream().filter(a -> a.verb().equals(PAGE)).toList();
    giveUp(ladder, pages, now);
    return !pages.isEmpty();
  }

  /** {@code exceeded page NAME} of a budget, {@code page NAME} of a breaker. */
  void page(String pager, Cause cause, Span span, long now) {
    EntityId target = cause.instance().entity();
    Policy.Act act =
        new Policy.Act(
            PAGE,
            Optional.empty(),
            Optional.of(pager),
            false,
            Map.of(),
            false,
            false,
            Optional.empty(),
            false,
            span);
    outbox.add(
        Entry.of(now, EntryType.ACTION_STARTED, cause.instance(), "tells `" + pager + "`")
            .policy(cause.policy())
            .act(PAGE, Optional.of(target)));
    outbox.alone(Order.Purpose.NOTICE, cause, act, target);
  }

  /**
   * What was throttled or degraded stays so: whoever is told when the policy gives up is told.
   *
   * @return whether there is anybody
   */
  boolean undoingFailed(Order undo, long now) {
    List<String> pagers =
        policies.apply(undo.policy()).stream()
            .flatMap(policy -> policy.giveUp().stream())
            .filter(act -> act.verb().equals(PAGE))
            .flatMap(act -> act.object().stream())
            .toList();
    pagers.forEach(pager -> page(pager, Cause.of(undo), undo.act().span(), now));
    return !pagers.isEmpty();
  }
}
