package dev.heal.nvml.session;

import dev.heal.nvml.answer.Answer;
import dev.heal.nvml.answer.Problem;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Something that one thread asks and another answers, once. */
final class Question<T> {
  private final Supplier<Answer<T>> work;
  private final CountDownLatch open;

  /** Whoever sets it may answer: one of those who serve, or the one who gives it up. */
  private final AtomicBoolean taken = new AtomicBoolean();

  private final CompletableFuture<Answer<T>> answer = new CompletableFuture<>();
  private volatile boolean givenUp;

  /**
   * Not asked yet.
   *
   * @param open is counted down when it is answered
   */
  Question(Supplier<Answer<T>> work, CountDownLatch open) {
    this.work = work;
    this.open = open;
  }

  /** Answers it, on this thread; nothing is done where nobody waits for it any more. */
  void answer() {
    if (!taken.compareAndSet(false, true)) {
      return;
    }
    try {
      answer.complete(work.get());
    } catch (RuntimeException | Error e) {
      answer.completeExceptionally(e); // for the one who asked
    } finally {
      open.countDown();
    }
  }

  /** Answers it without asking anybody. */
  void refuse(Problem why) {
    taken.set(true);
    answer.complete(Answer.none(why));
    open.countDown();
  }

  /**
   * The answer, or {@code none} where there is none yet: then work that has not begun never will,
   * and work that has begun may still take effect.
   */
  Answer<T> answeredOr(Problem none) {
    taken.set(true);
    givenUp = !answer.isDone();
    try {
      return answer.getNow(Answer.none(none));
    } catch (CompletionException e) {
      throw new IllegalStateException("a question to NVML failed", e.getCause());
    }
  }

  /** Whether the one who asked no longer waits for it. */
  boolean isGivenUp() {
    return givenUp;
  }
}
