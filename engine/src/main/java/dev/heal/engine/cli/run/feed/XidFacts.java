package dev.heal.engine.cli.run.feed;

import dev.heal.dsl.policy.Site;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.nvml.XidOnce;
import dev.heal.nvml.NvmlBridge;
import java.util.List;

/**
 * Facts about GPUs by their index, each Xid once, whether NVML or the kernel log told it first. On
 * the loop's thread.
 */
public final class XidFacts {
  private final String node;
  private final NvmlBridge bridge;
  private volatile GpuNames names;
  private final XidOnce once = new XidOnce();

  /** For the GPUs of a node. */
  public XidFacts(Site site, String node, NvmlBridge bridge) {
    this.node = node;
    this.bridge = bridge;
    this.names = new GpuNames(site, node, bridge);
  }

  /** From here on, the GPUs are called as this site says; from any thread. */
  public void follow(Site site) {
    names = new GpuNames(site, node, bridge);
  }

  List<? extends Fact> ofKernel(Fact fact, long stamp) {
    if (fact instanceof Fact.Event event) {
      Fact.Event named =
          new Fact.Event(stamp, names.resolve(event.entity()), event.signal(), event.fields());
      return isXid(named)
          ? at(once.take(named, XidOnce.Teller.KERNEL_LOG, stamp), stamp)
          : List.of(named);
    }
    return List.of(fact);
  }

  List<? extends Fact> ofNvml(Fact.Event event, long stamp) {
    Fact.Event now = event.heardAt(stamp);
    return isXid(now) ? at(once.take(now, XidOnce.Teller.NVML, stamp), stamp) : List.of(now);
  }

  /** Those that have waited for their line in vain. */
  List<? extends Fact> due(long stamp) {
    return at(once.due(stamp), stamp);
  }

  private static boolean isXid(Fact.Event event) {
    return event.signal().equals("xid");
  }

  private static List<Fact.Event> at(List<Fact.Event> facts, long stamp) {
    return facts.stream().map(fact -> fact.heardAt(stamp)).toList();
  }
}
