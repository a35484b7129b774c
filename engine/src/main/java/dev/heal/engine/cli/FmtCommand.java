package dev.heal.engine.cli;

import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.diagnostic.HumanRenderer;
import dev.heal.dsl.format.FormatResult;
import dev.heal.dsl.format.Formatter;
import dev.heal.dsl.text.SourceFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heal fmt}: the canonical form of files, comments kept. */
@Command(name = "fmt", description = "Writes .heal files in their canonical form; keeps comments.")
final class FmtCommand implements Subcommand {
  @Parameters(
      paramLabel = "PATH",
      arity = "1..*",
      description = "Files, or folders with the .heal files below them.")
  private List<Path> paths = new ArrayList<>();

  @Option(
      names = "--check",
      description = "Write nothing; name the files that would change, and exit with 3 for them.")
  private boolean check;

  @Override
  public ExitCode run(Console console) throws IOException {
    HumanRenderer human = new HumanRenderer(console.colourAllowed());
    int changed = 0;
    int refused = 0;
    int failed = 0;
    for (PolicyFiles.FileSet set : PolicyFiles.read(paths)) {
      refused += set.unreadable().size();
      set.unreadable().forEach(d -> console.err().println(human.render(d)));
      for (SourceFile source : set.sources()) {
        FormatResult result = Formatter.format(source);
        if (result.text().isEmpty()) {
          refused++;
          result.diagnostics().stream()
              .filter(Diagnostic::isError)
              .forEach(d -> console.err().println(human.render(d)));
        } else if (!result.text().get().equals(source.text())) {
          changed++;
          if (check) {
            console.out().println(source.name());
          } else {
            failed += write(console, source, result.text().get()) ? 0 : 1;
          }
        }
      }
    }
    if (failed > 0) {
      return ExitCode.TOOL_FAILED;
    }
    return refused > 0 || (check && changed > 0) ? ExitCode.POLICY_ERRORS : ExitCode.FINE;
  }

  /** Names the file once it is written; false, with a message, where it was left as it was. */
  private static boolean write(Console console, SourceFile source, String text) {
    try {
      FileRewrite.write(Path.of(source.name()), source.text(), text);
      console.out().println(source.name());
      return true;
    } catch (FileRewrite.Refused refused) {
      console.err().println("heal: " + refused.getMessage() + "; it was left as it was");
      return false;
    }
  }
}
