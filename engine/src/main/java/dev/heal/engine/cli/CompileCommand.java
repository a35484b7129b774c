package dev.heal.engine.cli;

import dev.heal.dsl.compile.DrlCompiler;
import dev.heal.dsl.policy.CheckedPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code heal compile}: the rules as Drools text. */
@Command(
    name = "compile",
    description = "Shows the rules as Drools text, each with the line that it comes from.")
final class CompileCommand implements Subcommand {
  @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files or folders of policies.")
  private List<Path> paths = new ArrayList<>();

  @Override
  public ExitCode run(Console console) throws IOException {
    for (PolicyFiles.FileSet set : PolicyFiles.read(paths)) {
      Optional<CheckedPolicy> checked = set.checked(console);
      if (checked.isEmpty()) {
        return ExitCode.POLICY_ERRORS;
      }
      console.out().print(DrlCompiler.compile(checked.get()).drl());
    }
    return ExitCode.FINE;
  }
}
