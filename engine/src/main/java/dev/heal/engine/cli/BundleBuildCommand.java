package dev.heal.engine.cli;

import dev.heal.engine.cli.bundle.BundleText;
import dev.heal.engine.cli.bundle.KeyFiles;
import dev.heal.engine.cli.bundle.NewFile;
import dev.heal.engine.reload.bundle.Bundle;
import dev.heal.engine.reload.bundle.Contents;
import dev.heal.engine.reload.bundle.Manifest;
import dev.heal.engine.reload.bundle.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heal bundle build}: a folder of policies as one file. */
@Command(
    name = "bundle build",
    description = {
      "Checks a folder of policies and packs it: the same policies, the same bytes.",
      "What the policies import must be in the folder, or shipped."
    })
final class BundleBuildCommand implements Subcommand {
  @Parameters(paramLabel = "DIR", description = "The folder of policies.")
  private Path folder = Path.of("");

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "FILE",
      description = "Where the bundle is written.")
  private Path output = Path.of("");

  @Mixin private Lineage lineage = new Lineage();

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "Sign it with this private key; may be given several times.")
  private List<Path> keys = new ArrayList<>();

  @Option(names = "--no-check", description = "Pack them whatever errors they have.")
  private boolean unchecked;

  @Option(names = "--force", description = "Overwrite another bundle that is there.")
  private boolean force;

  @Override
  public ExitCode run(Console console) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new UsageException("`" + folder + "` is no folder");
    }
    try {
      Contents contents = PolicyPlace.folder(folder);
      if (!unchecked
          && PolicyPlace.checked(contents, folder.toString(), Optional.empty(), console)
              .isEmpty()) {
        return ExitCode.POLICY_ERRORS;
      }
      Optional<Manifest> parent = lineage.parent();
      Bundle bundle =
          Bundle.build(contents, lineage.name(parent), lineage.revision(parent), parent);
      for (Path key : keys) {
        bundle = bundle.signed(KeyFiles.read(key, Optional.empty()));
      }
      write(bundle.archive());
      console.out().println(BundleText.line(bundle));
    } catch (RefusedException refused) {
      throw PolicyPlace.refused(folder, refused);
    }
    return ExitCode.FINE;
  }

  private void write(byte[] archive) throws IOException {
    if (Files.exists(output)) {
      if (Files.isRegularFile(output) && Arrays.equals(PolicyPlace.archive(output), archive)) {
        return; // it is there already
      }
      if (!force) {
        throw new InputException(
            "`" + output + "` is there already, and is another one",
            "choose another name, or `--force`");
      }
    }
    NewFile.replace(output, archive);
  }
}
