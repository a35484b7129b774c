package dev.heal.packs;

import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.check.Checker;
import dev.heal.dsl.check.ImportResolver;
import dev.heal.dsl.parse.SourceFiles;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.text.SourceFile;
import dev.heal.engine.loop.Coverage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The packs and sites of the working tree, loaded through the checker. */
final class ShippedPacks {
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path RULES = ROOT.resolve("rules");
  static final Path FLEET = ROOT.resolve("examples/fleet/site.heal");

  private ShippedPacks() {}

  /** Their names as an import writes them: {@code nvidia/xid}. */
  static List<String> names() {
    try (Stream<Path> files = Files.walk(RULES)) {
      return files
          .map(file -> RULES.relativize(file).toString())
          .filter(name -> name.endsWith(".heal") && !name.startsWith("target"))
          .map(name -> name.substring(0, name.length() - ".heal".length()))
          .sorted()
          .toList();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  static Path file(String pack) {
    return RULES.resolve(pack + ".heal");
  }

  static CheckResult check(Path file) {
    return check(source(file).orElseThrow());
  }

  private static CheckResult check(SourceFile file) {
    ImportResolver resolver = (path, importer) -> source(RULES.resolve(path + ".heal"));
    return Checker.check(List.of(file), resolver);
  }

  /** The fleet of the examples, but nobody expects heartbeats. */
  static CheckedPolicy fleetWithoutHeartbeats() {
    SourceFile fleet = source(FLEET).orElseThrow();
    String text = fleet.text().replaceAll("  heartbeat every \\w+\n", "");
    return check(new SourceFile(fleet.name(), text)).policy().orElseThrow();
  }

  static CheckResult checkPack(String name) {
    return check(RULES.resolve(name + ".heal"));
  }

  static CheckedPolicy pack(String name) {
    CheckResult result = checkPack(name);
    return result
        .policy()
        .orElseThrow(() -> new AssertionError(name + ": " + result.diagnostics()));
  }

  private static Optional<SourceFile> source(Path file) {
    return Files.isRegularFile(file)
        ? SourceFiles.read(file, ROOT.relativize(file).toString()).source()
        : Optional.empty();
  }

  /** What the tests of a pack reach in the pack itself. */
  static Coverage coverage(String pack) {
    return new Coverage(List.of(source(RULES.resolve(pack + ".heal")).orElseThrow()));
  }

  /** Whether a declaration stands in the pack itself, and not in one that it imports. */
  static boolean isOf(String pack, SourceFile file) {
    return file.name().equals("rules/" + pack + ".heal");
  }
}
