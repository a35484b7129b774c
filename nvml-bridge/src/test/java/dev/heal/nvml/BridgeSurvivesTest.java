package dev.heal.nvml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.nvml.answer.Problem;
import dev.heal.nvml.fake.FakeMachine;
import dev.heal.nvml.metric.GpuSamples;
import dev.heal.nvml.metric.Metric;
import dev.heal.nvml.metric.Poll;
import dev.heal.nvml.session.Gpu;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
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
  void noPermissionIsAnAnswer() throws IOException {
    start("h100x8", "fail nvmlDeviceGetSerial 4", "fail nvmlDeviceGetPowerUsage 4 gpu 0");

    assertThat(gpu(0).serial()).isEmpty();
    assertThat(why(of(read(0, FAST), Metric.POWER))).isEqualTo(Problem.Kind.NO_PERMISSION);
    assertThat(of(read(1, FAST), Metric.POWER).value()).isPresent();
  }
}
