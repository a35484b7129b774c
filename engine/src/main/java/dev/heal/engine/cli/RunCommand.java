package dev.heal.engine.cli;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.engine.cli.run.Daemon;
import dev.heal.engine.source.kmsg.KmsgReader;
import dev.heal.nvml.NvmlOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code heal run}: watches this host and repairs it. */
@Command(
    name = "run",
    description = "Watches this host and carries out what its policies say, until it is ended.")
final class RunCommand implements Subcommand {
  private static final String GOES_ON =
      "heal: service %s goes on; the next `heal run` on this --state watches it on";

  @Option(
      names = "--policies",
      required = true,
      arity = "1..*",
      paramLabel = "PATH",
      description = "Files or folders of policies; checked as one whole.")
  private List<Path> policies = new ArrayList<>();

  @Option(names = "--site", paramLabel = "FILE", description = "The machines of the site.")
  private Optional<Path> site = Optional.empty();

  @Option(
      names = "--state",
      required = true,
      paramLabel = "DIR",
      description = "Where the journal is kept; one engine at a time.")
  private Path state = Path.of("");

  @Option(
      names = "--node",
      paramLabel = "NAME",
      description = "Which node of the site this host is (default: its own name).")
  private Optional<String> node = Optional.empty();

  @Option(
      names = "--library",
      paramLabel = "PATH",
      description = "Another libnvidia-ml.so.1 than that of this host.")
  private Optional<Path> library = Optional.empty();

  @Option(
      names = "--kernel-log",
      paramLabel = "DEVICE",
      description = "Where the kernel's log is read (default: ${DEFAULT-VALUE}).")
  private Path kernelLog = KmsgReader.DEVICE;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description =
          "Where heartbeats, training metrics and alerts are taken; of the loopback only"
              + " (default: nowhere).")
  private Optional<String> listen = Optional.empty();

  @Option(
      names = "--stop-services",
      description =
          "Stop the services that heal runs when it ends. Without it they go on, and the next"
              + " engine watches them on.")
  private boolean stopServices;

  @Override
  public ExitCode run(Console console) throws IOException {
    Optional<CheckedPolicy> checked = PolicyFiles.checked(policies, site, console);
    if (checked.isEmpty()) {
      return ExitCode.POLICY_ERRORS;
    }
    NvmlOptions nvml = NvmlOptions.ofThisHost();
    if (library.isPresent()) {
      nvml = nvml.withLibrary(library.get().toAbsolutePath().toString());
    }
    String name = node.isPresent() ? node.get() : InetAddress.getLocalHost().getHostName();
    CountDownLatch ended = new CountDownLatch(1);
    try (Termination termination = new Termination(ended::countDown);
        Daemon daemon =
            new Daemon(
                new Daemon.Settings(
                    checked.get(),
                    state,
                    name,
                    nvml,
                    Optional.of(kernelLog).filter(Files::exists),
                    listen.map(ListenAddress::parse),
                    stopServices),
                new LiveTimeline(console, entry -> {}))) {
      daemon.start();
      console.err().println("heal: watching `%s`; the journal is in %s".formatted(name, state));
      ended.await();
      if (!stopServices) {
        daemon.running().forEach(service -> console.err().println(GOES_ON.formatted(service)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ExitCode.FINE;
  }
}
