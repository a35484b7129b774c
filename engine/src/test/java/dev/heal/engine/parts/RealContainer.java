package dev.heal.engine.parts;

import dev.heal.nvml.fake.FakeMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A podman of the test's own, with its Docker-compatible socket and an image of busybox. */
public final class RealContainer implements AutoCloseable {
  private static final List<String> PROGRAMS =
      List.of("sh", "sleep", "echo", "kill", "cat", "env", "test");

  private final Path folder;
  private final List<String> podman;
  private Process service;
  private final List<String> names = new ArrayList<>();

  private RealContainer(Path folder) {
    this.folder = folder;
    this.podman =
        List.of(
            "/usr/bin/podman",
            "--runtime",
            "runc",
            "--cgroup-manager=cgroupfs",
            "--storage-driver",
            "vfs",
            "--events-backend=file",
            "--root",
            folder.resolve("root").toString(),
            "--runroot",
            folder.resolve("run").toString(),
            "--tmpdir",
            folder.resolve("tmp").toString());
    image();
    this.service = serve();
  }

  private Process serve() {
    List<String> serve = new ArrayList<>(podman);
    serve.addAll(List.of("system", "service", "--time=0", "unix://" + socket()));
    Process started = Part.start(folder.resolve("podman.log"), Map.of(), serve);
    FakeMachine.await(() -> Files.exists(socket()));
    return started;
  }

  /** The engine is killed, and its socket goes away; its containers go on. */
  public void vanish() {
    service.destroyForcibly().onExit().join();
    try {
      Files.deleteIfExists(socket());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** It is there again, if it is not. */
  public void comeBack() {
    if (!service.isAlive()) {
      service = serve();
    }
  }

  /** Starts it, or skips the test. */
  public static RealContainer start(Path folder) {
    Part.need(
        "a real container",
        "podman runc busybox-static",
        true,
        "/usr/bin/podman",
        "/usr/sbin/runc",
        "/bin/busybox");
    return new RealContainer(folder);
  }

  private void image() {
    Path bin = folder.resolve("image/bin");
    try {
      Files.createDirectories(bin);
      Files.copy(Path.of("/bin/busybox"), bin.resolve("busybox"));
      for (String program : PROGRAMS) {
        Files.createSymbolicLink(bin.resolve(program), Path.of("busybox"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Path tar = folder.resolve("image.tar");
    Part.run(
        Map.of(), List.of("tar", "-C", bin.getParent().toString(), "-cf", tar.toString(), "."));
    String unused = podman("import", "-q", tar.toString(), "heal-test");
  }

  /** The Docker-compatible socket. */
  public Path socket() {
    return folder.resolve("docker.sock");
  }

  /** Runs podman; what it said. */
  public String podman(String... words) {
    return Part.run(Map.of(), Stream.concat(podman.stream(), Stream.of(words)).toList());
  }

  /** Runs podman, which is to fail; what it said. */
  public String fails(String... words) {
    return Part.said(Map.of(), Stream.concat(podman.stream(), Stream.of(words)).toList(), 1);
  }

  /** Starts a container that runs this, without a network. */
  public void run(String name, String... argv) {
    run(name, List.of(), argv);
  }

  /** The same, with more options of {@code podman run}. */
  public void run(String name, List<String> options, String... argv) {
    names.add(name);
    List<String> words =
        new ArrayList<>(
            List.of(
                "run",
                "-d",
                "--name",
                name,
                "--net=none",
                "--ulimit",
                "nofile=1024:1024",
                "--ulimit",
                "nproc=1000:1000"));
    words.addAll(options);
    words.add("heal-test");
    words.addAll(List.of(argv));
    String unused = podman(words.toArray(String[]::new));
  }

  /**
   * What {@code podman inspect} says of a container, by a template of Go: {@code {{.State.Pid}}}.
   */
  public String inspect(String name, String template) {
    return podman("inspect", "--format", template, name);
  }

  @Override
  public void close() {
    for (String name : names) {
      String unused = podman("rm", "-f", "-t", "0", name);
    }
    Part.end(service);
    // what watched a container tidies up behind it
    FakeMachine.await(() -> ProcessHandle.allProcesses().noneMatch(this::isOurs));
    podmanUnmounts();
  }

  private boolean isOurs(ProcessHandle process) {
    return process.pid() != ProcessHandle.current().pid()
        && process
            .info()
            .commandLine()
            .filter(line -> line.contains(folder.resolve("root").toString()))
            .isPresent();
  }

  /** Its storage is mounted, and a mounted folder cannot be deleted. */
  private void podmanUnmounts() {
    Part.run(
        Map.of(),
        List.of(
            "sh",
            "-c",
            "for m in $(awk -v f=\"$0\" 'index($2, f) == 1 {print $2}' /proc/mounts | sort -r);"
                + " do umount -l \"$m\"; done",
            folder.toString()));
  }
}
