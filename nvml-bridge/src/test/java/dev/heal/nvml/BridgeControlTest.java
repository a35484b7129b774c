package dev.heal.nvml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.nvml.answer.Answer;
import dev.heal.nvml.answer.Problem;
import dev.heal.nvml.control.ClockDomain;
import dev.heal.nvml.control.ClockRange;
import dev.heal.nvml.control.GpuControl;
import dev.heal.nvml.control.Replaced;
import dev.heal.nvml.metric.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is done to a GPU, and undone. */
class BridgeControlTest extends BridgeCase {
  @BeforeAll
  static void onlyAnAdministratorMayChangeGpus() throws IOException {
    boolean root =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .anyMatch(line -> line.startsWith("Uid:\t0\t"));
    Assumptions.assumeTrue(root, "SKIPPED: to change a GPU takes root, and this is not root");
  }

  @Test
  void aPowerLimitIsSetAndPutBack() throws IOException {
    start("h100x8", "gpu 0 power 640");
    GpuControl control = bridge.control();

    Answer<Replaced> before = control.setPowerLimit(gpu(0), 450);

    assertThat(before).isEqualTo(Answer.of(new Replaced.PowerLimit(gpu(0), 700)));
    assertThat(of(read(0, ALL), Metric.POWER_LIMIT)).isEqualTo(gauge(450));
    assertThat(of(read(0, FAST), Metric.POWER)).as("it helps").isEqualTo(gauge(450));

    Answer<Replaced> meanwhile = before.then(replaced -> replaced.restore(control));
    assertThat(meanwhile).isEqualTo(Answer.of(new Replaced.PowerLimit(gpu(0), 450)));
    assertThat(of(read(0, ALL), Metric.POWER_LIMIT)).isEqualTo(gauge(700));
    assertThat(of(read(1, ALL), Metric.POWER_LIMIT)).as("the others").isEqualTo(gauge(700));
  }

  @Test
  void aPowerLimitOutOfRangeChangesNothing() throws IOException {
    start("h100x8");

    Answer<Replaced> refused = bridge.control().setPowerLimit(gpu(0), 750);

    assertThat(refused.problem().orElseThrow().code()).isEqualTo(2);
    assertThat(refused.problem().orElseThrow().text())
        .startsWith("a power limit of 750 W is out of range: GPU 0")
        .endsWith("takes 200 to 700 W");
    assertThat(of(read(0, ALL), Metric.POWER_LIMIT)).isEqualTo(gauge(700));
  }

  @Test
  void theDriverMayRefuse() throws IOException {
    start("h100x8", "permission denied");

    assertThat(why(bridge.control().setPowerLimit(gpu(0), 450)))
        .isEqualTo(Problem.Kind.NO_PERMISSION);
    assertThat(why(bridge.control().resetClocks(gpu(0), ClockDomain.GPU)))
        .isEqualTo(Problem.Kind.NO_PERMISSION);
  }

  @Test
  void clocksAreLockedAndLetGo() throws IOException {
    start("h100x8", "gpu 0 clock_sm 1900", "gpu 0 clock_graphics 1900");
    GpuControl control = bridge.control();
    ClockRange slow = new ClockRange(210, 1200);

    Answer<Replaced> first = control.lockClocks(gpu(0), ClockDomain.GPU, slow);
    assertThat(of(read(0, FAST), Metric.SM_CLOCK)).isEqualTo(gauge(1.2e9));
    Answer<Replaced> second = control.lockClocks(gpu(0), ClockDomain.GPU, new ClockRange(210, 900));

    assertThat(first)
        .isEqualTo(Answer.of(new Replaced.Clocks(gpu(0), ClockDomain.GPU, Optional.empty())));
    assertThat(second)
        .isEqualTo(Answer.of(new Replaced.Clocks(gpu(0), ClockDomain.GPU, Optional.of(slow))));
    second.then(replaced -> replaced.restore(control));
    assertThat(of(read(0, FAST), Metric.SM_CLOCK)).isEqualTo(gauge(1.2e9));
    first.then(replaced -> replaced.restore(control));
    assertThat(of(read(0, FAST), Metric.SM_CLOCK)).isEqualTo(gauge(1.9e9));
    assertThat(why(control.lockClocks(gpu(0), ClockDomain.GPU, new ClockRange(2500, 2600))))
        .as("above the highest")
        .isEqualTo(Problem.Kind.FAILED);
  }

