package dev.heal.engine.cli;

import dev.heal.dsl.check.CheckCode;
import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.check.Checker;
import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.diagnostic.HumanRenderer;
import dev.heal.dsl.diagnostic.JsonRenderer;
import dev.heal.dsl.diagnostic.SarifRenderer;
import dev.heal.dsl.parse.SyntaxCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heal check}: every mistake of the files, in one run. */
@Command(
    name = "check",
    description = "Finds mistakes in .heal files: files named together are checked as one whole.")
final class CheckCommand implements Subcommand {
  enum Format {
    human,
    json,
    sarif
  }

  @Parameters(
      paramLabel = "PATH",
      arity = "0..*",
      description = "Files, or folders with the .heal files below them (default: this folder).")
  private List<Path> paths = new ArrayList<>();

  @Option(names = "--deny-warnings", description = "Exit with 4 where there are warnings.")
  private boolean denyWarnings;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "human, json (one object a line), or sarif.")
  private Format format = Format.human;

  @Override
  public ExitCode run(Console console) throws IOException {
    List<Diagnostic> diagnostics = new ArrayList<>();
    int files = 0;
    for (PolicyFiles.FileSet set : PolicyFiles.read(paths)) {
      files += set.files();
      diagnostics.addAll(set.unreadable());
      CheckResult result = Checker.check(set.sources(), PolicyFiles.resolver());
      diagnostics.addAll(result.diagnostics());
    }
    console
        .out()
        .print(
            switch (format) {
              case human -> new HumanRenderer(console.colourAllowed()).render(diagnostics);
              case json -> JsonRenderer.render(diagnostics);
              case sarif -> new SarifRenderer("1.0.0", titles()).render(diagnostics);
            });
    if (format != Format.human || diagnostics.isEmpty()) {
      console.err().println(HumanRenderer.summary(diagnostics, files));
    }
    if (diagnostics.stream().anyMatch(Diagnostic::isError)) {
      return ExitCode.POLICY_ERRORS;
    }
    return denyWarnings && !diagnostics.isEmpty() ? ExitCode.POLICY_WARNINGS : ExitCode.FINE;
  }

  private static Map<String, String> titles() {
    Map<String, String> titles = new TreeMap<>();
    for (SyntaxCode code : SyntaxCode.values()) {
      titles.put(code.name(), code.title());
    }
    for (CheckCode code : CheckCode.values()) {
      titles.put(code.name(), code.title());
    }
    return titles;
  }
}
