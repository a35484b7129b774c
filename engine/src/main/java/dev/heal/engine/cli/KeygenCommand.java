package dev.heal.engine.cli;

import dev.heal.engine.cli.bundle.KeyFiles;
import dev.heal.engine.reload.bundle.RefusedException;
import dev.heal.engine.reload.bundle.SigningKey;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heal keygen}: a pair of keys that sign bundles. */
@Command(
    name = "keygen",
    description =
        "Makes a pair of Ed25519 keys: FILE, which signs and which only you may read, and FILE.pub,"
            + " which the hosts trust.")
final class KeygenCommand implements Subcommand {
  @Parameters(paramLabel = "FILE", description = "Where the private key is written.")
  private Path file = Path.of("");

  @Option(names = "--force", description = "Overwrite keys that are there; they are lost.")
  private boolean force;

  @Override
  public ExitCode run(Console console) throws IOException {
    if (file.toString().isEmpty()) {
      throw new UsageException("the name of the file is empty");
    }
    SigningKey key = SigningKey.generate();
    try {
      KeyFiles.write(file, key, force);
    } catch (RefusedException refused) {
      throw new InputException(refused.refusal().text(), refused.refusal().help());
    }
    console.out().println("private key  %s (mode 0600: keep it)".formatted(file));
    console.out().println("public key   %s".formatted(KeyFiles.publicFile(file)));
    console.out().println("id           " + key.publicKey().id());
    return ExitCode.FINE;
  }
}
