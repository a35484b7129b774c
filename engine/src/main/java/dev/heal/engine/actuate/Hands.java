package dev.heal.engine.actuate;

import dev.heal.nvml.NvmlBridge;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What there is to act with.
 *
 * @param run what the ids of orders are unique in; with the id it makes the idempotency key
 * @param host the node of the site that this host is
 * @param gpus the GPUs of this host
 * @param supervisor keeps the services that the engine starts itself
 */
public record Hands(
    String run,
    String host,
    Optional<NvmlBridge> gpus,
    Optional<Supervisor> supervisor,
    Tools tools) {

  /**
   * Where the tools of the host are, and how long to wait for them.
   *
   * @param patience the least time that an order has; four times what its step takes where that is
   *     more, and what its binding says where it says something
   * @param systemBus address of the D-Bus on which systemd is
   * @param units where units that last until the next boot are kept
   * @param containers the Docker-compatible socket
   * @param scontrol a name on the PATH, or a path
   * @param proc where the kernel tells of processes
   */
  public record Tools(
      Duration patience,
      String systemBus,
      Path units,
      Path containers,
      String scontrol,
      Path proc) {
    /** Those of a host whose processes are where they usually are. */
    public Tools(
        Duration patience, String systemBus, Path units, Path containers, String scontrol) {
      this(patience, systemBus, units, containers, scontrol, Path.of("/proc"));
    }

    /** Those of a usual host. */
    public static final Tools USUAL =
        new Tools(
            Duration.ofMinutes(1),
            "unix:path=/run/dbus/system_bus_socket",
            Path.of("/run/systemd/system"),
            Path.of("/var/run/docker.sock"),
            "scontrol");
  }
}
