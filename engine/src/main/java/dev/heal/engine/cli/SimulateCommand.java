package dev.heal.engine.cli;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.TestCase;
import dev.heal.dsl.text.Nearest;
import dev.heal.dsl.vocabulary.Verb;
import dev.heal.dsl.vocabulary.Vocabulary;
import dev.heal.engine.cli.recording.Complaints;
import dev.heal.engine.cli.recording.MergedFacts;
import dev.heal.engine.cli.recording.PastPolicies;
import dev.heal.engine.cli.recording.Strangers;
import dev.heal.engine.cli.run.Daemon;
import dev.heal.engine.decide.Times;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.Topology;
import dev.heal.engine.fact.log.LogOptions;
import dev.heal.engine.loop.Simulation;
import dev.heal.engine.reload.files.DirectorySnapshot;
import dev.heal.engine.reload.files.PolicyTexts;
import dev.heal.engine.reload.files.TakingException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code heal simulate}: what the policies would have done on recorded facts. */
@Command(
    name = "simulate",
    description = "Shows what policies would have done on recorded facts and logs.")
final class SimulateCommand implements Subcommand {
  /** How long repairs may run on behind the last fact. */
  private static final Duration LONGEST_TAIL = Duration.ofDays(30);

  enum Format {
    human,
    json
  }

  @Option(
      names = "--policies",
      arity = "1..*",
      paramLabel = "PATH",
      description =
          "Files or folders of policies; checked as one whole. With --from-recording only for what"
              + " the state folder does not keep.")
  private List<Path> policies = new ArrayList<>();

  @Option(names = "--site", paramLabel = "FILE", description = "The machines of the site.")
  private Optional<Path> site = Optional.empty();

  /** Where the inputs come from. */
  private static final class Inputs {
    @Option(
        names = "--facts",
        required = true,
        arity = "1..*",
        paramLabel = "FILE",
        description =
            "JSON Lines, or a kernel or service log, gzip too; - for standard input. Several are merged by time.")
    private List<String> facts = new ArrayList<>();

    @Option(
        names = "--from-recording",
        required = true,
        paramLabel = "DIR",
        description =
            "What `heal run --state DIR` has recorded, with the policies that were in force: the"
                + " decisions are those that it made.")
    private Optional<Path> recording = Optional.empty();
  }

  @ArgGroup(multiplicity = "1")
  private Inputs inputs = new Inputs();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "human (a timeline) or json (one object a step).")
  private Format format = Format.human;

  @Option(
      names = "--fail",
      paramLabel = "VERB",
      description = "This verb fails whenever it is ordered; may be given several times.")
  private List<String> failing = new ArrayList<>();

  @Option(
      names = "--strict",
      description =
          "Facts that are malformed, late, twice there, or about entities or signals that nobody"
              + " declares are errors.")
  private boolean strict;

  @Mixin private SinceOption since = new SinceOption();

  @Mixin private LogSettings settings = new LogSettings();

  @Override
  public ExitCode run(Console console) throws IOException {
    LogOptions options = settings.options();
    FactInput.requireDistinct(inputs.facts);
    if (since.isGiven() && inputs.recording.isEmpty()) {
      throw new UsageException("--since has a place beside --from-recording only");
    }
    if (policies.isEmpty() && inputs.recording.isEmpty()) {
      throw new UsageException("--facts needs --policies: what is to decide on them?");
    }
    if (policies.isEmpty() && site.isPresent()) {
      throw new UsageException("--site has a place beside --policies only");
    }
    if (policies.isEmpty()) {
      return replay(console, Optional.empty(), inputs.recording.orElseThrow());
    }
    Optional<CheckedPolicy> checked = PolicyFiles.checked(policies, site, console);
    if (checked.isEmpty()) {
      return ExitCode.POLICY_ERRORS;
    }
    if (inputs.recording.isPresent()) {
      return replay(console, Optional.of(named()), inputs.recording.get());
    }
    List<TestCase.Target> failures = failures(checked.get());
    Complaints complaints = new Complaints(console.err()::println);
    try (OpenFacts open = OpenFacts.of(inputs.facts, options, complaints, console)) {
      return simulate(console, checked.get(), failures, open.merged(), complaints);
    }
  }

  private ExitCode replay(Console console, Optional<PolicyTexts> named, Path state)
      throws IOException {
    if (!failing.isEmpty()) {
      throw new UsageException(
          "--fail has no place with --from-recording: outcomes are as recorded");
    }
    RecordingReplay.requireFolder(state);
    Steps steps = new Steps(console, format == Format.json, strict);
    return new RecordingReplay(
            state,
            since.from(SinceOption.now()),
            PastPolicies.of(state, named),
            Daemon.COMMANDS,
            line -> console.err().println(line.startsWith(" ") ? line : "heal: " + line))
        .show(console, steps, strict);
  }

  /** What is named, as a running engine would take it. */
  private PolicyTexts named() throws InputException {
    try {
      return new DirectorySnapshot(policies, site, span -> {}, DirectorySnapshot.Writers.UNKNOWN)
          .take();
    } catch (TakingException failed) {
      throw new InputException(String.valueOf(failed.getMessage()), failed.help());
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      throw new InputException("interrupted", "run it again");
    }
  }

  private List<TestCase.Target> failures(CheckedPolicy checked) {
    NavigableSet<String> verbs = new TreeSet<>(checked.actions().keySet());
    Vocabulary.standard().verbs().stream().map(Verb::name).forEach(verbs::add);
    List<TestCase.Target> targets = new ArrayList<>();
    for (String verb : failing) {
      if (!verbs.contains(verb)) {
        throw new UsageException(
            "`%s` is no verb%s"
                .formatted(
                    verb,
                    Nearest.to(verb, verbs).map(v -> "; did you mean `" + v + "`?").orElse("")));
      }
      targets.add(new TestCase.Target(verb, Optional.empty(), Optional.empty()));
    }
    return targets;
  }

  private ExitCode simulate(
      Console console,
      CheckedPolicy checked,
      List<TestCase.Target> failures,
      MergedFacts facts,
      Complaints complaints)
      throws IOException {
    Steps steps = new Steps(console, format == Format.json, strict);
    Topology topology = new Topology(checked.site());
    Strangers strangers = new Strangers(checked.site(), topology, complaints);
    Optional<Fact> next = facts.next();
    long count = 0;
    if (next.isPresent()) {
      long last = next.get().at();
      try (Simulation simulation = new Simulation(checked, topology, last, failures, steps::take)) {
        for (; next.isPresent(); next = facts.next()) {
          count++;
          strangers.look(next.get(), facts);
          last = Math.max(last, next.get().at());
          simulation.accept(next.get());
        }
        steps.factsEnd(last);
        simulation.finish(Times.after(last, LONGEST_TAIL));
      }
    }
    if (strict && !complaints.isEmpty()) {
      console.err().println("--strict: " + complaints.summary() + "; nothing is shown");
      return ExitCode.TOOL_FAILED;
    }
    steps.flush();
    String wrong = complaints.summary();
    console
        .err()
        .println(
            String.format(Locale.ROOT, "%,d facts", count)
                + (wrong.isEmpty() ? "" : " (" + wrong + ")")
                + "; "
                + steps.summary());
    return ExitCode.FINE;
  }
}
