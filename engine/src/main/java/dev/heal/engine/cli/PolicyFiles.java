package dev.heal.engine.cli;

import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.check.Checker;
import dev.heal.dsl.check.ImportResolver;
import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.diagnostic.HumanRenderer;
import dev.heal.dsl.parse.SourceFiles;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.text.SourceFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The {@code .heal} files that a command line names, in sets: files that are named belong together;
 * so do the files of one folder. Each set is checked as one whole.
 */
final class PolicyFiles {
  private static final String SHIPPED = "/dev/heal/rules/";

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
    Map<String, List<Path>> sets = new LinkedHashMap<>();
    for (Path path : named(paths)) {
      if (!Files.isDirectory(path)) {
        sets.computeIfAbsent("", k -> new ArrayList<>()).add(path);
        continue;
      }
      for (Path file : list(path)) {
        String folder = String.valueOf(file.getParent());
        sets.computeIfAbsent("/" + folder, k -> new ArrayList<>()).add(file);
      }
    }
    if (sets.isEmpty()) {
      throw new UsageException("there is no .heal file " + in(paths));
    }
    List<FileSet> read = new ArrayList<>();
    for (List<Path> files : sets.values()) {
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

  /** The policies of a folder and of those below it, in order. */
  static List<Path> list(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) {
            return isLeftOut(folder, visited)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (isPolicy(file)) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return files.stream().sorted().toList();
  }

  private static boolean isLeftOut(Path folder, Path visited) {
    Path below = folder.relativize(visited);
    return below.equals(Path.of("target"))
        || (!visited.equals(folder) && below.getFileName().toString().startsWith("."));
  }

  /** A link that leads nowhere is one: a policy is missing. An editor's lock is none. */
  private static boolean isPolicy(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".heal")
        && (Files.isRegularFile(file) || (!Files.exists(file) && !name.startsWith(".")));
  }

  /** This folder where nothing is named. An empty name is what a script's unset variable leaves. */
  private static List<Path> named(List<Path> paths) {
    if (paths.stream().anyMatch(path -> path.toString().isEmpty())) {
      throw new UsageException("a path is empty");
    }
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

  /**
   * Shipped packs by name, other files relative to the one that imports them. A working copy of a
   * shipped pack imports from its own tree: {@code rules/nvidia/xid.heal} from {@code rules}.
   */
  static ImportResolver resolver() {
    return (path, importer) -> {
      String file = path.endsWith(".heal") ? path : path + ".heal";
      Path from = Path.of(importer.name());
      Path beside = from.resolveSibling(file).normalize();
      if (Files.isRegularFile(beside)) {
        return SourceFiles.read(beside, beside.toString()).source();
      }
      if (file.contains("..")) {
        return Optional.empty();
      }
      Optional<Path> copy =
          treeOfPacks(from).map(tree -> tree.resolve(file)).filter(Files::isRegularFile);
      return copy.isPresent()
          ? SourceFiles.read(copy.get(), copy.get().toString()).source()
          : shipped(file);
    };
  }

  /** The folder in which a file lies as a shipped pack of the same name does. */
  private static Optional<Path> treeOfPacks(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    int names = file.getNameCount();
    for (int from = Math.max(0, names - 2); from < names; from++) {
      if (PolicyFiles.class.getResource(SHIPPED + file.subpath(from, names)) != null) {
        Path tree = from == 0 ? Path.of("") : file.subpath(0, from);
        return Optional.of(file.isAbsolute() ? file.getRoot().resolve(tree) : tree);
      }
    }
    return Optional.empty();
  }

  /** Finds the packs that came with this engine, and nothing else. */
  static ImportResolver shippedPacks() {
    return (path, importer) ->
        path.contains("..")
            ? Optional.empty()
            : shipped(path.endsWith(".heal") ? path : path + ".heal");
  }

  private static Optional<SourceFile> shipped(String file) {
    try (InputStream in = PolicyFiles.class.getResourceAsStream(SHIPPED + file)) {
      return in == null
          ? Optional.empty()
          : SourceFiles.decode(file, in.readNBytes(SourceFiles.MOST_BYTES + 1)).source();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
