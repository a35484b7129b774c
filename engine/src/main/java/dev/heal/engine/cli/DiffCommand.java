package dev.heal.engine.cli;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.engine.cli.bundle.DecisionDiff;
import dev.heal.engine.cli.bundle.DiffText;
import dev.heal.engine.cli.recording.Complaints;
import dev.heal.engine.cli.recording.MergedFacts;
import dev.heal.engine.decide.Times;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.Topology;
import dev.heal.engine.loop.Simulation;
import dev.heal.engine.reload.bundle.Bundle;
import dev.heal.engine.reload.bundle.RefusedException;
import dev.heal.engine.reload.diff.Change;
import dev.heal.engine.reload.diff.PolicyDiff;
import dev.heal.engine.reload.store.GenerationStore;
import dev.heal.engine.reload.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heal diff}: what two sets of policies mean, and would do, differently. */
@Command(
    name = "diff",
    description = {
      "Shows what changes in meaning from A to B: layout and comments are no change.",
      "A and B are folders, files, bundles, or with --state numbers of generations."
    })
final class DiffCommand implements Subcommand {
  /** How long repairs may run on behind the last fact. */
  private static final Duration LONGEST_TAIL = Duration.ofDays(30);

  enum Format {
    human,
    json
  }

  @Parameters(index = "0", paramLabel = "A", description = "How it was.")
  private String before = "";

  @Parameters(index = "1", paramLabel = "B", description = "How it is.")
  private String after = "";

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "The folder that `heal run` was given: a number is a generation of it.")
  private Optional<Path> state = Optional.empty();

  @Option(
      names = "--site",
      paramLabel = "FILE",
      description = "The machines, where neither A nor B holds them.")
  private Optional<Path> site = Optional.empty();

  @Option(
      names = "--facts",
      arity = "1..*",
      paramLabel = "FILE",
      description = "Run both over these facts, and show the steps that only one of them takes.")
  private List<String> facts = new ArrayList<>();

  @Mixin private LogSettings settings = new LogSettings();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "human, or json (one object a line).")
  private Format format = Format.human;

  @Option(names = "--exit-code", description = "Exit with 6 where there is a difference.")
  private boolean exitCode;

  @Override
  public ExitCode run(Console console) throws IOException {
    FactInput.requireDistinct(facts);
    Optional<CheckedPolicy> old = checked(before, console);
    Optional<CheckedPolicy> now = checked(after, console);
    if (old.isEmpty() || now.isEmpty()) {
      return ExitCode.POLICY_ERRORS;
    }
    List<Change> changes = PolicyDiff.between(old.get(), now.get());
    if (format == Format.json) {
      changes.forEach(change -> console.out().print(DiffText.json(change)));
    } else {
      console.out().print(DiffText.human(changes, console.colourAllowed()));
    }
    console.out().flush();
    console.err().println(DiffText.summary(changes));
    boolean differs = !changes.isEmpty();
    if (!facts.isEmpty()) {
      differs |= decisions(old.get(), now.get(), console);
    }
    return exitCode && differs ? ExitCode.PROPERTY_VIOLATED : ExitCode.FINE;
  }

  private Optional<CheckedPolicy> checked(String place, Console console) throws IOException {
    if (state.isPresent() && place.matches("\\d{1,18}")) {
      return generation(Long.parseLong(place), console);
    }
    Path path = Path.of(place);
    if (place.isEmpty() || !Files.exists(path)) {
      String hint =
          place.matches("\\d+") ? "; a generation needs --state with the folder of the engine" : "";
      throw new UsageException("there is no file or folder `" + place + "`" + hint);
    }
    if (Files.isDirectory(path) || place.endsWith(".heal")) {
      return PolicyFiles.checked(List.of(path), site, console);
    }
    try {
      Bundle bundle = Bundle.read(PolicyPlace.archive(path));
      return PolicyPlace.checked(bundle.contents(), place, site, console);
    } catch (RefusedException refused) {
      throw PolicyPlace.refused(place, refused);
    }
  }

  private Optional<CheckedPolicy> generation(long number, Console console) throws IOException {
    String name = "generation " + number;
    try {
      byte[] archive = GenerationStore.look(state.orElseThrow()).load(number).archive();
      return PolicyPlace.checked(Bundle.read(archive).contents(), name, site, console);
    } catch (StoreException unusable) {
      throw new InputException(unusable.text(), unusable.help());
    } catch (RefusedException refused) {
      throw PolicyPlace.refused(name, refused);
    }
  }

  private boolean decisions(CheckedPolicy old, CheckedPolicy now, Console console)
      throws IOException {
    Complaints complaints = new Complaints(console.err()::println);
    DecisionDiff diff = new DecisionDiff();
    long count;
    try (OpenFacts open = OpenFacts.of(facts, settings.options(), complaints, console)) {
      count = run(open.merged(), old, now, diff);
    }
    List<DecisionDiff.Step> steps = diff.steps();
    for (DecisionDiff.Step step : steps) {
      console
          .out()
          .print(
              format == Format.json
                  ? "{\"only\":\"%s\",\"step\":%s}\n"
                      .formatted(step.side().word(), EntryJson.of(step.entry()).strip())
                  : DiffText.step(step, console.colourAllowed()));
    }
    console.out().flush();
    console.err().println(String.format(Locale.ROOT, "%,d facts; %s", count, diff.summary()));
    if (!steps.isEmpty()) {
      console
          .err()
          .println("  = help: behind the first difference both are models of what might have been");
    }
    return !steps.isEmpty();
  }

  private static long run(
      MergedFacts facts, CheckedPolicy old, CheckedPolicy now, DecisionDiff diff)
      throws IOException {
    Optional<Fact> next = facts.next();
    long count = 0;
    if (next.isEmpty()) {
      return count;
    }
    long last = next.get().at();
    try (Simulation was = simulation(old, last, diff, DecisionDiff.Side.BEFORE);
        Simulation is = simulation(now, last, diff, DecisionDiff.Side.AFTER)) {
      for (; next.isPresent(); next = facts.next()) {
        count++;
        Fact fact = next.get();
        last = Math.max(last, fact.at());
        both(was, is, simulation -> simulation.accept(fact));
      }
      long end = Times.after(last, LONGEST_TAIL);
      both(was, is, simulation -> simulation.finish(end));
    }
    return count;
  }

  private static void both(Simulation was, Simulation is, Consumer<Simulation> step) {
    step.accept(was);
    step.accept(is);
  }

  private static Simulation simulation(
      CheckedPolicy policies, long start, DecisionDiff diff, DecisionDiff.Side side) {
    return new Simulation(
        policies, new Topology(policies.site()), start, List.of(), entry -> diff.take(side, entry));
  }
}
