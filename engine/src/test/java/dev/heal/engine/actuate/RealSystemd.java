package dev.heal.engine.actuate;

import dev.heal.nvml.fake.FakeMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/**
 * A real systemd as PID 1 of a container of its own (systemd-nspawn), with units of the test's. It
 * takes root and the packages systemd-container and dbus; without them the test is skipped.
 */
public final class RealSystemd implements AutoCloseable {
  private static final String TARGET =
      """
      [Unit]
      Requires=basic.target dbus.socket systemd-journald.service
      AllowIsolate=yes
      """;

  private final Process container;
  private final ProcessHandle init;

  private RealSystemd(Process container, ProcessHandle init) {
    this.container = container;
    this.init = init;
  }

  /** Boots it; skips the test where it cannot. */
  public static RealSystemd with(Map<String, String> units, Path folder) throws IOException {
    boolean can =
        Files.isExecutable(Path.of("/usr/bin/systemd-nspawn"))
            && Files.exists(Path.of("/usr/bin/dbus-daemon"))
            && Files.readString(Path.of("/proc/self/status")).contains("\nUid:\t0\t");
    Assumptions.assumeTrue(
        can, "SKIPPED: a real systemd takes root, and `apt-get install systemd-container dbus`");
    Path own = Files.createDirectories(folder.resolve("own"));
    Files.writeString(own.resolve("heal-test.target"), TARGET);
    for (Map.Entry<String, String> unit : units.entrySet()) {
      Files.writeString(own.resolve(unit.getKey()), unit.getValue());
    }
    Process container =
        new ProcessBuilder(
                "systemd-nspawn",
                "-D",
                "/",
                "--volatile=yes",
                "--register=no",
                "--keep-unit",
                "--machine=heal-" + ProcessHandle.current().pid(),
                "--console=pipe",
                "--bind-ro=" + own + ":/etc/systemd/system",
                "--boot",
                "systemd.unit=heal-test.target")
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("console").toFile())
            .start();
    FakeMachine.await(() -> init(container).filter(RealSystemd::listens).isPresent());
    return new RealSystemd(container, init(container).orElseThrow());
  }

  private static Optional<ProcessHandle> init(Process container) {
    return container.children().findFirst();
  }

  private static boolean listens(ProcessHandle init) {
    return Files.exists(inside(init, "/run/dbus/system_bus_socket"))
        && Files.exists(inside(init, "/run/systemd/private"));
  }

  private static Path inside(ProcessHandle init, String path) {
    return Path.of("/proc/" + init.pid() + "/root" + path);
  }

  /** A path of the container, as this process reaches it. */
  public Path inside(String path) {
    return inside(init, path);
  }

  /** The address of its system bus. */
  public String bus() {
    return "unix:path=" + inside("/run/dbus/system_bus_socket");
  }

  /** A command that runs in it. */
  public List<String> entered(String... command) {
    List<String> entered =
        new ArrayList<>(List.of("nsenter", "-t", Long.toString(init.pid()), "-a"));
    entered.addAll(List.of(command));
    return entered;
  }

  /** Runs a command in it, to its end. */
  public void run(String... command) throws IOException {
    Process process =
        new ProcessBuilder(entered(command))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    process.onExit().join();
  }

  @Override
  public void close() {
    init.destroyForcibly();
    container.destroyForcibly();
    container.onExit().join();
  }
}
