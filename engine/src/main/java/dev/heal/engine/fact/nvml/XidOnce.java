package dev.heal.engine.fact.nvml;

import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.log.LogFacts;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * One fact for a Xid that both NVML and the kernel log tell. The first of the two is the fact; the
 * other one, of the same GPU and code within 10 s, is left out. The third is a second Xid.
 *
 * <p>Where only the line of the kernel log says what to do (Xid 144 to 150, 154), what NVML tells
 * waits for it for a second. Facts name their GPU by its index: resolve PCI addresses first. Not
 * for several threads.
 */
public final class XidOnce {
  /** The kernel log may be read late, the more so under a flood. */
  private static final long PAIRED_WITHIN = Duration.ofSeconds(10).toNanos();

  private static final long WAITS_FOR_LINE = Duration.ofSeconds(1).toNanos();

  /** Who told it. */
  public enum Teller {
    NVML,
    KERNEL_LOG
  }

  private record Xid(EntityId gpu, int code) {}

  private record Told(Teller by, long heardAt) {}

  private record Waiting(Fact.Event fact, long until) {}

  private final Map<Xid, Deque<Told>> alone = new HashMap<>();
  private final Deque<Waiting> waiting = new ArrayDeque<>();

  /**
   * Takes a Xid.
   *
   * @param now when it was heard, in nanoseconds; never earlier than before
   * @return what is a fact now: it, none, or those whose wait is over
   */
  public List<Fact.Event> take(Fact.Event fact, Teller by, long now) {
    List<Fact.Event> facts = new ArrayList<>(due(now));
    Xid xid = new Xid(fact.entity(), Integer.parseInt(fact.fields().getOrDefault("code", "0")));
    Deque<Told> told = alone.computeIfAbsent(xid, x -> new ArrayDeque<>());
    told.removeIf(one -> now - one.heardAt() > PAIRED_WITHIN);
    if (!told.isEmpty() && told.peekFirst().by() != by) {
      told.removeFirst();
      if (by == Teller.KERNEL_LOG && stopWaiting(xid)) {
        facts.add(fact);
      }
    } else {
      told.addLast(new Told(by, now));
      if (by == Teller.NVML && LogFacts.isDecidedByItsLine(xid.code())) {
        waiting.addLast(new Waiting(fact, now + WAITS_FOR_LINE));
      } else {
        facts.add(fact);
      }
    }
    if (told.isEmpty()) {
      alone.remove(xid);
    }
    return facts;
  }

  private boolean stopWaiting(Xid xid) {
    for (Waiting one : waiting) {
      if (one.fact().entity().equals(xid.gpu())
          && one.fact().fields().getOrDefault("code", "").equals(Integer.toString(xid.code()))) {
        return waiting.remove(one);
      }
    }
    return false;
  }

  /** Those for which no line has come. */
  public List<Fact.Event> due(long now) {
    List<Fact.Event> due = new ArrayList<>();
    while (!waiting.isEmpty() && waiting.peekFirst().until() <= now) {
      due.add(waiting.removeFirst().fact());
    }
    return due;
  }

  /** When to call {@link #due} next. */
  public OptionalLong nextDue() {
    return waiting.isEmpty() ? OptionalLong.empty() : OptionalLong.of(waiting.peekFirst().until());
  }
}
