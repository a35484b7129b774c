package dev.heal.engine.cli;

import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.check.Checker;
import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.diagnostic.HumanRenderer;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.text.SourceFile;
import dev.heal.engine.reload.bundle.Bundle;
import dev.heal.engine.reload.bundle.Contents;
import dev.heal.engine.reload.bundle.Limits;
import dev.heal.engine.reload.bundle.Manifest;
import dev.heal.engine.reload.bundle.Refusal;
import dev.heal.engine.reload.bundle.RefusedException;
import dev.heal.engine.reload.bundle.Signatures;
import dev.heal.engine.reload.bundle.TrustRoot;
import dev.heal.engine.reload.bundle.VerifiedBundle;
import dev.heal.engine.reload.files.Imports;
import dev.heal.engine.reload.files.PolicyTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Where a command line says that policies are: a folder, signed or not, or a bundle. */
final class PolicyPlace {
  private PolicyPlace() {}

  /** The policies of a folder, as they are at one moment. */
  static Contents folder(Path folder) throws IOException, RefusedException {
    Contents first = read(folder);
    if (!first.equals(read(folder))) {
      throw new InputException(
          "`" + folder + "` changes while it is read", "run it again when nobody writes there");
    }
    return first;
  }

  private static Contents read(Path folder) throws IOException, RefusedException {
    Map<String, byte[]> files = new TreeMap<>();
    for (Path file : PolicyTree.files(folder)) {
      String path = folder.relativize(file).toString();
      files.put(path, bytes(file, Limits.FILE_BYTES + 1));
      if (files.size() > Limits.FILES) {
        break; // it is refused for that below
      }
    }
    if (files.isEmpty()) {
      throw new InputException("there is no .heal file in `" + folder + "`", "see the path");
    }
    return Contents.of(files);
  }

  private static byte[] bytes(Path file, int most) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new InputException("`" + file + "` is no regular file", "see the path");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(most);
    }
  }

  /** The manifest or the signatures beside the policies of a folder. */
  static Optional<byte[]> beside(Path folder, String name) throws IOException {
    try {
      return Optional.of(bytes(folder.resolve(name), Limits.MANIFEST_BYTES + 1));
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    }
  }

  /** The bytes of a file that should be a bundle. */
  static byte[] archive(Path file) throws IOException {
    return bytes(file, Limits.ARCHIVE_BYTES + 1);
  }

  /** A bundle, or a folder with its manifest; whoever has signed it. */
  static Bundle bundle(Path place) throws IOException, RefusedException {
    if (!Files.isDirectory(place)) {
      return Bundle.read(archive(place));
    }
    Optional<byte[]> manifest = beside(place, Manifest.FILE_NAME);
    if (manifest.isEmpty()) {
      throw new RefusedException(
          new Refusal(
              Refusal.Kind.UNSIGNED,
              "there is no `" + Manifest.FILE_NAME + "`: the folder was never signed",
              "sign it with `heal bundle sign`"));
    }
    return Bundle.ofFolder(
        folder(place), manifest.get(), beside(place, Signatures.FILE_NAME).orElse(new byte[0]));
  }

  /** A bundle, or a folder, that a trusted key has signed. */
  static VerifiedBundle verified(Path place, TrustRoot trust) throws IOException, RefusedException {
    return Files.isDirectory(place)
        ? trust.verifyFolder(
            folder(place), beside(place, Manifest.FILE_NAME), beside(place, Signatures.FILE_NAME))
        : trust.verify(archive(place));
  }

  /**
   * Checks policies that come by themselves: what they import is among them, or shipped.
   *
   * @param name what stands before the paths in messages
   * @param site the machines, where they are in a file of their own
   * @return empty where there is an error; then all are printed
   */
  static Optional<CheckedPolicy> checked(
      Contents contents, String name, Optional<Path> site, Console console) throws IOException {
    Contents.Sources own = contents.sources(name);
    List<SourceFile> sources = new ArrayList<>(own.files());
    List<Diagnostic> errors = new ArrayList<>(own.unreadable());
    if (site.isPresent()) {
      for (PolicyFiles.FileSet set : PolicyFiles.read(List.of(site.get()))) {
        sources.addAll(set.sources());
        errors.addAll(set.unreadable());
      }
    }
    CheckResult result = Checker.check(sources, contents.resolver(name, Imports.shippedOnly()));
    result.diagnostics().stream().filter(Diagnostic::isError).forEach(errors::add);
    console.err().print(new HumanRenderer(false).render(errors));
    return errors.isEmpty() ? result.policy() : Optional.empty();
  }

  /** For the frame: the place, and why its policies are not taken. */
  static InputException refused(Object place, RefusedException refused) {
    Refusal refusal = refused.refusal();
    return new InputException("`" + place + "`: " + refusal.text(), refusal.help());
  }
}
