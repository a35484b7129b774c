package dev.heal.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.nvml.fake.FakeMachine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code heal gpus}, on a fake machine. */
class GpusCommandTest {
  private record Result(int code, String out, String err) {}

  @TempDir private Path folder;

  private static Result heal(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console = Console.of(new ByteArrayInputStream(new byte[0]), out, err);
    ExitCode code = new HealCommand(Commands.all(), console, Map.of()).run(List.of(arguments));
    return new Result(
        code.number(), out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private Result gpus(String machine, List<String> lines, String... options) throws IOException {
    try (FakeMachine fake = FakeMachine.of(machine, folder)) {
      fake.set(lines.toArray(String[]::new));
      List<String> arguments = new ArrayList<>(List.of("gpus", "--library", fake.library()));
      arguments.addAll(List.of(options));
      return heal(arguments.toArray(String[]::new));
    }
  }

  @Test
  void aTableSaysWhatIsAndWhatIsNot() throws IOException {
    Result result =
        gpus(
            "old-driver",
            List.of(
                "gpu 0 temperature 91",
                "gpu 0 power 250",
                "gpu 0 throttle hw_thermal",
                "gpu 0 ecc_uncorrected_volatile 2",
                "gpu 1 utilization unsupported",
                "gpu 2 lost on",
                "fail nvmlDeviceGetPowerUsage 4 gpu 3"));

    assertThat(result.err).isEmpty();
    assertThat(result.code).isZero();
    assertThat(result.out)
        .isEqualTo(
            """
            driver 450.80.02, NVML 11.450.80.02, CUDA 11.0, 4 GPUs

            GPU  PCI           NAME                  TEMP         POWER  UTIL           MEMORY  SM CLOCK  ECC  STATE
            0    0000:15:00.0  Tesla V100-SXM2-32GB  91 C  250 of 300 W   0 %  0.0 of 31.7 GiB   135 MHz  0/2  hw_thermal
            1    0000:16:00.0  Tesla V100-SXM2-32GB  38 C   44 of 300 W     -  0.0 of 31.7 GiB   135 MHz  0/0  ok
            2    -             -                        -             -     -                -         -    -  GPU lost
            3    0000:3b:00.0  Tesla V100-SXM2-32GB  39 C    - of 300 W   0 %  0.0 of 31.7 GiB   135 MHz  0/0  ok

            GPU 0, 3: not supported: fan, mig, recovery_action, remap_banks, remap_failed, remap_pending, remapped_rows_corrected, remapped_rows_uncorrected
            GPU 1: not supported: fan, memory_utilization, mig, recovery_action, remap_banks, remap_failed, remap_pending, remapped_rows_corrected, remapped_rows_uncorrected, utilization
            GPU 2: does not answer: GPU lost
            GPU 3: no permission: power
            """);
  }

  @Test
  void jsonIsOneObjectALine() throws IOException {
    Result result = gpus("h100x8", List.of("gpu 0 process 1 2GiB"), "--json");

    List<String> lines = result.out.lines().toList();
    assertThat(lines).hasSize(9);
    assertThat(lines.get(0)).contains("\"driver\":\"550.90.07\"").contains("\"gpus\":8");
    assertThat(lines.get(1))
        .contains("\"metric\":\"temperature\",\"kind\":\"gauge\",\"unit\":\"C\",\"value\":32.0")
        .contains(
            "\"metric\":\"fan\",\"kind\":\"gauge\",\"unit\":\"ratio\",\"problem\":\"not_supported\"")
        .contains("\"pid\":1")
        .contains("\"memory_bytes\":2147483648");
  }

  @Test
  void whatIsRecordedIsSimulated() throws IOException {
    Path recording = folder.resolve("gpus.jsonl");
    Result result =
        gpus(
            "h100x8",
            List.of("gpu 3 temperature 95"),
            "--record",
            recording.toString(),
            "--watch",
            "100ms",
            "--count",
            "5",
            "--node",
            "n1");
    assertThat(result.code).isZero();
    assertThat(result.err).startsWith("recording 8 GPUs to ").contains(" facts written to ");

    Path policy =
        Files.writeString(
            folder.resolve("hot.heal"),
            """
            heal 1
            fault hot on gpu "Too hot" {
              when       nvml.temperature >= 90C
              clear when nvml.temperature < 80C for 5s
              missing    freeze
            }
            policy cool {
              on hot, within 1m
              try     { throttle gpu { power 450W }, takes 1s, confirm nvml.temperature < 80C for 5s, timeout 1m }
              give up { page oncall }
            }
            pager oncall { webhook "https://example.org/page" }
            """);
    Result simulated =
        heal(
            "simulate",
            "--policies",
            policy.toString(),
            "--facts",
            recording.toString(),
            "--strict",
            "--format",
            "json");
    assertThat(simulated.err).doesNotContain("malformed").doesNotContain("unknown");
    assertThat(simulated.code).isZero();
    assertThat(simulated.out).contains("\"type\":\"fault_raised\"").contains("gpu:n1/3");
  }

  @Test
  void withoutALibraryItSaysWhatToDo() {
    Result result = heal("gpus", "--library", folder.resolve("none.so").toString());

    assertThat(result.code).isEqualTo(1);
    assertThat(result.out).isEmpty();
    assertThat(result.err)
        .startsWith("heal: no GPU can be seen: library missing: cannot load `")
        .endsWith("  install the NVIDIA driver, or name the library: --library PATH\n");
  }

  @Test
  void withoutADriverItSaysWhatToLookAt() throws IOException {
    Result result = gpus("h100x8", List.of("driver unloaded"));

    assertThat(result.code).isEqualTo(1);
    assertThat(result.err).contains("driver not loaded").contains("lsmod | grep nvidia");
  }

  @Test
  void optionsThatMakeNoSenseAreRefused() {
    assertThat(heal("gpus", "--watch", "soon").code).isEqualTo(2);
    assertThat(heal("gpus", "--watch", "1ms").err).contains("`1ms` is not a time of 100ms or more");
    assertThat(heal("gpus", "--count", "3").code).isEqualTo(2);
    assertThat(heal("gpus", "--json", "--record", "f").code).isEqualTo(2);
  }

  @Test
  void aRecordingThatCannotBeWrittenIsAnError() throws IOException {
    Result result = gpus("h100x8", List.of(), "--record", folder.toString(), "--count", "1");

    assertThat(result.code).isEqualTo(1);
    assertThat(result.err).contains(folder.toString());
  }
}
