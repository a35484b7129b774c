package dev.heal.engine.cli;

import dev.heal.engine.cli.control.ApproveOptions;
import dev.heal.engine.cli.control.BreakerOptions;
import dev.heal.engine.cli.control.ClearOptions;
import dev.heal.engine.cli.control.MaintenanceOptions;
import dev.heal.engine.cli.control.PauseOptions;
import dev.heal.engine.cli.control.RejectOptions;
import dev.heal.engine.cli.control.ReloadOptions;
import dev.heal.engine.cli.control.ResumeOptions;
import dev.heal.engine.cli.control.RollbackOptions;
import dev.heal.engine.cli.control.StatusOptions;
import dev.heal.engine.cli.control.TuneOptions;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The commands, in the order of {@code heal --help}. A command's class is loaded only when it is
 * called: reading the annotations of all of them would cost each start tens of milliseconds.
 */
final class Commands {
  /**
   * One command; of some the name has two words: {@code bundle verify}.
   *
   * @param summary a few words for the list, lower case, no full stop
   */
  record Entry(String name, String summary, Supplier<Subcommand> create) {}

  private final List<Entry> entries;

  Commands(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /** All commands of this build. */
  static Commands all() {
    return new Commands(
        List.of(
            new Entry("check", "find mistakes in .heal files", CheckCommand::new),
            new Entry("fmt", "write .heal files in their canonical form", FmtCommand::new),
            new Entry("test", "run the tests beside the rules on virtual time", TestCommand::new),
            new Entry(
                "simulate",
                "show what policies would have done on recorded facts",
                SimulateCommand::new),
            new Entry("history", "show the incidents of an engine", HistoryCommand::new),
            new Entry(
                "explain",
                "show what was done about an incident, and why, and why not",
                ExplainCommand::new),
            new Entry(
                "status",
                "show a running engine: its mode, faults, repairs and sources",
                () -> new ControlCommand(new StatusOptions())),
            new Entry(
                "approve",
                "let a repair begin that waits for it",
                () -> new ControlCommand(new ApproveOptions())),
            new Entry(
                "reject",
                "refuse a repair that waits for approval",
                () -> new ControlCommand(new RejectOptions())),
            new Entry(
                "clear",
                "end a raised fault that nothing else ends",
                () -> new ControlCommand(new ClearOptions())),
            new Entry(
                "pause",
                "switch auto-repair off: all is seen, nothing is touched",
                () -> new ControlCommand(new PauseOptions())),
            new Entry(
                "resume",
                "switch auto-repair on, or take a given-up fault up again",
                () -> new ControlCommand(new ResumeOptions())),
            new Entry(
                "maintenance",
                "hold repairs while somebody works on machines",
                () -> new ControlCommand(new MaintenanceOptions())),
            new Entry(
                "breaker",
                "close a breaker that has stopped all acting",
                () -> new ControlCommand(new BreakerOptions())),
            new Entry("facts", "show what the log parser sees", FactsCommand::new),
            new Entry("demo", "break a small server in five ways and repair it", DemoCommand::new),
            new Entry("keygen", "make a pair of keys that sign bundles", KeygenCommand::new),
            new Entry(
                "bundle build", "pack policies for a fleet, to be signed", BundleBuildCommand::new),
            new Entry("bundle sign", "sign a bundle, or a folder", BundleSignCommand::new),
            new Entry(
                "bundle verify", "tell whether a trusted key has signed", BundleVerifyCommand::new),
            new Entry("bundle show", "show what is in a bundle", BundleShowCommand::new),
            new Entry("diff", "show what two sets of policies mean differently", DiffCommand::new),
            new Entry("generations", "show which policies were in force", GenerationsCommand::new),
            new Entry(
                "reload",
                "have a running engine load its policies anew",
                () -> new ControlCommand(new ReloadOptions())),
            new Entry(
                "tune",
                "set a number of the policies in force, for a time",
                () -> new ControlCommand(new TuneOptions())),
            new Entry(
                "rollback",
                "put policies in force again that were before",
                () -> new ControlCommand(new RollbackOptions())),
            new Entry("run", "watch this host and repair it", RunCommand::new),
            new Entry("gpus", "show the GPUs of this host, or record them", GpusCommand::new),
            new Entry("compile", "show the rules as Drools text", CompileCommand::new)));
  }

  List<Entry> entries() {
    return entries;
  }

  List<String> names() {
    return entries.stream().map(Entry::name).toList();
  }

  /** The second words of the commands that begin with this one. */
  List<String> after(String first) {
    return names().stream()
        .filter(name -> name.startsWith(first + " "))
        .map(name -> name.substring(first.length() + 1))
        .toList();
  }

  Optional<Entry> find(String name) {
    return entries.stream().filter(entry -> entry.name().equals(name)).findFirst();
  }
}
