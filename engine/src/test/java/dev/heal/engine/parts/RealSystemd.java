package dev.heal.engine.parts;

import dev.heal.nvml.fake.FakeMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

  /**
   * Boots it, or skips the test.
   *
   * @param units their files by their names
   */
  public static RealSystemd with(Map<String, String> units, Path folder) throws IOException {
    return with(units, List.of(), folder);
  }

  /**
   * Boots it, or skips the test.
   *
   * @param units their files by their names; a name may be in a folder
   * @param shown paths of this host that it can read
   */
  public static RealSystemd with(Map<String, String> units, List<Path> shown, Path folder)
      throws IOException {
    Part.need(
        "a real systemd",
        "systemd-container dbus",
        true,
        "/usr/bin/systemd-nspawn",
        "/usr/bin/dbus-daemon");
    Path own = Files.createDirectories(folder.resolve("own"));
    Files.writeString(own.resolve("heal-test.target"), TARGET);
    for (Map.Entry<String, String> unit : units.entrySet()) {
      Path file = own.resolve(unit.getKey());
      Files.createDirectories(file.getParent());
      Files.writeString(file, unit.getValue());
    }
    List<String> argv =
        new ArrayList<>(
            List.of(
                "systemd-nspawn",
                "-D",
                "/",
                "--volatile=yes",
                "--register=no",
                "--keep-unit",
                "--machine=heal-" + ProcessHandle.current().pid(),
                "--console=pipe",
                "--bind-ro=" + own + ":/etc/systemd/system"));
    shown.forEach(path -> argv.add("--bind-ro=" + path));
    argv.addAll(List.of("--boot", "systemd.unit=heal-test.target"));
    Process container =
        new ProcessBuilder(argv)
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

  /** A command that runs inside. */
  public List<String> inside(List<String> argv) {
    List<String> words = new ArrayList<>(List.of("nsenter", "-t", Long.toString(init.pid()), "-a"));
    words.addAll(argv);
    return words;
  }

  /** Runs a command inside; what it said. */
  public String run(String... argv) {
    return Part.run(Map.of(), inside(List.of(argv)));
  }

  @Override
  public void close() {
    init.destroyForcibly();
    container.destroyForcibly();
    container.onExit().join();
  }
}
