package dev.heal.engine.cli;

import dev.heal.engine.cli.gpus.GpuJson;
import dev.heal.engine.cli.gpus.GpuRecorder;
import dev.heal.engine.cli.gpus.GpuTable;
import dev.heal.engine.fact.nvml.NvmlFacts;
import dev.heal.engine.loop.SpanText;
import dev.heal.nvml.NvmlBridge;
import dev.heal.nvml.NvmlOptions;
import dev.heal.nvml.answer.Problem;
import dev.heal.nvml.metric.Cadence;
import dev.heal.nvml.metric.Poll;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code heal gpus}: what the NVML bridge sees. */
@Command(
    name = "gpus",
    description = "Shows the GPUs of this host as heal sees them, or records them as facts.")
final class GpusCommand implements Subcommand {
  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration SLOW_EVERY = Duration.ofSeconds(10);
  private static final Set<Cadence> ALL = EnumSet.allOf(Cadence.class);
  private static final Set<Cadence> FAST = EnumSet.of(Cadence.FAST);

  @Option(names = "--json", description = "One JSON object a line: the driver, then each GPU.")
  private boolean json;

  @Option(
      names = "--watch",
      paramLabel = "TIME",
      description = "Again and again, every 1s for example, until it is interrupted.")
  private Optional<String> watch = Optional.empty();

  @Option(
      names = "--record",
      paramLabel = "FILE",
      description =
          "Append facts as JSON Lines, for heal simulate: every second (or --watch), until it is"
              + " interrupted or --count is reached.")
  private Optional<Path> record = Optional.empty();

  @Option(names = "--count", paramLabel = "N", description = "With --watch or --record: N times.")
  private Optional<Long> count = Optional.empty();

  @Option(
      names = "--node",
      paramLabel = "NAME",
      description = "The name of this host in facts (default: its own).")
  private Optional<String> node = Optional.empty();

  @Option(
      names = "--library",
      paramLabel = "PATH",
      description = "Another libnvidia-ml.so.1 than that of this host.")
  private Optional<Path> library = Optional.empty();

  @Override
  public ExitCode run(Console console) throws IOException {
    Optional<Duration> every = interval();
    if (json && record.isPresent()) {
      throw new UsageException("--json and --record contradict each other: one shows, one records");
    }
    if (count.isPresent() && (every.isEmpty() || count.get() < 1)) {
      throw new UsageException("--count is a number from 1 on, with --watch or --record");
    }
    NvmlOptions options = NvmlOptions.ofThisHost();
    if (library.isPresent()) {
      options = options.withLibrary(library.get().toAbsolutePath().toString());
    }
    try (NvmlBridge bridge = NvmlBridge.open(options)) {
      if (record.isPresent()) {
        return record(bridge, console, record.get(), every.orElseThrow());
      }
      return show(bridge, console, every);
    }
  }

  private Optional<Duration> interval() {
    if (watch.isEmpty()) {
      return record.map(file -> Duration.ofSeconds(1));
    }
    Optional<Duration> every = watch.flatMap(SpanText::parse);
    if (every.isEmpty() || every.get().compareTo(SHORTEST) < 0) {
      throw new UsageException(
          "`%s` is not a time of 100ms or more, such as 1s or 500ms".formatted(watch.get()));
    }
    return every;
  }

  private ExitCode show(NvmlBridge bridge, Console console, Optional<Duration> every)
      throws IOException {
    GpuJson objects = new GpuJson(console.out(), bridge::processes, bridge::instances);
    Poll poll = bridge.poll(ALL);
    Pace pace =
        new Pace(
            every.orElse(Duration.ZERO), count.orElse(every.isPresent() ? Pace.WITHOUT_END : 1));
    while (true) {
      if (json) {
        objects.write(poll);
      } else if (poll.gpus().isEmpty()) {
        noGpus(console, poll);
      } else {
        console.out().print(GpuTable.of(poll));
      }
      console.out().flush();
      if (!pace.next()) {
        return poll.gpus().isEmpty() ? ExitCode.TOOL_FAILED : ExitCode.FINE;
      }
      poll = bridge.poll(ALL);
      if (!json) {
        console.out().println();
      }
    }
  }

  private ExitCode record(NvmlBridge bridge, Console console, Path file, Duration every)
      throws IOException {
    try (Writer out =
        Files.newBufferedWriter(
            file,
            StandardCharsets.UTF_8,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.APPEND)) {
      GpuRecorder recorder = new GpuRecorder(new NvmlFacts(nodeName()), out);
      bridge.listen(recorder::hear);
      Poll poll = bridge.poll(ALL);
      if (poll.gpus().isEmpty()) {
        noGpus(console, poll);
        return ExitCode.TOOL_FAILED;
      }
      console
          .err()
          .println("recording %d GPUs to %s; Ctrl-C ends it".formatted(poll.gpus().size(), file));
      Pace pace = new Pace(every, count.orElse(Pace.WITHOUT_END));
      long slowEvery = Math.max(1, SLOW_EVERY.dividedBy(every));
      recorder.write(poll);
      for (long turn = 1; pace.next(); turn++) {
        recorder.write(bridge.poll(turn % slowEvery == 0 ? ALL : FAST));
      }
      console.err().println("%d facts written to %s".formatted(recorder.written(), file));
      return ExitCode.FINE;
    }
  }

  private String nodeName() {
    if (node.isPresent()) {
      return node.get();
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      throw new UsageException("this host does not know its own name: give one with --node");
    }
  }

  private static void noGpus(Console console, Poll poll) {
    Optional<Problem> problem = poll.driver().problem();
    console
        .err()
        .println(
            "heal: no GPU can be seen: "
                + problem.map(Problem::toString).orElse("NVML counts none on this host"));
    problem
        .map(Problem::kind)
        .ifPresent(
            kind -> {
              switch (kind) {
                case LIBRARY_MISSING ->
                    console
                        .err()
                        .println(
                            "  install the NVIDIA driver, or name the library: --library PATH");
                case DRIVER_NOT_LOADED ->
                    console
                        .err()
                        .println(
                            "  look at `lsmod | grep nvidia` and `dmesg`; after an upgrade of the"
                                + " driver, load the new module or restart the host");
                case NOT_SUPPORTED, NO_PERMISSION, GPU_LOST, TIMED_OUT, FAILED -> {}
              }
            });
  }
}
