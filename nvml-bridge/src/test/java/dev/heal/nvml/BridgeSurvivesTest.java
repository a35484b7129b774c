package dev.heal.nvml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.nvml.answer.Answer;
import dev.heal.nvml.answer.Problem;
import dev.heal.nvml.fake.FakeMachine;
import dev.heal.nvml.metric.GpuSamples;
import dev.heal.nvml.metric.Metric;
import dev.heal.nvml.metric.Poll;
import dev.heal.nvml.session.Gpu;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Lost GPUs, a driver that goes and comes, calls that hang. */
class BridgeSurvivesTest extends BridgeCase {
  @Test
  void aLostGpuIsLostAloneAndComesBackAsTheSame() throws IOException {
    start("h100x8");
    List<Gpu> before = bridge.gpus();

    machine.set("gpu 3 lost on");
    Poll lost = bridge.poll(FAST);

    assertThat(why(of(lost.gpus().get(3), Metric.PRESENT))).isEqualTo(Problem.Kind.GPU_LOST);
    assertThat(isPresent(lost, 2)).isTrue();
    assertThat(isPresent(lost, 4)).isTrue();

    machine.set("gpu 3 lost off");
    FakeMachine.await(() -> isPresent(bridge.poll(FAST), 3));
    assertThat(bridge.gpus()).isEqualTo(before);
  }

  @Test
  void aRemovedGpuStaysListedAndTheOthersKeepTheirNumbers() throws IOException {
    start("h100x8", "gpu * temperature 40", "gpu 5 temperature 77");
    List<Gpu> before = bridge.gpus();

    machine.set("gpu 2 removed");
    Poll removed = bridge.poll(ALL);

    assertThat(bridge.gpus()).isEqualTo(before);
    assertThat(why(of(removed.gpus().get(2), Metric.PRESENT))).isEqualTo(Problem.Kind.GPU_LOST);
    assertThat(of(removed.gpus().get(5), Metric.TEMPERATURE)).isEqualTo(gauge(77));

    machine.set("gpu 2 added");
    FakeMachine.await(() -> isPresent(bridge.poll(ALL), 2));
    assertThat(bridge.gpus()).isEqualTo(before);
  }

  @Test
  void aGpuThatIsLostFromTheStartIsListed() throws IOException {
    start("h100x8", "gpu 1 lost on");

    assertThat(bridge.gpus()).hasSize(8);
    assertThat(gpu(1).uuid()).isEmpty();
    assertThat(why(of(read(1, FAST), Metric.PRESENT))).isEqualTo(Problem.Kind.GPU_LOST);

    machine.set("gpu 1 lost off");
    FakeMachine.await(() -> isPresent(bridge.poll(FAST), 1));
    assertThat(bridge.gpus()).hasSize(8);
    assertThat(gpu(1).uuid()).isPresent();
  }

  @Test
  void aDriverReloadIsSurvived() throws IOException {
    start("h100x8");
    List<Gpu> before = bridge.gpus();

    machine.set("driver unloaded");
    FakeMachine.await(() -> !isPresent(bridge.poll(FAST), 0));
    Poll down = bridge.poll(FAST);
    assertThat(why(down.driver())).isEqualTo(Problem.Kind.DRIVER_NOT_LOADED);
    assertThat(down.gpus()).hasSize(8);
    assertThat(why(of(down.gpus().get(7), Metric.PRESENT)))
        .isEqualTo(Problem.Kind.DRIVER_NOT_LOADED);

    machine.set("driver 560.35.03");
    FakeMachine.await(() -> isPresent(bridge.poll(FAST), 0));
    assertThat(bridge.driver().value().orElseThrow().version()).isEqualTo("560.35.03");
    assertThat(bridge.gpus()).isEqualTo(before);
    assertThat(machine.number("heal_fake_open")).as("initialised once").isEqualTo(1);
  }

  @Test
  void aDriverThatDoesNotFitTheLibraryIsNotLoaded() throws IOException {
    start("h100x8", "driver mismatch");

    assertThat(why(bridge.driver())).isEqualTo(Problem.Kind.DRIVER_NOT_LOADED);
    assertThat(bridge.driver().problem().orElseThrow().code()).isEqualTo(18);
    assertThat(bridge.poll(FAST).gpus()).isEmpty();
  }

