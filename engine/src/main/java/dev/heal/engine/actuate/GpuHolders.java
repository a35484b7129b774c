package dev.heal.engine.actuate;

import dev.heal.engine.actuate.restart.Holders;
import dev.heal.engine.fact.EntityId;
import dev.heal.nvml.NvmlBridge;
import dev.heal.nvml.answer.Answer;
import dev.heal.nvml.metric.GpuProcess;
import dev.heal.nvml.session.Gpu;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who holds the GPUs of a service, as NVML says.
 *
 * @param gpus with the addresses that the site declares
 * @param shared whether the site puts other work on them too
 */
record GpuHolders(Optional<NvmlBridge> bridge, Map<EntityId, Optional<String>> gpus, boolean shared)
    implements Holders {
  @Override
  public Look look() {
    if (bridge.isEmpty()) {
      return new Look(List.of(), Optional.of("this engine has no NVML"));
    }
    List<Holder> holders = new ArrayList<>();
    List<String> untold = new ArrayList<>();
    gpus.forEach(
        (entity, pci) -> {
          Optional<Gpu> gpu = GpuActs.find(bridge.get(), entity, pci);
          if (gpu.isEmpty()) {
            untold.add("NVML sees no " + entity);
            return;
          }
          Answer<List<GpuProcess>> answer = bridge.get().processes(gpu.get());
          answer.problem().ifPresent(problem -> untold.add(entity + ": " + problem));
          answer
              .value()
              .ifPresent(
                  processes ->
                      processes.forEach(
                          p -> holders.add(new Holder(entity.toString(), p.pid(), p.name()))));
        });
    return new Look(
        holders, untold.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", untold)));
  }
}
