package dev.heal.engine.cli.systemd;

import dev.heal.engine.source.posix.PosixException;
import dev.heal.engine.source.posix.UnixDatagram;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** The service manager that started this process, as sd_notify(3) speaks to it. For any thread. */
public final class ServiceManager {
  private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,15}");

  private final String socket;
  private final Optional<Duration> watchdog;
  private final Consumer<String> troubles;
  private volatile boolean told;

  private ServiceManager(String socket, Optional<Duration> watchdog, Consumer<String> troubles) {
    this.socket = socket;
    this.watchdog = watchdog;
    this.troubles = troubles;
  }

  /**
   * The one that the environment names; empty where none waits to be told anything.
   *
   * @param process this process: a watchdog may be another's
   * @param troubles is told once where the manager cannot be reached
   */
  public static Optional<ServiceManager> of(
      Map<String, String> environment, long process, Consumer<String> troubles) {
    String socket = environment.getOrDefault("NOTIFY_SOCKET", "");
    if (!socket.startsWith("/") && !socket.startsWith("@")) {
      return Optional.empty();
    }
    return Optional.of(new ServiceManager(socket, watchdog(environment, process), troubles));
  }

  private static Optional<Duration> watchdog(Map<String, String> environment, long process) {
    String of = environment.getOrDefault("WATCHDOG_PID", "");
    String micros = environment.getOrDefault("WATCHDOG_USEC", "");
    boolean ours = of.isEmpty() || of.equals(Long.toString(process));
    return ours && NUMBER.matcher(micros).matches()
        ? Optional.of(Duration.ofNanos(Long.parseLong(micros) * 1_000))
        : Optional.empty();
  }

  /** How long it waits for a sign of life before it ends the process; empty: for ever. */
  public Optional<Duration> watchdog() {
    return watchdog;
  }

  /** All is up. */
  public void ready(String status) {
    send("READY=1\nSTATUS=" + oneLine(status));
  }

  /** How it goes, for {@code systemctl status}. */
  public void status(String status) {
    send("STATUS=" + oneLine(status));
  }

  /** It still works. */
  public void alive() {
    send("WATCHDOG=1");
  }

  /** It ends, and may take that long. */
  public void stopping(Duration atMost) {
    send(
        "STOPPING=1\nSTATUS=ending: what runs is finished or handed over\nEXTEND_TIMEOUT_USEC="
            + atMost.toNanos() / 1_000);
  }

  private static String oneLine(String text) {
    return text.replace('\n', ' ');
  }

  private void send(String message) {
    try {
      UnixDatagram.send(socket, message.getBytes(StandardCharsets.UTF_8));
    } catch (PosixException failed) {
      if (!told) {
        told = true;
        troubles.accept(
            "the service manager cannot be told: "
                + Objects.requireNonNullElse(failed.getMessage(), "no reason"));
      }
    }
  }
}
