package dev.heal.dsl.check;

import dev.heal.dsl.text.SourceFile;
import java.util.Optional;

/** Finds imported files: shipped packs by name, others relative to the file that imports them. */
public interface ImportResolver {
  /** Empty where there is no such file. */
  Optional<SourceFile> resolve(String path, SourceFile importer);

  /** Finds nothing. */
  ImportResolver NONE = (path, importer) -> Optional.empty();
}
