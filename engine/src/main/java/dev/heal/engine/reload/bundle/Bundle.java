package dev.heal.engine.reload.bundle;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A manifest, the signatures that are with it, and exactly the files that it names. Whether anybody
 * who may has signed it is not said: {@link TrustRoot} says it.
 */
public final class Bundle {
  private final Manifest manifest;
  private final Signatures signatures;
  private final Contents contents;

  Bundle(Manifest manifest, Signatures signatures, Contents contents) {
    this.manifest = manifest;
    this.signatures = signatures;
    this.contents = contents;
  }

  /**
   * An unsigned bundle of these files.
   *
   * @param revision above the parent's
   * @param parent what the files were made from; empty for the first of a set
   */
  public static Bundle build(
      Contents contents, String name, long revision, Optional<Manifest> parent) {
    return new Bundle(Manifest.of(contents, name, revision, parent), Signatures.NONE, contents);
  }

  /** Reads an archive, whoever has signed it: for looking at it, and for signing it. */
  public static Bundle read(byte[] archive) throws RefusedException {
    return ArchiveReader.read(archive, (manifest, signatures) -> {});
  }

  /**
   * The policies of a folder with the manifest and signatures beside them, whoever has signed them.
   */
  public static Bundle ofFolder(Contents contents, byte[] manifest, byte[] signatures)
      throws RefusedException {
    Manifest read = ManifestReader.read(manifest);
    requireSame(read, contents);
    return new Bundle(read, Signatures.read(signatures), contents);
  }

  private static void requireSame(Manifest manifest, Contents contents) throws RefusedException {
    TreeSet<String> extra = new TreeSet<>(contents.paths());
    List<String> missing = new ArrayList<>();
    List<String> changed = new ArrayList<>();
    for (Manifest.File file : manifest.files()) {
      if (!extra.remove(file.path())) {
        missing.add(file.path());
      } else if (!file.digest().equals(Digest.of(contents.raw(file.path())))) {
        changed.add(file.path());
      }
    }
    refuseAny(Refusal.Kind.EXTRA_FILE, List.copyOf(extra), "not in the manifest");
    refuseAny(Refusal.Kind.MISSING_FILE, missing, "missing: the manifest names it");
    refuseAny(Refusal.Kind.CHANGED, changed, "not what the manifest says: it was changed");
  }

  private static void refuseAny(Refusal.Kind kind, List<String> paths, String what)
      throws RefusedException {
    if (!paths.isEmpty()) {
      String others = paths.size() == 1 ? "" : " (and %d more)".formatted(paths.size() - 1);
      throw new RefusedException(
          kind,
          "`" + paths.get(0) + "`" + others + " is " + what,
          "sign the folder anew with `heal bundle sign`, or put back what was signed");
    }
  }

  /** With a signature by this key besides those that it has. */
  public Bundle signed(SigningKey key) throws RefusedException {
    return new Bundle(manifest, signatures.with(key, manifest.bytes()), contents);
  }

  /** The archive: the same bundle, the same bytes. */
  public byte[] archive() {
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    append(archive, Manifest.FILE_NAME, manifest.bytes());
    append(archive, Signatures.FILE_NAME, signatures.bytes());
    for (String path : contents.paths()) {
      append(archive, path, contents.raw(path));
    }
    archive.writeBytes(new byte[2 * Ustar.BLOCK]);
    return archive.toByteArray();
  }

  private static void append(ByteArrayOutputStream archive, String path, byte[] bytes) {
    archive.writeBytes(Ustar.header(path, bytes.length));
    archive.writeBytes(bytes);
    archive.writeBytes(new byte[Ustar.padded(bytes.length) - bytes.length]);
  }

  public Manifest manifest() {
    return manifest;
  }

  public Signatures signatures() {
    return signatures;
  }

  public Contents contents() {
    return contents;
  }

  @Override
  public String toString() {
    return manifest.toString();
  }
}
