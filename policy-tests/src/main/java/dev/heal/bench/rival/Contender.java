package dev.heal.bench.rival;

import dev.heal.bench.stream.ThresholdRule;
import dev.heal.engine.fact.Fact;
import java.util.List;

/** One engine with its rules built and nothing heard yet. Not for several threads. */
public interface Contender extends AutoCloseable {
  /**
   * Takes a sample; a firing that follows from it is told before this returns, or with the next
   * sample where only the clock can tell.
   */
  void accept(Fact.Sample sample);

  /** Takes all samples, in order; a loop of its own, so that no other contender shapes its code. */
  void run(Fact.Sample[] samples);

  /** Nothing more is heard: what is due at {@code last} is told. */
  void finish(long last);

  @Override
  void close();

  /** How to get one. */
  interface Maker extends AutoCloseable {
    String name();

    /** Whether it works on threads of its own. */
    default boolean hasThreads() {
      return false;
    }

    /** It is given so many times fewer samples, for the run to end in time. */
    default int slowness() {
      return 1;
    }

    /**
     * @param firings is told each firing
     */
    Contender open(List<ThresholdRule> rules, Firings firings);

    @Override
    default void close() {}
  }
}
