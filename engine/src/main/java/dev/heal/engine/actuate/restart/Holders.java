package dev.heal.engine.actuate.restart;

import java.util.List;
import java.util.Optional;

/** The processes that hold the GPUs of a service. */
public interface Holders {
  /**
   * A process.
   *
   * @param gpu {@code gpu:n1/0}
   * @param name of its program; empty where it is not known
   */
  record Holder(String gpu, long pid, Optional<String> name) {
    @Override
    public String toString() {
      return "process %d%s holds %s"
          .formatted(pid, name.map(n -> " (`" + n + "`)").orElse(""), gpu);
    }
  }

  /**
   * Who holds them now.
   *
   * @param untold why it is not known of some GPU
   */
  record Look(List<Holder> holders, Optional<String> untold) {
    public Look {
      holders = List.copyOf(holders);
    }
  }

  Look look();

  /** Whether the site puts other work on these GPUs, so that others may hold them. */
  boolean shared();
}
