package dev.heal.engine.cli;

import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.diagnostic.HumanRenderer;
import dev.heal.dsl.format.FormatResult;
import dev.heal.dsl.format.Formatter;
import dev.heal.dsl.text.SourceFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
    int files = 0;
    for (PolicyFiles.FileSet set : PolicyFiles.read(paths)) {
      files += set.files();
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
          console.out().println(source.name());
          if (!check) {
            write(Path.of(source.name()), result.text().get());
          }
        }
      }
    }
    if (files == 0) {
      throw new UsageException("there is no .heal file here");
    }
    return refused > 0 || (check && changed > 0) ? ExitCode.POLICY_ERRORS : ExitCode.FINE;
  }

  /** Whole or not at all: beside the file first, then in its place. A link stays a link. */
  private static void write(Path named, String text) throws IOException {
    Path file = named.toRealPath();
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    Path fresh = Files.createTempFile(file.toAbsolutePath().getParent(), ".fmt", ".heal");
    try {
      Files.write(fresh, text.getBytes(StandardCharsets.UTF_8));
      Files.setPosixFilePermissions(fresh, permissions);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }
}
