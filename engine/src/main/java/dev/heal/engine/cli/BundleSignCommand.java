package dev.heal.engine.cli;

import dev.heal.engine.cli.bundle.BundleText;
import dev.heal.engine.cli.bundle.KeyFiles;
import dev.heal.engine.cli.bundle.NewFile;
import dev.heal.engine.reload.bundle.Bundle;
import dev.heal.engine.reload.bundle.Contents;
import dev.heal.engine.reload.bundle.Manifest;
import dev.heal.engine.reload.bundle.RefusedException;
import dev.heal.engine.reload.bundle.Signatures;
import dev.heal.engine.reload.bundle.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heal bundle sign}: signs a bundle, or a folder of policies. */
@Command(
    name = "bundle sign",
    description = {
      "Signs a bundle; a signature by another key stays beside it.",
      "Signs a folder: a manifest and the signatures are written into it. Where its policies have"
          + " changed since, that is the next revision."
    })
final class BundleSignCommand implements Subcommand {
  @Parameters(paramLabel = "PATH", description = "A bundle, or a folder of policies.")
  private Path place = Path.of("");

  @Option(names = "--key", required = true, paramLabel = "FILE", description = "The private key.")
  private Path key = Path.of("");

  @Option(
      names = "--public",
      paramLabel = "FILE",
      description = "The public key of it (default: FILE.pub beside it).")
  private Optional<Path> open = Optional.empty();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where the signed bundle is written (default: in place).")
  private Optional<Path> output = Optional.empty();

  @Mixin private Lineage lineage = new Lineage();

  @Option(names = "--no-check", description = "Sign a folder whatever errors it has.")
  private boolean unchecked;

  @Override
  public ExitCode run(Console console) throws IOException {
    SigningKey signing;
    try {
      signing = KeyFiles.read(key, open);
    } catch (RefusedException refused) {
      throw new InputException(refused.refusal().text(), refused.refusal().help());
    }
    try {
      return Files.isDirectory(place) ? folder(signing, console) : bundle(signing, console);
    } catch (RefusedException refused) {
      throw PolicyPlace.refused(place, refused);
    }
  }

  private ExitCode bundle(SigningKey signing, Console console)
      throws IOException, RefusedException {
    if (lineage.isGiven()) {
      throw new UsageException(
          "what a bundle is does not change when it is signed: build another one");
    }
    Bundle signed = Bundle.read(PolicyPlace.archive(place)).signed(signing);
    NewFile.replace(output.orElse(place), signed.archive());
    console.out().println(BundleText.line(signed));
    return ExitCode.FINE;
  }

  private ExitCode folder(SigningKey signing, Console console)
      throws IOException, RefusedException {
    if (output.isPresent()) {
      throw new UsageException("a folder is signed in place; `heal bundle build` makes a file");
    }
    Contents contents = PolicyPlace.folder(place);
    if (!unchecked
        && PolicyPlace.checked(contents, place.toString(), Optional.empty(), console).isEmpty()) {
      return ExitCode.POLICY_ERRORS;
    }
    Bundle signed = next(contents).signed(signing);
    // the signatures first: with the old manifest they fit nothing, which is refused and not taken
    NewFile.replace(place.resolve(Signatures.FILE_NAME), signed.signatures().bytes());
    NewFile.replace(place.resolve(Manifest.FILE_NAME), signed.manifest().bytes());
    console.out().println(BundleText.line(signed));
    return ExitCode.FINE;
  }

  /** The bundle that is signed already where nothing has changed, else the next revision. */
  private Bundle next(Contents contents) throws IOException, RefusedException {
    Optional<byte[]> manifest = PolicyPlace.beside(place, Manifest.FILE_NAME);
    if (manifest.isEmpty() || lineage.namesParent()) {
      Optional<Manifest> parent = lineage.parent();
      return Bundle.build(contents, lineage.name(parent), lineage.revision(parent), parent);
    }
    Manifest old = Manifest.parse(manifest.get());
    boolean same =
        Manifest.of(contents, old.name(), old.revision(), Optional.empty())
            .files()
            .equals(old.files());
    if (same && !lineage.isGiven()) {
      byte[] signatures = PolicyPlace.beside(place, Signatures.FILE_NAME).orElse(new byte[0]);
      return Bundle.ofFolder(contents, manifest.get(), signatures);
    }
    Optional<Manifest> parent = Optional.of(old);
    return Bundle.build(contents, lineage.name(parent), lineage.revision(parent), parent);
  }
}