  @Test
  void aCallThatHangsHoldsUpItsGpuAlone() throws IOException {
    start("h100x8");
    try (NvmlBridge hasty = NvmlBridge.open(options().withPatience(Duration.ofSeconds(3)))) {
      machine.set("slow nvmlDeviceGetPowerUsage 600000ms gpu 4");

      Poll poll = hasty.poll(FAST);
      assertThat(why(of(poll.gpus().get(4), Metric.PRESENT))).isEqualTo(Problem.Kind.TIMED_OUT);
      for (int other : new int[] {0, 3, 5, 7}) {
        GpuSamples samples = poll.gpus().get(other);
        assertThat(of(samples, Metric.POWER).value()).as("GPU " + other).isPresent();
      }

      machine.set("slow nvmlDeviceGetPowerUsage off");
      FakeMachine.await(() -> isPresent(hasty.poll(FAST), 4));
    }
  }

  @Test
  void aCallThatIsKnownToHangIsNotWaitedFor() throws IOException {
    start("h100x8");
    try (NvmlBridge hasty = NvmlBridge.open(options().withPatience(Duration.ofSeconds(3)))) {
      machine.set("slow nvmlDeviceGetPowerUsage 600000ms gpu 4");
      assertThat(text(hasty.poll(FAST), 4)).startsWith("no answer within ");

      Poll poll = hasty.poll(ALL);

      assertThat(text(poll, 4)).matches("a call of \\d+ s ago has not come back");
      for (int other : new int[] {0, 3, 5, 7}) {
        assertThat(of(poll.gpus().get(other), Metric.POWER).value()).isPresent();
      }
      Answer<?> processes = hasty.processes(hasty.gpus().get(4));
      assertThat(why(processes)).isEqualTo(Problem.Kind.TIMED_OUT);

      machine.set("slow nvmlDeviceGetPowerUsage off");
      FakeMachine.await(() -> isPresent(hasty.poll(FAST), 4));
    }
  }

  private static String text(Poll poll, int index) {
    return of(poll.gpus().get(index), Metric.PRESENT).problem().orElseThrow().text();
  }

  @Test
  void aHangWhileItLooksForGpusHoldsUpNothingElse() throws IOException {
    start("h100x8");
    try (NvmlBridge hasty = NvmlBridge.open(options().withPatience(Duration.ofSeconds(3)))) {
      machine.set("slow nvmlDeviceGetCount_v2 600000ms");

      for (int turn = 0; turn < 3; turn++) {
        Poll poll = hasty.poll(ALL);
        assertThat(of(poll.gpus().get(7), Metric.POWER).value()).as("turn " + turn).isPresent();
      }

      machine.set("slow nvmlDeviceGetCount_v2 off", "gpu 7 removed");
      FakeMachine.await(() -> !isPresent(hasty.poll(ALL), 7));
    }
  }

  @Test
  void aHangIsOfOneGpuWhereNoEventsCanBeHeardToo() throws IOException {
    start("h100x8", "fail nvmlEventSetCreate 999");
    try (NvmlBridge hasty = NvmlBridge.open(options().withPatience(Duration.ofSeconds(3)))) {
      CountDownLatch deaf = new CountDownLatch(1);
      hasty.listen(notice -> deaf.countDown());
      machine.set("slow nvmlDeviceGetPowerUsage 600000ms gpu 4");
      FakeMachine.await(() -> deaf.getCount() == 0 && !isPresent(hasty.poll(FAST), 4));

      for (int turn = 0; turn < 20; turn++) {
        assertThat(isPresent(hasty.poll(FAST), 5)).as("turn " + turn).isTrue();
      }
      machine.set("slow nvmlDeviceGetPowerUsage off");
    }
  }

  @Test
  void closingDuringAHangLetsNvmlGoWhenTheCallIsBack() throws IOException {
    start("h100x8");
    NvmlBridge hasty = NvmlBridge.open(options().withPatience(Duration.ofMillis(200)));
    machine.set("slow nvmlDeviceGetPowerUsage 600000ms gpu 4");
    assertThat(isPresent(hasty.poll(FAST), 4)).isFalse();

    hasty.close();
    bridge.close();

    assertThat(machine.number("heal_fake_open")).as("a call is inside it").isEqualTo(1);
    assertThat(text(hasty.poll(FAST), 0)).isEqualTo("the bridge is closed");
    machine.set("slow nvmlDeviceGetPowerUsage off");
    FakeMachine.await(() -> machine.number("heal_fake_open") == 0);
  }

  @Test
  void noPermissionIsAnAnswer() throws IOException {
    start("h100x8", "fail nvmlDeviceGetSerial 4", "fail nvmlDeviceGetPowerUsage 4 gpu 0");

    assertThat(gpu(0).serial()).isEmpty();
    assertThat(why(of(read(0, FAST), Metric.POWER))).isEqualTo(Problem.Kind.NO_PERMISSION);
    assertThat(of(read(1, FAST), Metric.POWER).value()).isPresent();
  }
}
