package dev.heal.dsl.policy;

import dev.heal.dsl.vocabulary.EntityKind;
import java.net.URI;
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

  /** A canonical text of all that it says; equal for two that differ only in where they stand. */
  public String meaning() {
    return Sense.of(this);
  }

  /**
   * @param attributes {@code pool}, {@code rack} and free labels
   * @param reference what the round trip of its network is measured to; empty: nothing measures it
   * @param scheduling what says whether new work is placed on it; empty: Slurm, where a verb is
   *     bound to it, or nobody
   * @param bindings by verb: {@code fence via command […]}
   */
  public record Node(
      String name,
      Map<String, String> attributes,
      Optional<Duration> heartbeat,
      Optional<Reference> reference,
      Optional<Scheduling> scheduling,
      List<Gpu> gpus,
      Map<String, Way.Binding> bindings) {
    public Node {
      attributes = Map.copyOf(attributes);
      gpus = List.copyOf(gpus);
      bindings = Map.copyOf(bindings);
    }
  }

  /**
   * {@code reference "10.0.0.1:443" every 1s}: the host, and the port of TCP, to which the round
   * trip is measured.
   *
   * @param host a name or an address
   * @param port 1..65535
   */
  public record Reference(String host, int port, Duration every) {
    /** What this measures. */
    public static final String SIGNAL = "net.rtt";

    public Reference {
      if (host.isEmpty() || port < 1 || port > 65_535 || every.isNegative() || every.isZero()) {
        throw new IllegalArgumentException(
            "no reference: %s:%d every %s".formatted(host, port, every));
      }
    }
  }

  /**
   * {@code scheduling command ["/opt/site/node-state"] every 10s}: says in one line whether new
   * work is placed on the node.
   *
   * @param argv the program and its arguments, without a shell
   */
  public record Scheduling(List<String> argv, Duration every) {
    /** What this tells that has an interval. */
    public static final List<String> SIGNALS = List.of("cordoned", "schedulable");

    public Scheduling {
      argv = List.copyOf(argv);
      if (argv.isEmpty() || every.isNegative() || every.isZero()) {
        throw new IllegalArgumentException("no command: %s every %s".formatted(argv, every));
      }
    }
  }

  /**
   * @param pci lower case, {@code 0000:3b:00}
   * @param bindings by verb; what is not bound goes through NVML
   */
  public record Gpu(
      int index,
      Optional<String> pci,
      Map<String, String> attributes,
      Map<String, Way.Binding> bindings) {
    public Gpu {
      attributes = Map.copyOf(attributes);
      bindings = Map.copyOf(bindings);
    }
  }

  /**
   * @param node where it stands; empty: nowhere yet
   * @param gpus indices on its node
   * @param queue where it takes its requests from
   * @param intervals of signals that the site declares ({@code health.ok}, {@code heartbeat}); that
   *     of its metrics under {@link #METRICS}
   */
  public record Service(
      String name,
      Optional<String> node,
      List<Integer> gpus,
      Optional<Queue> queue,
      Map<String, String> attributes,
      Map<String, Duration> intervals,
      Means means) {
    /** What the names of all signals of its endpoint begin with: they have one interval. */
    public static final String METRICS = "metric.";

    public Service {
      gpus = List.copyOf(gpus);
      attributes = Map.copyOf(attributes);
      intervals = Map.copyOf(intervals);
    }
  }

  public record Job(String name, List<String> nodes, Map<String, String> attributes, Means means) {
    public Job {
      nodes = List.copyOf(nodes);
      attributes = Map.copyOf(attributes);
    }
  }

  /** A human is told in every one of the ways. */
  public record Pager(String name, List<Notifier> notifiers) {
    public Pager {
      notifiers = List.copyOf(notifiers);
      if (notifiers.isEmpty()) {
        throw new IllegalArgumentException("a pager tells somebody");
      }
    }
  }

  /** How a pager tells. */
  public sealed interface Notifier {
    <R> R match(Cases<R> cases);

    /** One for each. */
    interface Cases<R> {
      R webhook(Webhook notifier);

      R alertmanager(Alertmanager notifier);

      R command(Command notifier);
    }

    /** A JSON object is posted there. */
    record Webhook(URI uri) implements Notifier {
      @Override
      public <R> R match(Cases<R> cases) {
        return cases.webhook(this);
      }
    }

    /** Where an Alertmanager stands, without the path of its API. */
    record Alertmanager(URI uri) implements Notifier {
      @Override
      public <R> R match(Cases<R> cases) {
        return cases.alertmanager(this);
      }
    }

    /** A command, without a shell. */
    record Command(List<String> argv) implements Notifier {
      public Command {
        argv = List.copyOf(argv);
      }

      @Override
      public <R> R match(Cases<R> cases) {
        return cases.command(this);
      }
    }
  }

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
