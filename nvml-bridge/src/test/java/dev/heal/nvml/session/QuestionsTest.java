package dev.heal.nvml.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heal.nvml.answer.Answer;
import dev.heal.nvml.fake.FakeMachine;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who answers when, and on how many threads. */
class QuestionsTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(100);
  private static final List<Gpu> GPUS = IntStream.range(0, 8).mapToObj(Gpu::unseen).toList();

  private final Questions questions = new Questions();
  private final CountDownLatch end = new CountDownLatch(1);

  @AfterEach
  void stop() {
    end.countDown();
    questions.close();
  }

  /** Hangs at GPU 3 until the end. */
  private Answer<Integer> hangsAt3(Gpu gpu) {
    if (gpu.index() == 3) {
      try {
        end.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return Answer.of(gpu.index());
  }

  private static Function<Gpu, Answer<String>> onThread(Set<Thread> threads) {
    return gpu -> {
      threads.add(Thread.currentThread());
      return Answer.of("GPU " + gpu.index());
    };
  }

  @Test
  void fastAnswersComeFromOneThreadInTheOrderOfTheQuestions() {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();

    for (int turn = 0; turn < 100; turn++) {
      List<Answer<String>> answers = questions.ask(GPUS, LONG, onThread(threads));
      assertThat(answers.get(0)).isEqualTo(Answer.of("GPU 0"));
      assertThat(answers.get(7)).isEqualTo(Answer.of("GPU 7"));
    }

    // One, if this machine does not hold it up for 50 ms.
    assertThat(threads.size()).isLessThanOrEqualTo(8);
    assertThat(threads).allMatch(Thread::isDaemon);
  }

  @Test
  void theOthersGoOnBehindOneThatHangs() {
    List<Answer<Integer>> answers = questions.ask(GPUS, Duration.ofSeconds(3), this::hangsAt3);

    for (int gpu = 0; gpu < 8; gpu++) {
      assertThat(answers.get(gpu).value().isPresent()).as("GPU %d", gpu).isEqualTo(gpu != 3);
    }
    assertThat(answers.get(3).problem().orElseThrow().text()).isEqualTo("no answer within 3000 ms");
  }

  @Test
  void allMayHang() {
    List<Answer<Integer>> answers =
        questions.ask(GPUS, Duration.ofSeconds(1), gpu -> hangsAt3(GPUS.get(3)));

    assertThat(answers).hasSize(8).allMatch(answer -> answer.value().isEmpty());
  }

  @Test
  void whatWasGivenUpIsNotWaitedForAgainUntilItIsBack() {
    FakeMachine.await(() -> third(SHORT).problem().orElseThrow().text().contains("come back"));
    assertThat(third(SHORT).problem().orElseThrow().text())
        .matches("a call of \\d+ s ago has not come back");

    end.countDown();
    FakeMachine.await(() -> third(SHORT).value().isPresent());
  }

  private Answer<Integer> third(Duration patience) {
    return questions.ask(GPUS, patience, this::hangsAt3).get(3);
  }

  @Test
  void whoHasMorePatienceWaits() throws InterruptedException {
    assertThat(third(SHORT).value()).isEmpty();
    AtomicReference<Answer<Integer>> answer = new AtomicReference<>();
    Thread patient = new Thread(() -> answer.set(third(LONG)));
    patient.start();

    FakeMachine.await(() -> patient.getState() == Thread.State.TIMED_WAITING);
    end.countDown();
    patient.join();

    assertThat(answer.get()).isEqualTo(Answer.of(3));
  }

  @Test
  void whatWasGivenUpBeforeItBeganIsNeverDone() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    Thread first =
        new Thread(
            () ->
                assertThat(
                        questions
                            .ask(
                                GPUS.subList(3, 4),
                                LONG,
                                gpu -> {
                                  begun.countDown();
                                  return hangsAt3(gpu);
                                })
                            .get(0)
                            .value())
                    .isPresent());
    first.start();
    begun.await();
    AtomicInteger done = new AtomicInteger();
    Function<Gpu, Answer<Integer>> count = gpu -> Answer.of(done.incrementAndGet());

    assertThat(questions.ask(GPUS.subList(3, 4), SHORT, count).get(0).value()).isEmpty();
    end.countDown();
    first.join();

    assertThat(questions.ask(GPUS.subList(3, 4), LONG, count).get(0)).isEqualTo(Answer.of(1));
  }

  @Test
  void anInterruptEndsTheWaitAndIsKept() {
    Thread.currentThread().interrupt();

    Answer<Integer> answer = questions.ask(GPUS.subList(3, 4), LONG, this::hangsAt3).get(0);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(answer.problem().orElseThrow().text()).isEqualTo("interrupted while it was asked");
  }

  @Test
  void aMistakeOfOursReachesTheOneWhoAsked() {
    assertThatThrownBy(
            () ->
                questions.ask(
                    GPUS,
                    LONG,
                    gpu -> {
                      throw new ArithmeticException("GPU " + gpu.index());
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasCauseInstanceOf(ArithmeticException.class);

    assertThat(questions.ask(GPUS, LONG, gpu -> Answer.of(gpu.index()))).hasSize(8);
  }

  @Test
  void noThreadIsLeftOver() {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    questions.ask(GPUS, LONG, onThread(threads));

    questions.close();

    FakeMachine.await(() -> threads.stream().noneMatch(Thread::isAlive));
  }
}
