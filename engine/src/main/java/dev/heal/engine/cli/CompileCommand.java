package dev.heal.engine.cli;

import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.check.Checker;
import dev.heal.dsl.compile.DrlCompiler;
import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.diagnostic.HumanRenderer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
      CheckResult checked = Checker.check(set.sources(), PolicyFiles.resolver());
      List<Diagnostic> errors = new ArrayList<>(set.unreadable());
      checked.diagnostics().stream().filter(Diagnostic::isError).forEach(errors::add);
      if (!errors.isEmpty() || checked.policy().isEmpty()) {
        console.err().print(new HumanRenderer(false).render(errors));
        return ExitCode.POLICY_ERRORS;
      }
      console.out().print(DrlCompiler.compile(checked.policy().get()).drl());
    }
    return ExitCode.FINE;
  }
}
