package dev.heal.dsl.policy;

import dev.heal.dsl.vocabulary.EntityKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The machines of a site, as declared, and what they are called in facts. */
public record Site(List<Node> nodes, List<Service> services, List<Job> jobs, List<Pager> pagers) {
  public static final Site EMPTY = new Site(List.of(), List.of(), List.of(), List.of());

  public Site {
    nodes = List.copyOf(nodes);
    services = List.copyOf(services);
    jobs = List.copyOf(jobs);
    pagers = List.copyOf(pagers);
  }

  /**
   * @param attributes {@code pool}, {@code rack} and free labels
   */
  public record Node(
      String name, Map<String, String> attributes, Optional<Duration> heartbeat, List<Gpu> gpus) {
    public Node {
      attributes = Map.copyOf(attributes);
      gpus = List.copyOf(gpus);
    }
  }

  /**
   * @param pci lower case, {@code 0000:3b:00}
   */
  public record Gpu(int index, Optional<String> pci, Map<String, String> attributes) {
    public Gpu {
      attributes = Map.copyOf(attributes);
    }
  }

  /**
   * @param node where it stands; empty: nowhere yet
   * @param gpus indices on its node
   * @param profiles names that {@code degrade} may switch to
   * @param intervals of signals that the site declares ({@code health.ok}, {@code heartbeat})
   */
  public record Service(
      String name,
      Optional<String> node,
      List<Integer> gpus,
      List<String> profiles,
      Optional<String> queue,
      Map<String, String> attributes,
      Map<String, Duration> intervals) {
    public Service {
      gpus = List.copyOf(gpus);
      profiles = List.copyOf(profiles);
      attributes = Map.copyOf(attributes);
      intervals = Map.copyOf(intervals);
    }
  }

  public record Job(String name, List<String> nodes, Map<String, String> attributes) {
    public Job {
      nodes = List.copyOf(nodes);
      attributes = Map.copyOf(attributes);
    }
  }

  public record Pager(String name) {}

  /** {@code window "Sun 02:00" 4h "UTC"} and the like. */
  public record Maintenance(
      String name,
      Optional<Condition> where,
      EntityKind whereOn,
      List<Window> windows,
      List<String> allowed) {
    public Maintenance {
      windows = List.copyOf(windows);
      allowed = List.copyOf(allowed);
    }
  }

  /**
   * @param weekday 1 (Monday) .. 7; empty: every day
   * @param minuteOfDay 0..1439
   */
  public record Window(
      java.util.OptionalInt weekday, int minuteOfDay, Duration length, java.time.ZoneId zone) {}

  /** Stops all acting when a share of entities of a kind faults within {@code over}. */
  public record Breaker(
      String name, double share, EntityKind subject, Duration over, Optional<String> pager) {}
}
