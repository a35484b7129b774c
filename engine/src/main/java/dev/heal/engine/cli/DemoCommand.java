package dev.heal.engine.cli;

import dev.heal.engine.cli.demo.Demo;
import dev.heal.engine.cli.run.Daemon;
import dev.heal.engine.cli.run.policy.PolicySettings;
import dev.heal.nvml.NvmlOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code heal demo}: breaks a small server in five ways and shows how each is repaired. */
@Command(
    name = "demo",
    description =
        "Starts a small inference-like server, breaks it in five ways, and shows how each is"
            + " repaired. Needs no GPU; gcc builds a fake one. Leaves nothing behind.")
final class DemoCommand implements Subcommand {
  @Option(
      names = "--library",
      paramLabel = "PATH",
      description = "The fake libnvidia-ml.so.1, where it is built already.")
  private Optional<Path> library = Optional.empty();

  @Override
  public ExitCode run(Console console) throws IOException {
    Thread here = Thread.currentThread();
    try (Termination termination = new Termination(here::interrupt);
        Demo demo = Demo.prepare(library)) {
      boolean healed = show(demo, console) && !termination.isTold();
      console.out().println(healed ? "all five were healed" : "NOT all were healed");
      return healed ? ExitCode.FINE : ExitCode.TOOL_FAILED;
    } catch (InterruptedException e) {
      console.err().println("heal: ended before all was shown; nothing is left behind");
      return ExitCode.TOOL_FAILED;
    }
  }

  /** Runs it with an engine of its own, whose state is left in {@link Demo#state}. */
  static boolean show(Demo demo, Console console) throws IOException, InterruptedException {
    LiveTimeline shown = new LiveTimeline(console, demo::hear);
    Daemon.Settings settings =
        new Daemon.Settings(
            PolicySettings.of(List.of(demo.site()), Optional.empty()),
            demo.state(),
            Demo.NODE,
            NvmlOptions.ofThisHost().withLibrary(demo.library().toString()),
            Optional.empty(),
            Optional.empty(),
            true);
    try (Daemon daemon = new Daemon(settings, shown)) {
      daemon.start();
      List<Demo.Healing> healings = demo.run(console.out()::println);
      console.out().println();
      healings.forEach(healing -> console.out().println(healing.line()));
      return healings.stream().allMatch(Demo.Healing::healed);
    }
  }
}
