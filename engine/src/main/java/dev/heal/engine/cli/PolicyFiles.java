package dev.heal.engine.cli;

import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.check.Checker;
import dev.heal.dsl.check.ImportResolver;
import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.diagnostic.HumanRenderer;
import dev.heal.dsl.parse.SourceFiles;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.text.SourceFile;
import dev.heal.engine.reload.files.Imports;
import dev.heal.engine.reload.files.PolicyTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The {@code .heal} files that a command line names, in sets: files that are named belong together;
 * so do the files of one folder. Each set is checked as one whole.
 */
final class PolicyFiles {
  /** Files that are checked together, and what kept others from being read. */
  record FileSet(List<SourceFile> sources, List<Diagnostic> unreadable, int files) {
    /** The policy of the set; empty where there is an error, and then every error was printed. */
    Optional<CheckedPolicy> checked(Console console) {
      CheckResult result = Checker.check(sources, resolver());
      List<Diagnostic> errors = new ArrayList<>(unreadable);
      result.diagnostics().stream().filter(Diagnostic::isError).forEach(errors::add);
      console.err().print(new HumanRenderer(false).render(errors));
      return errors.isEmpty() ? result.policy() : Optional.empty();
    }
  }

  private PolicyFiles() {}

  /**
   * Reads what the paths name, at least one file; folders with all folders below them, but for
   * hidden ones, such as those to which the links of a mounted Kubernetes volume lead.
   *
   * @throws IOException where a folder cannot be listed
   * @throws UsageException where a path is empty, or there is no file
   */
  static List<FileSet> read(List<Path> paths) throws IOException {
    List<List<Path>> sets = PolicyTree.sets(named(paths));
    if (sets.isEmpty()) {
      throw new UsageException("there is no .heal file " + in(paths));
    }
    List<FileSet> read = new ArrayList<>();
    for (List<Path> files : sets) {
      read.add(set(files));
    }
    return read;
  }

  /** All that the paths and the site name, checked as one whole; empty where there is an error. */
  static Optional<CheckedPolicy> checked(List<Path> policies, Optional<Path> site, Console console)
      throws IOException {
    List<FileSet> sets = new ArrayList<>(read(policies));
    if (site.isPresent()) {
      sets.addAll(read(List.of(site.get()))); // by itself: neither may be empty
    }
    List<SourceFile> sources = new ArrayList<>();
    List<Diagnostic> diagnostics = new ArrayList<>();
    for (FileSet set : sets) {
      sources.addAll(set.sources());
      diagnostics.addAll(set.unreadable());
    }
    return new FileSet(sources, diagnostics, sources.size()).checked(console);
  }

  /** An empty name is what a script's unset variable leaves. */
  static void requireNames(List<Path> paths) {
    if (paths.stream().anyMatch(path -> path.toString().isEmpty())) {
      throw new UsageException("a path is empty");
    }
  }

  /** This folder where nothing is named. */
  private static List<Path> named(List<Path> paths) {
    requireNames(paths);
    return paths.isEmpty() ? List.of(Path.of("")) : paths;
  }

  private static String in(List<Path> paths) {
    return paths.isEmpty()
        ? "here"
        : "in " + String.join(", ", paths.stream().map(path -> "`" + path + "`").toList());
  }

  private static FileSet set(List<Path> files) {
    List<SourceFile> sources = new ArrayList<>();
    List<Diagnostic> unreadable = new ArrayList<>();
    for (Path file : files) {
      SourceFiles.Read read = SourceFiles.read(file, file.toString());
      read.source().ifPresent(sources::add);
      read.diagnostic().ifPresent(unreadable::add);
    }
    return new FileSet(sources, unreadable, files.size());
  }

  /** Finds imports on the disk, and among the shipped packs. */
  static ImportResolver resolver() {
    return Imports.ofDisk();
  }
}
