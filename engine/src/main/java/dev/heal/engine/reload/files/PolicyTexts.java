package dev.heal.engine.reload.files;

import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.check.Checker;
import dev.heal.dsl.check.ImportResolver;
import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.parse.SourceFiles;
import dev.heal.dsl.text.SourceFile;
import dev.heal.engine.reload.bundle.Bundle;
import dev.heal.engine.reload.bundle.Contents;
import dev.heal.engine.reload.bundle.VerifiedBundle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A whole set of texts, as it was at one moment. The same digest, the same texts.
 *
 * @param sources in the order in which they are checked
 * @param unreadable those that are there and are no texts
 * @param imports finds what they import, as it was at that moment too
 * @param digest {@code sha256:…} of all that a check may read of them
 * @param origin where they come from, in the operator's words
 * @param parcel their bytes, where they are at hand
 */
public record PolicyTexts(
    List<SourceFile> sources,
    List<Diagnostic> unreadable,
    ImportResolver imports,
    String digest,
    String origin,
    Optional<Parcel> parcel) {
  public PolicyTexts {
    sources = List.copyOf(sources);
    unreadable = List.copyOf(unreadable);
  }

  /** No policy at all: where there is none that may be in force. */
  public static PolicyTexts nothing() {
    return new PolicyTexts(
        List.of(new SourceFile("nothing.heal", "heal 1\n")),
        List.of(),
        Imports.shippedOnly(),
        Contents.digest(new TreeMap<>()).toString(),
        "nowhere");
  }

  /** Of which nothing can be kept. */
  public PolicyTexts(
      List<SourceFile> sources,
      List<Diagnostic> unreadable,
      ImportResolver imports,
      String digest,
      String origin) {
    this(sources, unreadable, imports, digest, origin, Optional.empty());
  }

  /**
   * Those of an archive.
   *
   * @param verified there where keys are trusted
   * @param folder before the names of its files
   * @param origin where it comes from, in the operator's words
   */
  public static PolicyTexts of(
      Bundle bundle, Optional<VerifiedBundle> verified, String folder, String origin) {
    Contents contents = bundle.contents();
    Contents.Sources sources = contents.sources(folder);
    return new PolicyTexts(
        sources.files(),
        sources.unreadable(),
        Imports.of(new Packed(contents, folder)),
        contents.digest().toString(),
        origin,
        Optional.of(Parcel.of(bundle, verified)));
  }

  /** Finds what is imported in an archive, and nowhere else. */
  private record Packed(Contents contents, String folder) implements Imports.Disk {
    private Optional<byte[]> bytes(Path path) {
      Path below = Path.of(folder);
      return path.startsWith(below)
          ? contents.bytes(below.relativize(path).toString())
          : folder.isEmpty() ? contents.bytes(path.toString()) : Optional.empty();
    }

    @Override
    public boolean isFile(Path path) {
      return bytes(path.normalize()).isPresent();
    }

    @Override
    public Optional<SourceFile> read(Path path) {
      return bytes(path.normalize())
          .flatMap(bytes -> SourceFiles.decode(path.toString(), bytes).source());
    }
  }

  /** The same, with what was verified of them. */
  public PolicyTexts with(Parcel verified) {
    return new PolicyTexts(sources, unreadable, imports, digest, origin, Optional.of(verified));
  }

  /** Checks them as one whole, with whatever kept one of them from being read. */
  public CheckResult check() {
    return check(Map.of());
  }

  /**
   * The same, with other values for some tunes.
   *
   * @param tuned values as a file would spell them, by the names of the tunes
   */
  public CheckResult check(Map<String, String> tuned) {
    CheckResult result = Checker.check(sources, imports, tuned);
    if (unreadable.isEmpty()) {
      return result;
    }
    List<Diagnostic> all = new ArrayList<>(unreadable);
    all.addAll(result.diagnostics());
    return new CheckResult(all, Optional.empty(), result.tunes());
  }
}