  @Test
  void anOldDriverCannotLockMemoryClocks() throws IOException {
    start("old-driver");

    assertThat(
            why(bridge.control().lockClocks(gpu(0), ClockDomain.MEMORY, new ClockRange(405, 810))))
        .isEqualTo(Problem.Kind.NOT_SUPPORTED);
  }

  @Test
  void aGpuThatIsHeldIsNotReset() throws IOException {
    Path tool = startWithResetTool("gpu 4 process 1 1GiB");

    Answer<String> refused = bridge.control().reset(gpu(4));

    assertThat(refused.problem().orElseThrow().code()).isEqualTo(19);
    assertThat(refused.problem().orElseThrow().text()).contains("is held by 1 (");
    assertThat(Files.exists(tool.resolveSibling("asked"))).as("not run").isFalse();
  }

  @Test
  void aLostGpuIsResetAndAnswersAgain() throws IOException {
    Path tool = startWithResetTool();
    machine.set("gpu 4 lost on");

    Answer<String> said = bridge.control().reset(gpu(4));

    assertThat(said.value()).contains("GPU was successfully reset.");
    assertThat(Files.readString(tool.resolveSibling("asked")))
        .isEqualTo("--gpu-reset -i " + gpu(4).uuid().orElseThrow() + "\n");
    assertThat(isPresent(bridge.poll(FAST), 4)).isTrue();
    assertThat(isPresent(bridge.poll(FAST), 0)).isTrue();
  }

  @Test
  void aGpuThatWasLostFromTheStartIsResetByItsIndex() throws IOException {
    Path tool = startWithResetTool("gpu 4 lost on");

    assertThat(bridge.control().reset(gpu(4)).value()).contains("GPU was successfully reset.");
    assertThat(Files.readString(tool.resolveSibling("asked"))).isEqualTo("--gpu-reset -i 4\n");
    assertThat(gpu(4).uuid()).isPresent();
  }

  @Test
  void aToolThatFailsIsQuoted() throws IOException {
    Path tool = startWithResetTool();
    Files.writeString(tool, "#!/bin/sh\necho 'Unable to reset GPU: in use'\nexit 19\n");

    Problem problem = bridge.control().reset(gpu(0)).problem().orElseThrow();

    assertThat(problem.code()).isEqualTo(19);
    assertThat(problem.text()).endsWith("said: Unable to reset GPU: in use");
    assertThat(isPresent(bridge.poll(FAST), 0)).as("NVML is taken again").isTrue();
  }

  @Test
  void withoutAToolNothingIsReset() throws IOException {
    startWithResetTool();
    bridge.close();
    bridge = NvmlBridge.open(options().withResetTool(folder.resolve("nothing-there")));

    assertThat(why(bridge.control().reset(gpu(0)))).isEqualTo(Problem.Kind.NOT_SUPPORTED);
  }

  /** A tool that does to the machine what the driver's would, and writes down how it was called. */
  private Path startWithResetTool(String... lines) throws IOException {
    start("h100x8", lines);
    Path tool = folder.resolve("nvidia-smi");
    Files.writeString(
        tool,
        """
        #!/bin/sh
        echo "$*" > "%1$s/asked"
        echo 'gpu 4 lost off' >> "%1$s/machine"
        echo 'GPU was successfully reset.'
        """
            .formatted(folder));
    Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
    bridge.close();
    bridge = NvmlBridge.open(options().withResetTool(tool));
    return tool;
  }
}
