package dev.heal.engine.cli;

import dev.heal.engine.cli.bundle.BundleText;
import dev.heal.engine.reload.bundle.Manifest;
import dev.heal.engine.reload.bundle.Refusal;
import dev.heal.engine.reload.bundle.RefusedException;
import dev.heal.engine.reload.bundle.Standing;
import dev.heal.engine.reload.bundle.TrustRoot;
import dev.heal.engine.reload.bundle.VerifiedBundle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heal bundle verify}: whether a host that trusts these keys would take it. */
@Command(
    name = "bundle verify",
    description = {
      "Tells whether a host that trusts these keys would take a bundle, or a folder.",
      "Exits with 6 where it would not."
    })
final class BundleVerifyCommand implements Subcommand {
  @Parameters(paramLabel = "PATH", description = "A bundle, or a signed folder.")
  private Path place = Path.of("");

  @Option(
      names = "--trust",
      required = true,
      paramLabel = "PATH",
      description = "A file of public keys, or a folder of *.pem and *.pub files.")
  private Path trust = Path.of("");

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The set of policies that the host takes.")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--after",
      paramLabel = "PATH",
      description = "The bundle that the host has: this one must follow it.")
  private Optional<Path> after = Optional.empty();

  @Option(names = "--json", description = "One JSON object.")
  private boolean json;

  @Override
  public ExitCode run(Console console) throws IOException {
    TrustRoot keys = keys(console);
    Standing standing = standing();
    try {
      VerifiedBundle verified = PolicyPlace.verified(place, keys);
      Optional<Refusal> refusal = standing.refuses(verified.manifest());
      if (refusal.isPresent()) {
        throw new RefusedException(refusal.get());
      }
      if (json) {
        console
            .out()
            .print(
                BundleText.json(
                    Optional.of(verified.bundle()), verified.signer().id(), Optional.empty()));
      } else {
        console
            .out()
            .println(
                BundleText.line(verified.bundle())
                    + "; the signature of "
                    + verified.signer()
                    + " is right");
      }
      return ExitCode.FINE;
    } catch (RefusedException refused) {
      if (json) {
        console.out().print(BundleText.json(Optional.empty(), "", Optional.of(refused.refusal())));
      } else {
        console.out().flush();
        console.err().println("heal: `" + place + "` is refused: " + refused.refusal().text());
        console.err().println("  = help: " + refused.refusal().help());
      }
      return ExitCode.PROPERTY_VIOLATED;
    }
  }

  private TrustRoot keys(Console console) throws InputException {
    try {
      TrustRoot keys = TrustRoot.load(trust);
      for (Refusal problem : keys.problems()) {
        console.err().println("heal: left out: " + problem.text());
        console.err().println("  = help: " + problem.help());
      }
      return keys;
    } catch (RefusedException refused) {
      throw new InputException(refused.refusal().text(), refused.refusal().help());
    }
  }

  private Standing standing() throws IOException {
    if (after.isEmpty()) {
      return new Standing(name, Optional.empty(), Optional.empty(), Set.of());
    }
    try {
      Manifest has = PolicyPlace.bundle(after.get()).manifest();
      return new Standing(
          name.or(() -> Optional.of(has.name())),
          Optional.of(has),
          Optional.of(has.asAncestor()),
          Set.of());
    } catch (RefusedException refused) {
      throw PolicyPlace.refused(after.get(), refused);
    }
  }
}
