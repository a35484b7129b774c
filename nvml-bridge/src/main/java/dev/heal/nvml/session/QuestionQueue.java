package dev.heal.nvml.session;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;

/** The questions to one GPU: one at a time, in the order in which they were asked. */
final class QuestionQueue {
  private final Queue<Question<?>> waiting = new ArrayDeque<>();
  private boolean served;
  private OptionalLong begunAt = OptionalLong.empty();

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
    for (Optional<Question<?>> next = next(); next.isPresent(); next = next()) {
      next.get().answer();
    }
  }

  private synchronized Optional<Question<?>> next() {
    Optional<Question<?>> next = Optional.ofNullable(waiting.poll());
    served = next.isPresent();
    begunAt = served ? OptionalLong.of(System.nanoTime()) : OptionalLong.empty();
    return next;
  }

  /** For how many nanoseconds the question that is being answered has been; 0 where none is. */
  synchronized long busyFor(long now) {
    return begunAt.isPresent() ? now - begunAt.getAsLong() : 0;
  }
}
