package dev.heal.dsl.policy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How a verb is carried out: what stands behind {@code via}. */
public sealed interface Way {
  <R> R match(Cases<R> cases);

  /** One for each way. */
  interface Cases<R> {
    R supervised(Supervised way);

    R systemd(Systemd way);

    R container(Container way);

    R slurm(Slurm way);

    R http(Http way);

    R command(Command way);
  }

  /** The engine's own child process. */
  record Supervised() implements Way {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.supervised(this);
    }
  }

  /**
   * A unit of the host's systemd.
   *
   * @param unit {@code vllm.service}
   */
  record Systemd(String unit) implements Way {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.systemd(this);
    }
  }

  /**
   * A container behind the host's Docker-compatible socket.
   *
   * @param name its name or id
   */
  record Container(String name) implements Way {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.container(this);
    }
  }

  /**
   * Slurm, through {@code scontrol}.
   *
   * @param name what Slurm calls it: a job's id, a node's name
   */
  record Slurm(String name) implements Way {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.slurm(this);
    }
  }

  /** A request. */
  record Http(HttpCall call) implements Way {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.http(this);
    }
  }

  /**
   * A command, without a shell.
   *
   * @param argv the program and its arguments, at least one
   */
  record Command(List<String> argv) implements Way {
    public Command {
      argv = List.copyOf(argv);
      if (argv.isEmpty()) {
        throw new IllegalArgumentException("a command has at least its program");
      }
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.command(this);
    }
  }

  /**
   * {@code "POST http://127.0.0.1:8000/snapshot"}.
   *
   * @param method in upper case
   * @param uri of {@code http} or {@code https}, with a host
   */
  record HttpCall(String method, URI uri) {}

  /**
   * {@code restart via systemd { timeout 2m }}.
   *
   * @param timeout after which what became of it is unknown; empty: from what the step takes
   * @param undo how it is taken back: {@code throttle via http "…" { undo http "…" }}; empty: by
   *     the same way, which is told so
   */
  record Binding(Way way, Optional<Duration> timeout, Optional<Way> undo) {
    /** One that is taken back by the same way, if at all. */
    public Binding(Way way, Optional<Duration> timeout) {
      this(way, timeout, Optional.empty());
    }
  }
}
