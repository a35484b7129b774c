package dev.heal.engine.cli.run;

import dev.heal.engine.cli.run.policy.PolicySettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Policies and a site in one file. */
public final class SiteFile {
  private SiteFile() {}

  /** Writes them into a folder that is made where it is not there. */
  public static PolicySettings in(Path folder, String text) {
    try {
      Path file = Files.createDirectories(folder).resolve("site.heal");
      return PolicySettings.of(List.of(Files.writeString(file, text)), Optional.empty());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
