package dev.heal.engine.cli.run.feed;

import dev.heal.dsl.policy.Site;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Topology;
import dev.heal.nvml.NvmlBridge;
import dev.heal.nvml.session.Gpu;

/**
 * Which GPU a PCI address of a kernel line means: as the site declares, else as NVML says. For one
 * thread.
 */
final class GpuNames {
  private final Topology names;
  private final NvmlBridge bridge;
  private final String node;

  GpuNames(Site site, String node, NvmlBridge bridge) {
    this.names = new Topology(site);
    this.node = node;
    this.bridge = bridge;
  }

  /** The entity, or itself where nobody knows better. */
  EntityId resolve(EntityId named) {
    EntityId resolved = names.resolve(named);
    if (!resolved.equals(named) || named.name().indexOf(':') < 0) {
      return resolved;
    }
    for (Gpu gpu : bridge.gpus()) {
      gpu.pci().ifPresent(pci -> names.gpuAddress(node, pci, EntityId.gpu(node, gpu.index())));
    }
    return names.resolve(named);
  }
}
