package dev.heal.engine.cli;

import dev.heal.engine.cli.bundle.BundleText;
import dev.heal.engine.reload.bundle.Bundle;
import dev.heal.engine.reload.bundle.RefusedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heal bundle show}: what is in a bundle, whoever has signed it. */
@Command(
    name = "bundle show",
    description = "Shows what is in a bundle, or a signed folder, whoever has signed it.")
final class BundleShowCommand implements Subcommand {
  @Parameters(paramLabel = "PATH", description = "A bundle, or a signed folder.")
  private Path place = Path.of("");

  @Option(names = "--file", paramLabel = "NAME", description = "Print this file of it.")
  private Optional<String> file = Optional.empty();

  @Option(names = "--json", description = "One JSON object.")
  private boolean json;

  @Override
  public ExitCode run(Console console) throws IOException {
    Bundle bundle;
    try {
      bundle = PolicyPlace.bundle(place);
    } catch (RefusedException refused) {
      throw PolicyPlace.refused(place, refused);
    }
    if (file.isPresent()) {
      byte[] bytes =
          bundle
              .contents()
              .bytes(file.get())
              .orElseThrow(
                  () -> new UsageException("there is no `" + file.get() + "` in the bundle"));
      console.out().print(new String(bytes, StandardCharsets.UTF_8));
    } else {
      console.out().print(json ? BundleText.json(bundle) : BundleText.whole(bundle));
    }
    return ExitCode.FINE;
  }
}
