package dev.heal.engine.source.container;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code GET /containers/NAME/json} says of a container. Times are nanoseconds since 1970 by
 * the engine's clock; 0 where it never was.
 *
 * @param id 64 hexadecimal digits: another one is another container
 * @param running whether its main process is alive
 * @param restarting whether the engine waits to start it again by itself
 * @param pid of its main process; 0 where it does not run
 * @param ended how it ended last, where it does not run
 * @param startedAt of the life that it has, or had last
 * @param restarts how often the engine has started it again by itself
 * @param health of the check that its image or its creator gave it; empty where it has none
 * @param tty whether its output is that of a terminal: one stream
 */
public record ContainerState(
    String id,
    boolean running,
    boolean restarting,
    long pid,
    Ended ended,
    long startedAt,
    long restarts,
    Optional<Health> health,
    boolean tty) {
  private static final Set<String> WANTED =
      Set.of(
          "Id",
          "State.Running",
          "State.Restarting",
          "State.Pid",
          "State.ExitCode",
          "State.OOMKilled",
          "State.StartedAt",
          "State.FinishedAt",
          "State.Health.Status",
          "RestartCount",
          "Config.Tty");

  /** What the engine's own check of it says. */
  public enum Health {
    STARTING,
    HEALTHY,
    UNHEALTHY
  }

  /**
   * How it ended.
   *
   * @param at the last time that it ended, in whatever life
   * @param oomKilled whether the kernel killed a process of it for memory
   */
  public record Ended(long at, int code, boolean oomKilled) {}

  public ContainerState {
    Objects.requireNonNull(ended);
    Objects.requireNonNull(health);
  }

  /** Empty where the text is no such answer. */
  public static Optional<ContainerState> read(String json) {
    return JsonPaths.read(json, WANTED)
        .filter(found -> found.containsKey("Id") && found.containsKey("State.Running"))
        .flatMap(ContainerState::of);
  }

  private static Optional<ContainerState> of(Map<String, String> found) {
    try {
      boolean restarting = found.getOrDefault("State.Restarting", "").equals("true");
      return Optional.of(
          new ContainerState(
              Objects.requireNonNull(found.get("Id")),
              // Docker calls one that it is to start again running
              found.getOrDefault("State.Running", "").equals("true") && !restarting,
              restarting,
              number(found, "State.Pid"),
              new Ended(
                  time(found.getOrDefault("State.FinishedAt", "")),
                  (int) number(found, "State.ExitCode"),
                  found.getOrDefault("State.OOMKilled", "").equals("true")),
              time(found.getOrDefault("State.StartedAt", "")),
              number(found, "RestartCount"),
              health(found.getOrDefault("State.Health.Status", "")),
              found.getOrDefault("Config.Tty", "").equals("true")));
    } catch (NumberFormatException | DateTimeException | ArithmeticException malformed) {
      return Optional.empty();
    }
  }

  private static long number(Map<String, String> found, String path) {
    return Long.parseLong(found.getOrDefault(path, "0"));
  }

  /** {@code 2026-01-05T10:00:00.123456789Z}; the year 1 means never. */
  private static long time(String text) {
    if (text.isEmpty()) {
      return 0;
    }
    Instant at = OffsetDateTime.parse(text).toInstant();
    return at.isBefore(Instant.EPOCH)
        ? 0
        : Math.addExact(Math.multiplyExact(at.getEpochSecond(), 1_000_000_000L), at.getNano());
  }

  /** Docker says {@code none} where there is no check, podman nothing. */
  private static Optional<Health> health(String status) {
    return switch (status) {
      case "starting" -> Optional.of(Health.STARTING);
      case "healthy" -> Optional.of(Health.HEALTHY);
      case "unhealthy" -> Optional.of(Health.UNHEALTHY);
      default -> Optional.empty();
    };
  }
}
