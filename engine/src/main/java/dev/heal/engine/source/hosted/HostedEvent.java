package dev.heal.engine.source.hosted;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What is known of one of them; {@code name} is that of the unit or container. */
public sealed interface HostedEvent {
  /** One for each. */
  interface Cases<R> {
    R state(State state);

    R exited(Exited exited);

    R oomKilled(OomKilled killed);

    R processes(Processes processes);

    R checked(Checked checked);
  }

  String name();

  <R> R match(Cases<R> cases);

  /**
   * How it is: told at each change, and again and again while that is known.
   *
   * @param restarts how often its keeper has started it again by itself
   */
  record State(String name, boolean running, OptionalLong restarts) implements HostedEvent {
    public State {
      Objects.requireNonNull(restarts);
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.state(this);
    }
  }

  /**
   * Its main process has ended. Both are there where its keeper tells a signal by a code only, and
   * neither where nobody has seen how.
   *
   * @param code 0 to 255
   * @param signal {@code SIGSEGV}
   */
  record Exited(String name, OptionalInt code, Optional<String> signal) implements HostedEvent {
    public Exited {
      Objects.requireNonNull(code);
      Objects.requireNonNull(signal);
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.exited(this);
    }
  }

  /** The kernel has killed a process of it for memory. */
  record OomKilled(String name) implements HostedEvent {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.oomKilled(this);
    }
  }

  /** The processes that it has now. */
  record Processes(String name, List<Long> pids) implements HostedEvent {
    public Processes {
      pids = List.copyOf(pids);
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.processes(this);
    }
  }

  /** What its keeper's own health check says. */
  enum Check {
    /** It has none. */
    NONE,
    NOT_YET,
    WELL,
    NOT_WELL
  }

  /** How its keeper's own health check stands: told before each state. */
  record Checked(String name, Check check) implements HostedEvent {
    public Checked {
      Objects.requireNonNull(check);
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.checked(this);
    }
  }
}
