package dev.heal.nvml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.nvml.answer.Problem;
import dev.heal.nvml.fake.FakeMachine;
import dev.heal.nvml.metric.Metric;
import dev.heal.nvml.metric.Poll;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Closing, at any moment and often. */
class BridgeClosesTest extends BridgeCase {
  /** In a round. The long runs are those of {@code nvml-bridge/bench}; these are short for CI. */
  private static final int CYCLES = Integer.getInteger("heal.nvml.cycles", 100);

  private static final int POLLS = Integer.getInteger("heal.nvml.polls", 600);

  @Test
  void aClosedBridgeSaysSo() throws IOException {
    start("h100x8");
    bridge.close();
    bridge.close();

    Poll poll = bridge.poll(FAST);

    assertThat(poll.driver().problem().orElseThrow().text()).isEqualTo("the bridge is closed");
    assertThat(why(of(poll.gpus().get(0), Metric.PRESENT))).isEqualTo(Problem.Kind.FAILED);
    assertThat(machine.number("heal_fake_open")).isZero();
    assertThat(machine.number("heal_fake_event_sets")).isZero();
  }

  @Test
  void anotherBridgeOnTheSameLibraryGoesOn() throws IOException {
    start("h100x8");
    try (NvmlBridge other = NvmlBridge.open(options())) {
      bridge.listen(notice -> {});
      bridge.poll(ALL);
      bridge.close();

      assertThat(isPresent(other.poll(ALL), 0)).isTrue();
      assertThat(machine.number("heal_fake_open")).isEqualTo(1);
    }
    assertThat(machine.number("heal_fake_open")).isZero();
  }

  @Test
  void closingWhileOthersPollAndListenIsSafe() throws Exception {
    machine = FakeMachine.of("h100x8", folder);
    long seed = 20261125;
    Random random = new Random(seed);
    for (int turn = 0; turn < 30; turn++) {
      NvmlBridge one = NvmlBridge.open(options());
      AtomicReference<Throwable> failure = new AtomicReference<>();
      AtomicBoolean closed = new AtomicBoolean();
      one.listen(notice -> {});
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Thread thread =
            new Thread(
                () -> {
                  while (!closed.get()) {
                    one.poll(ALL);
                    one.control().setPowerLimit(one.gpus().get(0), 500);
                  }
                  one.poll(ALL);
                });
        thread.setUncaughtExceptionHandler((t, e) -> failure.set(e));
        thread.start();
        threads.add(thread);
      }
      int polls = random.nextInt(6);
      for (int i = 0; i < polls; i++) {
        one.poll(FAST);
      }
      one.close();
      closed.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(failure.get()).as("turn %d of seed %d", turn, seed).isNull();
      assertThat(machine.number("heal_fake_open")).isZero();
      assertThat(machine.number("heal_fake_event_sets")).isZero();
    }
  }

  @Test
  void openingAndClosingLeaksNothing() throws IOException {
    machine = FakeMachine.of("h100x8", folder);
    Leaks.assertNone(CYCLES, this::cycle);
    assertThat(machine.number("heal_fake_open")).isZero();
    assertThat(machine.number("heal_fake_event_sets")).isZero();
  }

  /** Each 15th listens too: to close it takes until its wait is over. */
  private void cycle(int number) {
    try (NvmlBridge one = NvmlBridge.open(options())) {
      if (number % 15 == 0) {
        one.listen(notice -> {});
      }
      assertThat(isPresent(one.poll(FAST), 7)).isTrue();
    }
  }

  @Test
  void pollingLeaksNothing() throws IOException {
    start("h100x8");
    bridge.listen(notice -> {});
    Leaks.assertNone(POLLS, number -> bridge.poll(number % 10 == 0 ? ALL : FAST));
  }
}
