package dev.heal.engine.source.child;

import dev.heal.engine.source.child.StartResult.Failed;
import dev.heal.engine.source.child.StartResult.Reason;
import dev.heal.engine.source.posix.Posix;
import dev.heal.engine.source.posix.PosixException;
import dev.heal.engine.source.posix.ProcessTable;
import dev.heal.engine.source.posix.Spawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Turns what is to run into a group that is watched. */
final class Launcher {
  private final String owner;
  private final Children.Ledger ledger;
  private final Consumer<ChildEvent> events;

  Launcher(String owner, Children.Ledger ledger, Consumer<ChildEvent> events) {
    this.owner = owner;
    this.ledger = ledger;
    this.events = events;
  }

  /**
   * @param known is given the group before anything of it can be seen
   */
  StartResult launch(ChildSpec spec, Consumer<Group> known) {
    if (spec.directory().isPresent() && !Files.isDirectory(spec.directory().get())) {
      return new Failed(
          Reason.NO_DIRECTORY,
          "there is no working directory `%s`".formatted(spec.directory().get()));
    }
    Optional<String> program = program(spec);
    if (program.isEmpty()) {
      return new Failed(
          Reason.NOT_FOUND,
          "there is no program `%s` in the PATH `%s`"
              .formatted(spec.argv().get(0), spec.environment().getOrDefault("PATH", "")));
    }
    List<Integer> opened = new ArrayList<>();
    try {
      return launch(spec, program.get(), opened, known);
    } catch (PosixException e) {
      opened.forEach(Posix::close);
      return new Failed(reason(e.number()), String.valueOf(e.getMessage()));
    } catch (IOException e) {
      opened.forEach(Posix::close);
      return new Failed(Reason.OTHER, String.valueOf(e.getMessage()));
    }
  }

  /** Watches what a former engine started. */
  StartResult adopt(ChildSpec spec, ProcessId process, Consumer<Group> known) {
    Leader leader = new Leader.Adopted(process);
    if (!leader.isThere()) {
      return new Failed(Reason.NOT_FOUND, "process %d is gone".formatted(process.pid()));
    }
    Group group = group(spec, process, leader);
    Optional<Outputs> outputs = Inherited.outputs(process.pid(), sink(spec, process));
    known.accept(group);
    events.accept(new ChildEvent.Started(spec.name(), process, true));
    outputs.ifPresentOrElse(group::watch, group::watchWithoutOutputs);
    return new StartResult.Running(process);
  }

  /**
   * @param opened what is to be closed if this throws
   */
  private StartResult launch(
      ChildSpec spec, String program, List<Integer> opened, Consumer<Group> known)
      throws IOException {
    Posix.Pipe output = Posix.pipeThatOutlivesItsReader();
    opened.addAll(List.of(output.readEnd(), output.writeEnd()));
    Posix.Pipe errors = Posix.pipeThatOutlivesItsReader();
    opened.addAll(List.of(errors.readEnd(), errors.writeEnd()));
    int wake = Posix.wakeable();
    opened.add(wake);
    int pid =
        new Spawn(
                program,
                spec.argv(),
                environment(spec),
                spec.directory(),
                output.writeEnd(),
                errors.writeEnd())
            .start();
    opened.clear();
    Posix.close(output.writeEnd());
    Posix.close(errors.writeEnd());
    // as long as it is not buried it is in the table, ended or not
    ProcessId process =
        new ProcessId(pid, ProcessTable.find(pid).orElseThrow(Lost::new).startTicks());
    Group group = group(spec, process, new Leader.Own(pid));
    Outputs outputs = new Outputs(output.readEnd(), errors.readEnd(), wake, sink(spec, process));
    try {
      ledger.started(spec.name(), process);
    } catch (IOException e) {
      group.kill();
      known.accept(group);
      group.watch(outputs);
      return new Failed(
          Reason.NOT_RECORDED, "it was killed, as it could not be recorded: " + e.getMessage());
    }
    known.accept(group);
    events.accept(new ChildEvent.Started(spec.name(), process, false));
    group.watch(outputs);
    return new StartResult.Running(process);
  }

  private Group group(ChildSpec spec, ProcessId process, Leader leader) {
    return new Group(spec, process, leader, events, () -> ledger.gone(spec.name(), process));
  }

  private Outputs.Sink sink(ChildSpec spec, ProcessId process) {
    return (output, text, cut) ->
        events.accept(new ChildEvent.Line(spec.name(), process, output, text, cut));
  }

  private List<String> environment(ChildSpec spec) {
    List<String> environment = new ArrayList<>();
    spec.environment()
        .forEach(
            (name, value) -> {
              if (!name.equals(Children.MARK)) {
                environment.add(name + "=" + value);
              }
            });
    environment.sort(null);
    environment.add(Children.MARK + "=" + owner + ":" + spec.name());
    return environment;
  }

  /** A name with a slash is a path; another is looked for in the PATH that the child will have. */
  private static Optional<String> program(ChildSpec spec) {
    String name = spec.argv().get(0);
    if (name.indexOf('/') >= 0) {
      return Optional.of(name);
    }
    String path = spec.environment().getOrDefault("PATH", "");
    int from = 0;
    while (from < path.length()) {
      int to = path.indexOf(':', from);
      to = to < 0 ? path.length() : to;
      Path candidate = Path.of(path.substring(from, to)).resolve(name);
      if (to > from && Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
        return Optional.of(candidate.toAbsolutePath().toString());
      }
      from = to + 1;
    }
    return Optional.empty();
  }

  private static Reason reason(int error) {
    return switch (error) {
      case PosixException.ENOENT -> Reason.NOT_FOUND;
      case PosixException.EACCES, PosixException.EPERM -> Reason.NOT_PERMITTED;
      case PosixException.ENOEXEC -> Reason.NOT_EXECUTABLE;
      case PosixException.ENOMEM,
          PosixException.EAGAIN,
          PosixException.EMFILE,
          PosixException.ENFILE ->
          Reason.NO_RESOURCES;
      default -> Reason.OTHER;
    };
  }

  /** A child that was not waited for cannot leave the process table. */
  private static final class Lost extends IllegalStateException {
    private static final long serialVersionUID = 1L;
  }
}
