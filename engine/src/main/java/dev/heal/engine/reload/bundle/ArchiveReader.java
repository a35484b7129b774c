package dev.heal.engine.reload.bundle;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Reads an archive from its front. Of what nobody has vouched for yet it looks at two headers,
 * which must be the ones that it would write; once the signature over the manifest is verified,
 * everything behind must be, byte for byte, what the manifest calls for.
 */
final class ArchiveReader {
  /** Looks at the manifest and its signatures before anything else is read. */
  interface Gate {
    void pass(byte[] manifest, byte[] signatures) throws RefusedException;
  }

  /** What other files begin with. */
  private static final Map<String, String> OTHERS =
      Map.of(
          "1F8B", "it is compressed with gzip",
          "504B0304", "it is a ZIP file",
          "FD377A58", "it is compressed with xz",
          "28B52FFD", "it is compressed with zstd",
          "425A68", "it is compressed with bzip2");

  private final byte[] archive;
  private int at;

  private ArchiveReader(byte[] archive) {
    this.archive = archive;
  }

  static Bundle read(byte[] archive, Gate gate) throws RefusedException {
    if (archive.length > Limits.ARCHIVE_BYTES) {
      throw new RefusedException(
          Refusal.Kind.TOO_BIG,
          "it is over " + (Limits.ARCHIVE_BYTES >> 20) + " MiB",
          "policies are smaller: see whether this is the right file");
    }
    return new ArchiveReader(archive).bundle(gate);
  }

  private Bundle bundle(Gate gate) throws RefusedException {
    requireNothingElse();
    byte[] manifest = front(Manifest.FILE_NAME, Limits.MANIFEST_BYTES);
    byte[] signatures = front(Signatures.FILE_NAME, Limits.SIGNATURES_BYTES);
    gate.pass(manifest, signatures);
    Manifest read = ManifestReader.read(manifest);
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (Manifest.File file : read.files()) {
      files.put(file.path(), file(file, read));
    }
    end(read);
    return new Bundle(read, Signatures.read(signatures), Contents.of(files));
  }

  private void requireNothingElse() throws RefusedException {
    String start =
        HexFormat.of()
            .withUpperCase()
            .formatHex(Arrays.copyOf(archive, Math.min(archive.length, 4)));
    for (Map.Entry<String, String> other : OTHERS.entrySet()) {
      if (start.startsWith(other.getKey())) {
        throw noBundle(other.getValue() + ": a bundle is not");
      }
    }
    if (archive.length == 0) {
      throw cutOff("it is empty");
    }
  }

  /** One of the two files in front, whose sizes are not known yet. */
  private byte[] front(String name, int most) throws RefusedException {
    byte[] header = block("the header of `" + name + "`");
    OptionalInt size = Ustar.size(header);
    if (!Ustar.path(header).equals(name) || size.isEmpty()) {
      throw noBundle("`" + name + "` is not where a bundle has it");
    }
    if (size.getAsInt() > most) {
      throw new RefusedException(
          Refusal.Kind.TOO_BIG,
          "its `%s` is over %d KiB".formatted(name, most >> 10),
          "policies are smaller: see whether this is the right file");
    }
    if (!Arrays.equals(header, Ustar.header(name, size.getAsInt()))) {
      throw noBundle("`" + name + "` is not packed as heal packs it");
    }
    return bytes(name, size.getAsInt());
  }

  private byte[] file(Manifest.File file, Manifest manifest) throws RefusedException {
    byte[] header = block("the header of `" + file.path() + "`");
    if (!Arrays.equals(header, Ustar.header(file.path(), file.size()))) {
      throw otherHeader(header, file, manifest);
    }
    byte[] bytes = bytes(file.path(), file.size());
    if (!Digest.of(bytes).equals(file.digest())) {
      throw changed(file.path());
    }
    return bytes;
  }

  private void end(Manifest manifest) throws RefusedException {
    byte[] block = block("the end");
    if (!isZero(block)) {
      throw unexpected(block, manifest);
    }
    if (!isZero(block("the end"))) {
      throw noBundle("something follows its end");
    }
    if (at != archive.length) {
      throw noBundle("something follows its end");
    }
  }

  private byte[] block(String what) throws RefusedException {
    return slice(what, Ustar.BLOCK);
  }

  private byte[] bytes(String name, int size) throws RefusedException {
    byte[] padded = slice("`" + name + "`", Ustar.padded(size));
    for (int i = size; i < padded.length; i++) {
      if (padded[i] != 0) {
        throw noBundle("something is hidden behind `" + name + "`");
      }
    }
    return Arrays.copyOf(padded, size);
  }

  private byte[] slice(String what, int length) throws RefusedException {
    if (archive.length - at < length) {
      throw cutOff("it ends before " + what + " does");
    }
    byte[] slice = Arrays.copyOfRange(archive, at, at + length);
    at += length;
    return slice;
  }

  private static boolean isZero(byte[] block) {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  /** Why a header is not the expected one: only the message depends on what it says. */
  private static RefusedException otherHeader(
      byte[] header, Manifest.File expected, Manifest manifest) {
    if (isZero(header)) {
      return new RefusedException(
          Refusal.Kind.MISSING_FILE,
          "`" + expected.path() + "` is missing: the manifest names it",
          "get the bundle again");
    }
    if (!Ustar.path(header).equals(expected.path())) {
      return unexpected(header, manifest);
    }
    return Ustar.isPlain(header)
        ? changed(expected.path())
        : new RefusedException(
            Refusal.Kind.CHANGED,
            "`" + expected.path() + "` is a link or a device, not a file",
            "get the bundle again");
  }

  private static RefusedException unexpected(byte[] header, Manifest manifest) {
    String path = Ustar.path(header);
    String shown = "`" + PolicyPath.shown(path) + "`";
    if (manifest.files().stream().anyMatch(file -> file.path().equals(path))) {
      return noBundle(shown + " is not where a bundle has it");
    }
    return PolicyPath.problem(path)
        .map(
            problem ->
                new RefusedException(
                    Refusal.Kind.BAD_PATH,
                    "it holds " + shown + ", a path that is not taken: " + problem,
                    "do not trust where this comes from; get the bundle again"))
        .orElseGet(
            () ->
                new RefusedException(
                    Refusal.Kind.EXTRA_FILE,
                    "it holds " + shown + ", which the manifest does not name",
                    "do not trust where this comes from; get the bundle again"));
  }

  private static RefusedException changed(String path) {
    return new RefusedException(
        Refusal.Kind.CHANGED,
        "`" + path + "` is not what the manifest says: it was changed",
        "get the bundle again, or build and sign it anew");
  }

  private static RefusedException cutOff(String text) {
    return new RefusedException(Refusal.Kind.CUT_OFF, text, "get the bundle again, as a whole");
  }

  private static RefusedException noBundle(String text) {
    return new RefusedException(
        Refusal.Kind.NOT_A_BUNDLE, text, "make one with `heal bundle build`");
  }
}
