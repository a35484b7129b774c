package dev.heal.nvml;

import dev.heal.nvml.answer.Answer;
import dev.heal.nvml.answer.Problem;
import dev.heal.nvml.fake.FakeMachine;
import dev.heal.nvml.metric.Cadence;
import dev.heal.nvml.metric.GpuSamples;
import dev.heal.nvml.metric.Metric;
import dev.heal.nvml.metric.Poll;
import dev.heal.nvml.metric.Sample;
import dev.heal.nvml.metric.Value;
import dev.heal.nvml.session.Gpu;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A bridge on a machine of its own, once it is started. */
@SuppressWarnings("NullAway.Init")
abstract class BridgeCase {
  static final Set<Cadence> FAST = EnumSet.of(Cadence.FAST);
  static final Set<Cadence> SLOW = EnumSet.of(Cadence.SLOW);
  static final Set<Cadence> ALL = EnumSet.allOf(Cadence.class);

  @TempDir Path folder;
  FakeMachine machine;
  NvmlBridge bridge;

  void start(String name, String... lines) throws IOException {
    machine = FakeMachine.of(name, folder).set(lines);
    bridge = NvmlBridge.open(options());
  }

  /** Patient: a machine that builds something else too must not fail a test. */
  NvmlOptions options() {
    return NvmlOptions.ofThisHost()
        .withLibrary(machine.library())
        .withPatience(Duration.ofSeconds(20));
  }

  @AfterEach
  void stop() {
    if (bridge != null) {
      bridge.close();
    }
    if (machine != null) {
      machine.close();
    }
  }

  Gpu gpu(int index) {
    return bridge.gpus().get(index);
  }

  GpuSamples read(int index, Set<Cadence> cadences) {
    return bridge.poll(cadences).gpus().get(index);
  }

  static Answer<Value> of(GpuSamples samples, Metric metric) {
    return samples.of(metric).orElseThrow();
  }

  static Answer<Value> of(GpuSamples samples, Metric metric, String part) {
    return samples.samples().stream()
        .filter(s -> s.metric() == metric && s.part().equals(part))
        .map(Sample::answer)
        .findFirst()
        .orElseThrow();
  }

  static Answer<Value> gauge(double value) {
    return Answer.of(new Value.Gauge(value));
  }

  static Answer<Value> count(long value) {
    return Answer.of(new Value.Count(value));
  }

  static Answer<Value> flag(boolean on) {
    return Answer.of(new Value.Flag(on));
  }

  static Answer<Value> words(String... words) {
    return Answer.of(new Value.Words(List.of(words)));
  }

  static Problem.Kind why(Answer<?> answer) {
    return answer.problem().orElseThrow().kind();
  }

  /** Whether NVML answers for it, as a poll sees it. */
  static boolean isPresent(Poll poll, int index) {
    return of(poll.gpus().get(index), Metric.PRESENT).value().isPresent();
  }
}
