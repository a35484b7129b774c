package dev.heal.engine.reload.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The keys whose signatures count. While keys are rotated there are several: one that fits is
 * enough. Which key a signature says it is by decides nothing.
 */
public final class TrustRoot {
  private static final int MOST_KEYS = 64;
  private static final int MOST_FILE_BYTES = 64 << 10;

  private final List<VerificationKey> keys;
  private final List<Refusal> problems;

  private TrustRoot(Set<VerificationKey> keys, List<Refusal> problems) {
    this.keys = List.copyOf(keys);
    this.problems = List.copyOf(problems);
  }

  /** Trusts these keys. */
  public static TrustRoot of(VerificationKey... keys) {
    return new TrustRoot(new LinkedHashSet<>(List.of(keys)), List.of());
  }

  /**
   * Reads a file of public keys, or the {@code *.pem} and {@code *.pub} files of a folder. A file
   * of a folder that cannot be read is left out and is in {@link #problems}: fewer keys are
   * trusted, never more.
   *
   * @throws RefusedException where no key is left
   */
  public static TrustRoot load(Path path) throws RefusedException {
    Set<VerificationKey> keys = new LinkedHashSet<>();
    List<Refusal> problems = new ArrayList<>();
    for (Path file : files(path)) {
      try {
        keys.addAll(VerificationKey.parseAll(file.toString(), text(file)));
      } catch (RefusedException unusable) {
        if (!Files.isDirectory(path)) {
          throw refused(unusable.refusal().text(), unusable.refusal().help());
        }
        problems.add(unusable.refusal());
      }
    }
    if (keys.isEmpty()) {
      throw problems.isEmpty()
          ? refused(
              "`" + path + "` holds no `*.pem` or `*.pub` file",
              "put the public keys there that may sign policies")
          : refused(
              "no key of `%s` can be used: %s".formatted(path, problems.get(0).text()),
              problems.get(0).help());
    }
    if (keys.size() > MOST_KEYS) {
      throw refused("`%s` holds more than %d keys".formatted(path, MOST_KEYS), "take out old ones");
    }
    return new TrustRoot(keys, problems);
  }

  private static List<Path> files(Path path) throws RefusedException {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.filter(TrustRoot::isKeyFile).sorted().toList();
    } catch (IOException unreadable) {
      throw refused("the folder `" + path + "` cannot be read", "see its mode");
    }
  }

  /** Hidden ones are the versions of a mounted Kubernetes volume. */
  private static boolean isKeyFile(Path file) {
    String name = file.getFileName().toString();
    return !name.startsWith(".")
        && (name.endsWith(".pem") || name.endsWith(".pub"))
        && !Files.isDirectory(file);
  }

  private static String text(Path file) throws RefusedException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw refused("`" + file + "` is no regular file", "put a file there"); // a pipe never ends
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_FILE_BYTES + 1);
      if (bytes.length > MOST_FILE_BYTES) {
        throw refused("`" + file + "` is over 64 KiB", "a public key is smaller");
      }
      return new String(bytes, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException missing) {
      throw refused("there is no file `" + file + "`", "check its name");
    } catch (AccessDeniedException denied) {
      throw refused("`" + file + "` may not be read by this user", "see its mode");
    } catch (IOException unreadable) {
      throw refused("`" + file + "` cannot be read", "see the disk it is on");
    }
  }

  private static RefusedException refused(String text, String help) {
    return new RefusedException(Refusal.Kind.TRUST, text, help);
  }

  public List<VerificationKey> keys() {
    return keys;
  }

  /** Of the files that were left out, each. */
  public List<Refusal> problems() {
    return problems;
  }

  /**
   * Takes an archive that one of the keys has signed, and that is whole.
   *
   * @throws RefusedException for every other one
   */
  public VerifiedBundle verify(byte[] archive) throws RefusedException {
    List<VerificationKey> signer = new ArrayList<>();
    Bundle bundle =
        ArchiveReader.read(
            archive, (manifest, signatures) -> signer.add(signer(manifest, signatures)));
    return new VerifiedBundle(bundle, signer.get(0));
  }

  /**
   * Takes the policies of a folder with the manifest and signatures beside them.
   *
   * @param contents every policy that would be read
   * @param manifest the bytes of {@link Manifest#FILE_NAME}, where it is there
   * @param signatures the bytes of {@link Signatures#FILE_NAME}, where it is there
   * @throws RefusedException where they are not signed by one of the keys, or not what was signed
   */
  public VerifiedBundle verifyFolder(
      Contents contents, Optional<byte[]> manifest, Optional<byte[]> signatures)
      throws RefusedException {
    if (manifest.isEmpty() || signatures.isEmpty()) {
      String missing = manifest.isEmpty() ? Manifest.FILE_NAME : Signatures.FILE_NAME;
      throw new RefusedException(
          Refusal.Kind.UNSIGNED,
          "there is no `" + missing + "`: the folder is not signed",
          "sign it with `heal bundle sign`");
    }
    if (manifest.get().length > Limits.MANIFEST_BYTES) {
      throw new RefusedException(
          Refusal.Kind.TOO_BIG, "its manifest is too big", "sign it with `heal bundle sign`");
    }
    VerificationKey signer = signer(manifest.get(), signatures.get());
    return new VerifiedBundle(Bundle.ofFolder(contents, manifest.get(), signatures.get()), signer);
  }

  /** The key of ours that has signed exactly these bytes. */
  private VerificationKey signer(byte[] manifest, byte[] signatures) throws RefusedException {
    Signatures read = Signatures.read(signatures);
    if (read.isEmpty()) {
      throw new RefusedException(
          Refusal.Kind.UNSIGNED, "it is not signed", "sign it with `heal bundle sign`");
    }
    for (Signatures.Signature signature : read.all()) {
      for (VerificationKey key : keys) {
        if (key.verifies(manifest, signature.bytes())) {
          return key;
        }
      }
    }
    Set<String> trusted =
        keys.stream().map(VerificationKey::id).collect(Collectors.toCollection(LinkedHashSet::new));
    String claimed = String.join(", ", read.ids());
    if (read.ids().stream().anyMatch(trusted::contains)) {
      throw new RefusedException(
          Refusal.Kind.SIGNATURE,
          "its signature says %s and does not fit: the manifest was changed, or it is a forgery"
              .formatted(claimed),
          "do not trust where this comes from; get it again");
    }
    throw new RefusedException(
        Refusal.Kind.UNTRUSTED,
        "it is signed by %s, which is not trusted".formatted(claimed),
        "trusted: %s; add the public key there if it may sign"
            .formatted(String.join(", ", trusted)));
  }

  @Override
  public String toString() {
    return "trusts " + keys;
  }
}
