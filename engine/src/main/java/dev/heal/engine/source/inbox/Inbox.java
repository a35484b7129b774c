package dev.heal.engine.source.inbox;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;

/**
 * A bounded queue that drops the least important first: the door of this package. Nobody who offers
 * waits. When it is full, the oldest of the least important makes room; where all that is held is
 * more important than the newcomer, it is the newcomer that is dropped. No fault makes room for
 * another: they have a bound of their own, and beyond it newcomers are dropped and counted, too, as
 * memory is finite.
 */
public final class Inbox<T> {
  private record Numbered<T>(long number, int bytes, Entry<T> entry) {}

  private static final List<Importance> LEAST_FIRST =
      List.of(Importance.NOISE, Importance.SAMPLE, Importance.HEALTH);

  private final Bounds bounds;
  private final ToIntFunction<T> weigher;
  private final LongSupplier clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final Map<Importance, Deque<Numbered<T>>> queues = new EnumMap<>(Importance.class);
  private final Map<Importance, Map<String, Long>> dropped = new EnumMap<>(Importance.class);
  private int size;
  private long bytes;
  private long entered;
  private long lastStamp = Long.MIN_VALUE;
  private long droppedEver;

  /**
   * @param weigher says how many bytes an item takes, about
   * @param clock gives the stamps, nanoseconds since 1970; one that goes back is held
   */
  public Inbox(Bounds bounds, ToIntFunction<T> weigher, LongSupplier clock) {
    this.bounds = bounds;
    this.weigher = weigher;
    this.clock = clock;
    for (Importance importance : Importance.values()) {
      queues.put(importance, new ArrayDeque<>());
      dropped.put(importance, new TreeMap<>());
    }
  }

  /**
   * Takes an item in, or drops it. Does not wait for room.
   *
   * @param source what is named where it is dropped
   * @return whether it was taken; it may still be dropped later
   */
  public boolean offer(Importance importance, String source, T item) {
    Objects.requireNonNull(item);
    int weight = weigher.applyAsInt(item);
    lock.lock();
    try {
      if (!makeRoom(importance, weight)) {
        drop(importance, source);
        return false;
      }
      lastStamp = Math.max(lastStamp, clock.getAsLong());
      queue(importance)
          .addLast(
              new Numbered<>(entered++, weight, new Entry<>(lastStamp, importance, source, item)));
      size++;
      bytes += weight;
      filled.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes what is there, in the order in which it came; waits where nothing is.
   *
   * @param atMost items
   * @param waitNanos at most
   * @return empty where nothing came in that time
   */
  public List<Entry<T>> take(int atMost, long waitNanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = waitNanos;
      while (size == 0 && left > 0) {
        left = filled.awaitNanos(left);
      }
      List<Entry<T>> taken = new ArrayList<>(Math.min(atMost, size));
      while (size > 0 && taken.size() < atMost) {
        taken.add(remove(oldest()));
      }
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The time up to which nothing more can come: whatever enters later has a stamp that is not
   * earlier. Empty where something waits.
   */
  public OptionalLong quietUpTo() {
    lock.lock();
    try {
      if (size > 0) {
        return OptionalLong.empty();
      }
      lastStamp = Math.max(lastStamp, clock.getAsLong());
      return OptionalLong.of(lastStamp);
    } finally {
      lock.unlock();
    }
  }

  /** What was dropped since this was asked last, most important first, then by source. */
  public List<Drops> drainDrops() {
    lock.lock();
    try {
      List<Drops> drops = new ArrayList<>();
      dropped.forEach(
          (importance, sources) -> {
            sources.forEach((source, count) -> drops.add(new Drops(importance, source, count)));
            sources.clear();
          });
      return drops;
    } finally {
      lock.unlock();
    }
  }

  /** Items held now. */
  public int size() {
    lock.lock();
    try {
      return size;
    } finally {
      lock.unlock();
    }
  }

  /** Items dropped since the start. */
  public long droppedEver() {
    lock.lock();
    try {
      return droppedEver;
    } finally {
      lock.unlock();
    }
  }

  /** Whether an item of this importance may come in. */
  private boolean makeRoom(Importance importance, int weight) {
    if (importance == Importance.CONTROL) {
      return true;
    }
    while (size >= bounds.items() || bytes + weight > bounds.bytes()) {
      Deque<Numbered<T>> least = leastUpTo(importance);
      if (least.isEmpty()) {
        return importance == Importance.FAULT
            && queue(Importance.FAULT).size() < bounds.faults()
            && bytes + weight <= 2 * bounds.bytes();
      }
      Entry<T> victim = remove(least);
      drop(victim.importance(), victim.source());
    }
    return true;
  }

  /** The queue that must make room for such an item; an empty one where none has to. */
  private Deque<Numbered<T>> leastUpTo(Importance importance) {
    for (Importance other : LEAST_FIRST) {
      if (!queue(other).isEmpty() || other == importance) {
        return queue(other);
      }
    }
    return new ArrayDeque<>();
  }

  private Entry<T> remove(Deque<Numbered<T>> queue) {
    Numbered<T> first = queue.removeFirst();
    size--;
    bytes -= first.bytes();
    return first.entry();
  }

  private void drop(Importance importance, String source) {
    droppedEver++;
    Objects.requireNonNull(dropped.get(importance)).merge(source, 1L, Long::sum);
  }

  private Deque<Numbered<T>> queue(Importance importance) {
    return Objects.requireNonNull(queues.get(importance));
  }

  private Deque<Numbered<T>> oldest() {
    Deque<Numbered<T>> oldest = new ArrayDeque<>();
    long number = Long.MAX_VALUE;
    for (Deque<Numbered<T>> queue : queues.values()) {
      if (!queue.isEmpty() && queue.getFirst().number() < number) {
        oldest = queue;
        number = queue.getFirst().number();
      }
    }
    return oldest;
  }
}
