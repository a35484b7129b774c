package dev.heal.dsl.policy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a service or job is started, watched and acted upon, as its site declares it.
 *
 * @param logs paths with wildcards, besides its own output
 * @param profiles by the names that {@code degrade} may switch to
 * @param bindings by verb
 */
public record Means(
    Optional<Launch> launch,
    List<String> logs,
    Optional<Probe> health,
    Optional<Metrics> metrics,
    Map<String, Profile> profiles,
    Map<String, Way.Binding> bindings) {
  /** Of a service of which only the name is known. */
  public static final Means NONE =
      new Means(
          Optional.empty(), List.of(), Optional.empty(), Optional.empty(), Map.of(), Map.of());

  public Means {
    logs = List.copyOf(logs);
    profiles = Map.copyOf(profiles);
    bindings = Map.copyOf(bindings);
  }

  /** What starts it. */
  public sealed interface Launch {
    <R> R match(Launch.Cases<R> cases);

    /** One for each. */
    interface Cases<R> {
      R argv(Launch.Argv launch);

      R unit(Launch.Unit launch);

      R container(Launch.Container launch);

      R slurmJob(Launch.SlurmJob launch);
    }

    /**
     * {@code run ["python3", …]}: the engine starts it as its child.
     *
     * @param environment on top of the engine's own
     * @param directory where it is started; empty: where the engine is
     * @param user whom it runs as; empty: as the engine
     */
    record Argv(
        List<String> argv,
        Map<String, String> environment,
        Optional<String> directory,
        Optional<String> user)
        implements Launch {
      public Argv {
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
        if (argv.isEmpty()) {
          throw new IllegalArgumentException("a command has at least its program");
        }
      }

      @Override
      public <R> R match(Launch.Cases<R> cases) {
        return cases.argv(this);
      }
    }

    /** {@code unit "vllm.service"}. */
    record Unit(String name) implements Launch {
      @Override
      public <R> R match(Launch.Cases<R> cases) {
        return cases.unit(this);
      }
    }

    /** {@code container "vllm"}. */
    record Container(String name) implements Launch {
      @Override
      public <R> R match(Launch.Cases<R> cases) {
        return cases.container(this);
      }
    }

    /**
     * {@code slurm 4711}.
     *
     * @param id a number, or {@code 4711_3} of an array
     */
    record SlurmJob(String id) implements Launch {
      @Override
      public <R> R match(Launch.Cases<R> cases) {
        return cases.slurmJob(this);
      }
    }
  }

  /** {@code health "http://…" every 2s}: what is asked, and how often. */
  public sealed interface Probe {
    Duration every();

    <R> R match(Probe.Cases<R> cases);

    /** One for each. */
    interface Cases<R> {
      R http(Probe.Http probe);

      R tcp(Probe.Tcp probe);

      R command(Probe.Command probe);
    }

    /** It answers a GET with 2xx. */
    record Http(URI uri, Duration every) implements Probe {
      @Override
      public <R> R match(Probe.Cases<R> cases) {
        return cases.http(this);
      }
    }

    /**
     * It accepts a connection.
     *
     * @param port 1..65535
     */
    record Tcp(String host, int port, Duration every) implements Probe {
      public Tcp {
        if (host.isEmpty() || port < 1 || port > 65_535) {
          throw new IllegalArgumentException("no address: " + host + ":" + port);
        }
      }

      @Override
      public <R> R match(Probe.Cases<R> cases) {
        return cases.tcp(this);
      }
    }

    /** The command ends with 0. */
    record Command(List<String> argv, Duration every) implements Probe {
      public Command {
        argv = List.copyOf(argv);
      }

      @Override
      public <R> R match(Probe.Cases<R> cases) {
        return cases.command(this);
      }
    }
  }

  /** Where its figures are read. */
  public sealed interface Metrics {
    <R> R match(Metrics.Cases<R> cases);

    /** One for each. */
    interface Cases<R> {
      R endpoint(Metrics.Endpoint metrics);

      R file(Metrics.File metrics);
    }

    /** {@code metrics "http://…" every 5s}: the text format of Prometheus. */
    record Endpoint(URI uri, Duration every) implements Metrics {
      @Override
      public <R> R match(Metrics.Cases<R> cases) {
        return cases.endpoint(this);
      }
    }

    /** {@code metrics file "/var/log/train/metrics.jsonl"}: JSON Lines. */
    record File(String path) implements Metrics {
      @Override
      public <R> R match(Metrics.Cases<R> cases) {
        return cases.file(this);
      }
    }
  }

  /** {@code profile lean { … }}: what changes, in the order of the file. */
  public record Profile(String name, List<Change> changes) {
    public Profile {
      changes = List.copyOf(changes);
    }
  }

  /** One change of a profile. */
  public sealed interface Change {
    <R> R match(Change.Cases<R> cases);

    /** One for each. */
    interface Cases<R> {
      R environment(Change.Environment change);

      R http(Change.Http change);

      R file(Change.File change);
    }

    /** {@code env ["MAX_NUM_SEQS=64"]}: restarted with these on top. */
    record Environment(Map<String, String> values) implements Change {
      public Environment {
        values = Map.copyOf(values);
      }

      @Override
      public <R> R match(Change.Cases<R> cases) {
        return cases.environment(this);
      }
    }

    /** {@code http "POST …/lean", undo http "POST …/full"}. */
    record Http(Way.HttpCall there, Way.HttpCall back) implements Change {
      @Override
      public <R> R match(Change.Cases<R> cases) {
        return cases.http(this);
      }
    }

    /** {@code file "/etc/llm/mode" "lean"}: the file holds this text. */
    record File(String path, String text) implements Change {
      @Override
      public <R> R match(Change.Cases<R> cases) {
        return cases.file(this);
      }
    }
  }
}
