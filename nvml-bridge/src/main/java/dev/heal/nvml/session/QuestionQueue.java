package dev.heal.nvml.session;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/** The questions to one GPU: one at a time, in the order in which they were asked. */
final class QuestionQueue {
  private record Current(Question<?> question, long since) {}

  private final Queue<Question<?>> waiting = new ArrayDeque<>();
  private Optional<Current> current = Optional.empty();
  private boolean served;

  /**
   * Adds a question.
   *
   * @return whether a thread is to serve the queue: none does, and none was told to
   */
  synchronized boolean add(Question<?> question) {
    waiting.add(question);
    boolean unserved = !served;
    served = true;
    return unserved;
  }

  /** Answers until there is nothing left to answer. */
  void serve() {
    for (Optional<Current> next = next(); next.isPresent(); next = next()) {
      next.get().question().answer();
    }
  }

  private synchronized Optional<Current> next() {
    current =
        Optional.ofNullable(waiting.poll())
            .map(question -> new Current(question, System.nanoTime()));
    served = current.isPresent();
    return current;
  }

  /**
   * For how many nanoseconds the question that is being answered has been, where nobody waits for
   * it any more; else 0.
   */
  synchronized long stuckFor(long now) {
    return current.filter(c -> c.question().isGivenUp()).map(c -> now - c.since()).orElse(0L);
  }
}
