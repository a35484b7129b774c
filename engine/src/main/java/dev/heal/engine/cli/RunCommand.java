package dev.heal.engine.cli;

import dev.heal.dsl.diagnostic.HumanRenderer;
import dev.heal.engine.cli.control.ReloadOptions;
import dev.heal.engine.cli.control.status.Build;
import dev.heal.engine.cli.control.wire.ControlException;
import dev.heal.engine.cli.metrics.Metrics;
import dev.heal.engine.cli.run.Daemon;
import dev.heal.engine.cli.run.Rehearsal;
import dev.heal.engine.cli.run.policy.PolicySettings;
import dev.heal.engine.cli.run.policy.RefusedPolicies;
import dev.heal.engine.cli.systemd.ServiceManager;
import dev.heal.engine.cli.systemd.Watchdog;
import dev.heal.engine.journal.JournalException;
import dev.heal.engine.loop.SpanText;
import dev.heal.engine.reload.ReloadRequest.Staging;
import dev.heal.engine.reload.SwapRehearsal;
import dev.heal.engine.source.ingest.ListenAddress;
import dev.heal.engine.source.kmsg.KmsgReader;
import dev.heal.nvml.NvmlOptions;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code heal run}: watches this host and repairs it. */
@Command(
    name = "run",
    description = "Watches this host and carries out what its policies say, until it is ended.")
