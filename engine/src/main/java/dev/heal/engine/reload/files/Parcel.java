package dev.heal.engine.reload.files;

import dev.heal.engine.reload.bundle.Bundle;
import dev.heal.engine.reload.bundle.Contents;
import dev.heal.engine.reload.bundle.Manifest;
import dev.heal.engine.reload.bundle.Refusal;
import dev.heal.engine.reload.bundle.RefusedException;
import dev.heal.engine.reload.bundle.TrustRoot;
import dev.heal.engine.reload.bundle.VerifiedBundle;
import java.util.Map;
import java.util.Optional;

/**
 * The bytes of a set of texts: to be verified before they are in force, and to be kept once they
 * are.
 */
public final class Parcel {
  /** What a generation that nobody has signed is called in its archive. */
  private static final String UNSIGNED = "unsigned";

  private final Map<String, byte[]> files;
  private final Optional<Seals> seals;
  private final Optional<Bundle> bundle;
  private final Optional<VerifiedBundle> verified;

  private Parcel(
      Map<String, byte[]> files,
      Optional<Seals> seals,
      Optional<Bundle> bundle,
      Optional<VerifiedBundle> verified) {
    this.files = files;
    this.seals = seals;
    this.bundle = bundle;
    this.verified = verified;
  }

  /**
   * What lies beside the files of one folder.
   *
   * @param manifest the bytes of {@link Manifest#FILE_NAME}; empty where it is not there
   * @param signatures those of the signatures
   */
  record Seals(Optional<byte[]> manifest, Optional<byte[]> signatures) {}

  /**
   * Of files.
   *
   * @param files by their paths below one folder
   * @param seals empty where the files are not those of one folder alone: then they cannot be
   *     signed
   */
  static Parcel of(Map<String, byte[]> files, Optional<Seals> seals) {
    return new Parcel(Map.copyOf(files), seals, Optional.empty(), Optional.empty());
  }

  /**
   * Of an archive.
   *
   * @param verified there where keys are trusted
   */
  static Parcel of(Bundle bundle, Optional<VerifiedBundle> verified) {
    return new Parcel(Map.of(), Optional.empty(), Optional.of(bundle), verified);
  }

  /** The signed bundle that it is; empty where nobody has verified it. */
  public Optional<VerifiedBundle> verified() {
    return verified;
  }

  /**
   * The archive to keep.
   *
   * @throws RefusedException where a file has a path that an archive cannot have, or there is too
   *     much
   */
  public Bundle bundle() throws RefusedException {
    if (verified.isPresent()) {
      return verified.get().bundle();
    }
    return bundle.isPresent()
        ? bundle.get()
        : Bundle.build(Contents.of(files), UNSIGNED, 1, Optional.empty());
  }

  /**
   * The same, once one of these keys is known to have signed it.
   *
   * @throws RefusedException where none has, or it is not what was signed
   */
  public Parcel verifiedBy(TrustRoot keys) throws RefusedException {
    if (verified.isPresent()) {
      return this; // an archive, which is verified when it comes
    }
    if (seals.isEmpty()) {
      throw new RefusedException(
          new Refusal(
              Refusal.Kind.UNSIGNED,
              "these are not the files of one folder, and so nobody can have signed them",
              "name one folder with --policies, with the site's file in it, and import nothing from"
                  + " outside of it"));
    }
    VerifiedBundle signed =
        keys.verifyFolder(Contents.of(files), seals.get().manifest(), seals.get().signatures());
    return new Parcel(files, seals, bundle, Optional.of(signed));
  }
}
