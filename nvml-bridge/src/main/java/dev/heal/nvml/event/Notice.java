package dev.heal.nvml.event;

import dev.heal.nvml.answer.Problem;
import dev.heal.nvml.session.Gpu;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the listening thread tells. */
public sealed interface Notice {
  Instant at();

  /**
   * Something happened on a GPU.
   *
   * @param gpu empty for a handle that no GPU has any longer
   * @param data the code of a Xid; of other events as NVML gives it
   * @param gpuInstance of MIG, where it happened in one
   */
  record GpuEvent(
      Instant at,
      Optional<Gpu> gpu,
      EventType type,
      long data,
      Optional<Integer> gpuInstance,
      Optional<Integer> computeInstance)
      implements Notice {}

  /** It listens from now on. What a GPU does not offer is not heard of it. */
  record Listening(Instant at, Map<Gpu, Set<EventType>> offered) implements Notice {
    public Listening {
      offered = Map.copyOf(offered);
    }
  }

  /** It does not listen from now on: what happens is not heard. */
  record Interrupted(Instant at, Problem why) implements Notice {}
}
