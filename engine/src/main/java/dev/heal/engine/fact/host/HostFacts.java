package dev.heal.engine.fact.host;

import dev.heal.dsl.policy.Site;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.source.scheduling.NodeState;
import java.util.List;
import java.util.Map;

/** What is read of this host, as facts. */
public final class HostFacts {
  private final EntityId node;

  /**
   * @param node the name of this host in the site
   */
  public HostFacts(String node) {
    this.node = EntityId.node(node);
  }

  /** The engine runs, so its host does. */
  public Fact heartbeat(long at) {
    return new Fact.Event(at, node, "heartbeat", Map.of());
  }

  /**
   * A share.
   *
   * @param signal {@code cpu.used}, {@code memory.used}, {@code disk.used}, {@code net.loss}
   * @param share 0..1
   */
  public Fact share(String signal, double share, long at) {
    return new Fact.Sample(at, node, signal, share);
  }

  /**
   * The round trip to the reference host.
   *
   * @param nanos how long it took
   */
  public Fact roundTrip(long nanos, long at) {
    return new Fact.Sample(at, node, Site.Reference.SIGNAL, nanos / 1e9);
  }

  /** Whether new work is placed on it, and who has cordoned it: nobody, or nobody knows, is "". */
  public List<Fact> state(NodeState state, long at) {
    return List.of(
        new Fact.Word(at, node, "cordoned_by", state.by().orElse("")),
        new Fact.Sample(at, node, "cordoned", state.cordoned() ? 1 : 0),
        new Fact.Sample(at, node, "schedulable", state.schedulable() ? 1 : 0));
  }

  /** The kernel killed processes of a service for memory. */
  public static Fact oomKill(EntityId service, long kills, long at) {
    String what = kills == 1 ? "a process" : kills + " processes";
    return new Fact.Event(
        at,
        service,
        "oom_kill",
        Map.of("line", "the kernel killed %s of it for memory".formatted(what)));
  }
}
