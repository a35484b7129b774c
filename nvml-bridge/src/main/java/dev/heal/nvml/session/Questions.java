package dev.heal.nvml.session;

import dev.heal.nvml.answer.Answer;
import dev.heal.nvml.answer.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Asks, and waits for the answers with a deadline. A call that hangs in the driver holds up its own
 * GPU only. The others wait behind it for 50 ms, once; and when somebody has given it up, nobody
 * waits for that GPU until the call is back.
 */
final class Questions {
  /** Well above what the fast metrics of 8 GPUs take, so that one thread reads them all. */
  private static final Duration HASTE = Duration.ofMillis(50);

  private final Answerers answerers = new Answerers();
  private final Map<Gpu, QuestionQueue> gpus = new ConcurrentHashMap<>();
  private final QuestionQueue driver = new QuestionQueue();

  /** Asks about each of them; answers in their order. */
  <T> List<Answer<T>> ask(List<Gpu> about, Duration patience, Function<Gpu, Answer<T>> work) {
    Asking<T> asking = new Asking<>(about.size(), patience);
    for (Gpu gpu : about) {
      asking.add(gpus.computeIfAbsent(gpu, g -> new QuestionQueue()), () -> work.apply(gpu));
    }
    return asking.answers();
  }

  /** Asks what is about no GPU. */
  <T> Answer<T> ask(Duration patience, Supplier<Answer<T>> work) {
    Asking<T> asking = new Asking<>(1, patience);
    asking.add(driver, work);
    return asking.answers().get(0);
  }

  void close() {
    answerers.close();
  }

  /** Some questions that are asked together. */
  private final class Asking<T> {
    private final Duration patience;
    private final long start = System.nanoTime();
    private final CountDownLatch open;
    private final List<Question<T>> questions = new ArrayList<>();
    private final List<QuestionQueue> unserved = new ArrayList<>();

    Asking(int count, Duration patience) {
      this.patience = patience;
      this.open = new CountDownLatch(count);
    }

    void add(QuestionQueue queue, Supplier<Answer<T>> work) {
      Question<T> question = new Question<>(work, open);
      questions.add(question);
      long stuck = queue.stuckFor(start);
      if (stuck > patience.toNanos() / 2) {
        question.refuse(
            Problem.of(
                Problem.Kind.TIMED_OUT,
                "a call of %d s ago has not come back"
                    .formatted(Duration.ofNanos(stuck).toSeconds())));
      } else if (queue.add(question)) {
        unserved.add(queue);
      }
    }

    List<Answer<T>> answers() {
      String missing = "no answer within " + patience.toMillis() + " ms";
      answerers.serve(unserved);
      try {
        if (!await(HASTE)) {
          answerers.hasten();
          await(patience);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        missing = "interrupted while it was asked";
      }
      Problem none = Problem.of(Problem.Kind.TIMED_OUT, missing);
      List<Answer<T>> answers = new ArrayList<>(questions.size());
      for (Question<T> question : questions) {
        answers.add(question.answeredOr(none));
      }
      return answers;
    }

    /** Until all are answered, or this long after they were asked. */
    private boolean await(Duration since) throws InterruptedException {
      long end = start + Math.min(since.toNanos(), patience.toNanos());
      return open.await(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
    }
  }
}
