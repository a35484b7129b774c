package dev.heal.nvml.metric;

import dev.heal.nvml.answer.Answer;
import dev.heal.nvml.answer.Problem;
import dev.heal.nvml.binding.Device;
import dev.heal.nvml.binding.Symbol;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads a GPU. */
public final class GpuReader {
  /** {@code NVML_ERROR_NOT_FOUND}: no instance in this slot. */
  private static final int NOT_FOUND = 6;

  private GpuReader() {}

  /** All metrics of these cadences; the GPU's problem where it does not answer at all. */
  public static Answer<List<Sample>> samples(Device device, Set<Cadence> cadences) {
    Answer<Boolean> sign = device.gives(Symbol.UUID);
    if (sign.problem().filter(p -> p.kind() != Problem.Kind.NOT_SUPPORTED).isPresent()) {
      return sign.map(given -> List.of());
    }
    Samples out = new Samples();
    out.add(Metric.PRESENT, "", Answer.of(new Value.Flag(true)));
    if (cadences.contains(Cadence.FAST)) {
      new FastReader(device, out).read();
    }
    if (cadences.contains(Cadence.SLOW)) {
      new SlowReader(device, out).read();
    }
    return Answer.of(out.all());
  }

  /** The one sample of a GPU that does not answer. */
  public static List<Sample> absent(Problem problem) {
    return List.of(new Sample(Metric.PRESENT, "", Answer.none(problem)));
  }

  /** Who holds it. */
  public static Answer<List<GpuProcess>> processes(Device device) {
    return Processes.of(device);
  }

  /** Its slices; none where it is not in MIG mode. */
  public static Answer<List<MigInstance>> instances(Device device) {
    return device
        .pair(Symbol.MIG_MODE)
        .then(
            mode ->
                mode.first() == 0
                    ? Answer.of(List.of())
                    : device.number(Symbol.MAX_MIG_DEVICES).then(most -> instances(device, most)));
  }

  private static Answer<List<MigInstance>> instances(Device device, long most) {
    List<MigInstance> instances = new ArrayList<>();
    for (int slot = 0; slot < most; slot++) {
      Answer<Device> slice = device.slice(slot);
      if (slice.problem().filter(p -> p.code() == NOT_FOUND).isPresent()) {
        continue;
      }
      Answer<MigInstance> instance = slice.then(GpuReader::instance);
      if (instance.problem().isPresent()) {
        return Answer.none(instance.problem().get());
      }
      instance.value().ifPresent(instances::add);
    }
    return Answer.of(instances);
  }

  private static Answer<MigInstance> instance(Device slice) {
    Answer<FrameBuffer> memory = FrameBuffer.of(slice);
    return slice
        .text(Symbol.UUID)
        .then(
            uuid ->
                slice
                    .number(Symbol.GPU_INSTANCE_ID)
                    .then(
                        gpu ->
                            slice
                                .number(Symbol.COMPUTE_INSTANCE_ID)
                                .map(
                                    compute ->
                                        new MigInstance(
                                            uuid,
                                            gpu.intValue(),
                                            compute.intValue(),
                                            memory.map(FrameBuffer::used),
                                            memory.map(FrameBuffer::total)))));
  }
}