final class RunCommand implements Subcommand {
  private static final Duration SWAPS = Duration.ofSeconds(5);
  private static final String GOES_ON =
      "service %s goes on; the next `heal run` on this --state watches it on";

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
      names = "--no-tests",
      description = "Policies come into force without the tests beside them.")
  private boolean noTests;

  @Option(
      names = "--observe-changed",
      paramLabel = "TIME",
      description =
          "Whenever policies are reloaded, those that are new or changed only observe for 1h, for"
              + " example, before they act.")
  private Optional<String> observeChanged = Optional.empty();

  @Mixin private OriginOptions origins = new OriginOptions();

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

  @Option(
      names = "--metrics",
      paramLabel = "HOST:PORT",
      description =
          "Where Prometheus may scrape, such as 127.0.0.1:9817; of the loopback only (default:"
              + " nowhere).")
  private Optional<String> metrics = Optional.empty();

  @Option(
      names = "--log-format",
      paramLabel = "text|json",
      description = "How the run is written to standard output (default: ${DEFAULT-VALUE}).")
  private LogFormat logFormat = LogFormat.TEXT;

  /** How a run is written. */
  enum LogFormat {
    TEXT,
    JSON
  }

  @Override
  public ExitCode run(Console console) throws IOException {
    Optional<InetSocketAddress> scraped = metrics.map(RunCommand::loopback);
    Optional<InetSocketAddress> listening = listen.map(RunCommand::loopback);
    PolicyFiles.requireNames(policies);
    PolicySettings ofPolicies =
        new PolicySettings(
            policies,
            site,
            !noTests,
            staging(),
            origins.trust(),
            origins.peers(),
            origins.centre());
    NvmlOptions nvml = NvmlOptions.ofThisHost();
    if (library.isPresent()) {
      nvml = nvml.withLibrary(library.get().toAbsolutePath().toString());
    }
    String name = node.isPresent() ? node.get() : InetAddress.getLocalHost().getHostName();
    Daemon.Settings settings =
        new Daemon.Settings(
            ofPolicies,
            state,
            name,
            nvml,
            Optional.of(kernelLog).filter(Files::exists),
            listening,
            stopServices);
    try {
      return watch(settings, scraped, console) ? ExitCode.FINE : ExitCode.TOOL_FAILED;
    } catch (RefusedPolicies refused) {
      return told(refused, console);
    } catch (JournalException unusable) {
      throw new InputException(unusable.text(), unusable.help());
    } catch (ControlException noSocket) {
      throw new InputException(noSocket.text(), noSocket.help());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.FINE;
    }
  }

  private Staging staging() {
    if (observeChanged.isEmpty()) {
      return Staging.NONE;
    }
    Duration length =
        SpanText.parse(observeChanged.get())
            .orElseThrow(
                () ->
                    new UsageException(
                        "`%s` is not a time, such as 90m or 4h".formatted(observeChanged.get())));
    return new Staging(length, ReloadOptions.USUAL_MOST);
  }

  /** As `heal check` does where it found the errors. */
  private static ExitCode told(RefusedPolicies refused, Console console) throws InputException {
    if (refused.errors().isEmpty()) {
      throw new InputException(refused.text(), refused.help());
    }
    console.err().print(new HumanRenderer(false).render(refused.errors()));
    return ExitCode.POLICY_ERRORS;
  }

  private static InetSocketAddress loopback(String text) {
    ListenAddress parsed = ListenAddress.parse(text);
    return parsed.address().orElseThrow(() -> new UsageException(parsed.problem()));
  }

  /** Whether it ended because it was told to. */
  private boolean watch(
      Daemon.Settings settings, Optional<InetSocketAddress> scraped, Console console)
      throws IOException, InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    RunLog log =
        logFormat == LogFormat.JSON
            ? new JsonLog(console.out(), RunCommand::now)
            : new LiveTimeline(console, entry -> {});
    try (Termination termination = new Termination(ended::countDown);
        Metrics figures = new Metrics(Build.version());
        LogWriter writer = new LogWriter(log, figures::entry);
        Daemon daemon = new Daemon(settings, writer, figures.meter())) {
      if (scraped.isPresent()) {
        serve(figures, scraped.get(), daemon, writer);
      }
      daemon.start();
      if (!Hangup.runs(() -> daemon.reload("SIGHUP"))) {
        writer.told("policies", "SIGHUP is not heard by this Java: use `heal reload`");
      }
      var unused = daemon.died().thenRun(ended::countDown);
      Optional<ServiceManager> manager = manager(writer);
      try (Watchdog watchdog = new Watchdog(manager, daemon::turns)) {
        watchdog.start(daemon::line);
        String watching = "watching `%s`; the journal is in %s".formatted(settings.node(), state);
        writer.say("started", watching);
        rehearse(writer);
        manager.ifPresent(to -> to.ready(watching));
        rehearseSwaps(writer);
        ended.await();
      }
      manager.ifPresent(to -> to.stopping(Daemon.LONGEST_END));
      writer.say(
          "ending",
          termination.isTold()
              ? "ending: what runs is finished or handed over"
              : "ending: the engine's loop has failed, nothing is watched any more");
      if (!stopServices) {
        daemon.running().forEach(service -> writer.say("goes_on", GOES_ON.formatted(service)));
      }
      return termination.isTold();
    }
  }

  /** The first real fault is not to be the one that pays for cold code. */
  private void rehearse(LogWriter writer) throws InterruptedException {
    try {
      Rehearsal.Done done = Rehearsal.run(state, now());
      writer.say(
          "rehearsed",
          "rehearsed %d rounds of faults in %.1f s"
              .formatted(done.rounds(), done.took().toMillis() / 1000.0));
    } catch (IOException impossible) {
      writer.told("rehearsal", "left out: " + impossible.getMessage());
    }
  }

  /** Behind all else: the first reload is not to be the one that pays for cold code either. */
  private static void rehearseSwaps(LogWriter writer) {
    Thread rehearsal =
        new Thread(
            () -> {
              SwapRehearsal.Done done = SwapRehearsal.run(SWAPS, System::nanoTime);
              writer.say("rehearsed", "rehearsed %d reloads".formatted(done.passages()));
            },
            "heal swap rehearsal");
    rehearsal.setDaemon(true);
    rehearsal.start();
  }

  private static void serve(
      Metrics figures, InetSocketAddress address, Daemon daemon, LogWriter writer)
      throws IOException {
    try {
      InetSocketAddress at = figures.serve(address, new Scrapes(daemon));
      writer.say("metrics", "metrics at http://%s:%d/metrics".formatted(host(at), at.getPort()));
    } catch (BindException taken) {
      throw new InputException(
          "nothing can listen on %s:%d: %s"
              .formatted(host(address), address.getPort(), taken.getMessage()),
          "give another port with --metrics; `ss -ltnp` shows who has this one");
    }
  }

  private static String host(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return host.contains(":") ? "[" + host + "]" : host;
  }

  private static Optional<ServiceManager> manager(LogWriter writer) {
    return ServiceManager.of(
        System.getenv(),
        ProcessHandle.current().pid(),
        trouble -> writer.told("service manager", trouble));
  }

  private static long now() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }
}
