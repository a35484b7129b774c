package dev.heal.engine.loop;

import dev.heal.engine.fact.FactCopy;
import dev.heal.engine.fact.FactStage;
import dev.heal.engine.fact.Succession;
import dev.heal.engine.schedule.Deviations;
import dev.heal.engine.schedule.Handover;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Other policies on their way into force: {@link #copy} on the thread of the loop, until all is
 * copied; {@link #build} and {@link #catchUp} on any other thread; then the swap, on the loop's. Of
 * what happens meanwhile nothing is lost: it is taped, and heard by the next policies in the same
 * order. What they conclude before the swap, nobody acts upon.
 */
public final class Preparation {
  /** What is taped at the most: minutes of a flood. */
  private static final int MOST_TAPED = 1_000_000;

  private final GenerationId generation;
  private final Deviations deviations;
  private final FactStage before;
  private final FactCopy copy;
  private final Queue<FactStage.Happening> tape = new ConcurrentLinkedQueue<>();
  private final AtomicInteger taped = new AtomicInteger();
  private volatile boolean tooMuch;
  private volatile boolean abandoned;
  private volatile boolean copied;
  private volatile @Nullable Built built;

  /**
   * Whoever holds it lets the next policies hear something; the loop waits for one fact at most.
   */
  private final ReentrantLock hearing = new ReentrantLock();

  private volatile boolean taken;

  /**
   * What is ready.
   *
   * @param words what the generation changes, for the record
   */
  private record Built(Ruling ruling, Handover.Plan plan, String words) {}

  Preparation(GenerationId generation, Deviations deviations, FactStage before) {
    this.generation = generation;
    this.deviations = deviations;
    this.before = before;
    this.copy = before.beginCopy(this::hear);
  }

  private void hear(FactStage.Happening what) {
    if (taped.get() >= MOST_TAPED) {
      tooMuch = true;
      return;
    }
    taped.incrementAndGet();
    tape.add(what);
  }

  /** Whether so much came meanwhile that catching up is given up. */
  public boolean isHopeless() {
    return tooMuch;
  }

  /**
   * Copies further parts of what is remembered, {@code most} at the most. On the thread of the
   * loop.
   *
   * @return whether all is copied
   */
  public boolean copy(int most) {
    copied = copied || copy.more(most);
    return copied;
  }

  /** Builds conditions and a rule session, with all that the next policies would remember. */
  public void build(CompiledPolicies next) {
    if (!copied) {
      throw new IllegalStateException("not all is copied yet");
    }
    Succession succession = Succession.of(before.policy(), next.policies());
    Ruling ruling = new Ruling(copy.stage(succession), next.rules());
    ruling.tellAll();
    ruling.session().version(); // it matches now, not when it is in force
    String with = deviations.isNone() ? "" : " with " + deviations.text();
    String words =
        "%s is in force%s: %s".formatted(generation, with, SuccessionWords.of(succession));
    built = new Built(ruling, Handover.Plan.of(succession), words);
  }

  /**
   * Lets the next policies hear what came meanwhile; nothing once the loop has taken them. The loop
   * may swap at any moment of it.
   *
   * @return how much it was
   */
  public int catchUp() {
    int heard = 0;
    while (hearNext()) {
      heard++;
    }
    return heard;
  }

  private boolean hearNext() {
    hearing.lock();
    try {
      return !taken && replayNext(built().ruling());
    } finally {
      hearing.unlock();
    }
  }

  private boolean replayNext(Ruling ruling) {
    FactStage.Happening next = tape.poll();
    if (next == null) {
      return false;
    }
    taped.decrementAndGet();
    next.on(ruling.facts()).forEach(ruling::tell);
    ruling.session().version(); // costs nothing where nothing was told
    return true;
  }

  /** Whether the loop has taken the next policies: they hear all that comes by themselves. */
  public boolean isTaken() {
    return taken;
  }

  /** Whether {@link #build} is done. */
  public boolean isBuilt() {
    return built != null;
  }

  /** How much they have not heard yet. */
  public int behind() {
    return taped.get();
  }

  /** What of the policies before means the same in the next. */
  public Succession succession() {
    return built().plan().succession();
  }

  /** What the policies are called that are prepared. */
  public GenerationId generation() {
    return generation;
  }

  /** What of them is otherwise than their files say. */
  public Deviations deviations() {
    return deviations;
  }

  /** {@code generation 8 is in force: …}. */
  String words() {
    return built().words();
  }

  Handover.Plan plan() {
    return built().plan();
  }

  /** The last that came is heard, and no more is taped. On the thread of the loop. */
  Ruling caughtUp() {
    end();
    Ruling ruling = built().ruling();
    hearing.lock();
    try {
      taken = true;
      while (replayNext(ruling)) {
        // the last ones
      }
    } finally {
      hearing.unlock();
    }
    return ruling;
  }

  /** Nothing is taped any more. On the thread of the loop. */
  void end() {
    before.endCopy();
  }

  /** It is not to come into force. On the thread of the loop. */
  void abandon() {
    end();
    abandoned = true;
    tape.clear();
  }

  /** Whether it was given up: then there is no use to go on. */
  public boolean isAbandoned() {
    return abandoned;
  }

  private Built built() {
    Built known = built;
    if (known == null) {
      throw new IllegalStateException("nothing is built yet");
    }
    return known;
  }
}
