package dev.heal.engine.cli.bundle;

import dev.heal.engine.reload.bundle.Refusal;
import dev.heal.engine.reload.bundle.RefusedException;
import dev.heal.engine.reload.bundle.SigningKey;
import dev.heal.engine.reload.bundle.VerificationKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;

/** A private key in a file of mode 0600, and its public key beside it, {@code .pub}. */
public final class KeyFiles {
  private static final int MOST_BYTES = 64 << 10;

  private KeyFiles() {}

  /** The file of the public key that belongs to a private one. */
  public static Path publicFile(Path secret) {
    return secret.resolveSibling(secret.getFileName() + ".pub");
  }

  /**
   * Writes both.
   *
   * @param force whether what is there is lost
   * @throws RefusedException where a file is there already
   */
  public static void write(Path secret, SigningKey key, boolean force)
      throws IOException, RefusedException {
    Path open = publicFile(secret);
    byte[] secretBytes = key.pem().getBytes(StandardCharsets.US_ASCII);
    byte[] openBytes = key.publicKey().pem().getBytes(StandardCharsets.US_ASCII);
    if (force) {
      NewFile.replaceSecret(secret, secretBytes);
      NewFile.replace(open, openBytes);
      return;
    }
    if (Files.exists(open)) {
      throw exists(open);
    }
    try {
      NewFile.createSecret(secret, secretBytes);
    } catch (FileAlreadyExistsException there) {
      throw exists(secret);
    }
    NewFile.replace(open, openBytes);
  }

  private static RefusedException exists(Path file) {
    return refused(
        "`" + file + "` is there already",
        "a key that is lost cannot sign again: choose another name, or `--force`");
  }

  /**
   * Reads a private key and the public one that belongs to it.
   *
   * @param open its public key; empty: {@code .pub} beside it
   * @throws RefusedException where there is no such pair, or where others may read the private key
   */
  public static SigningKey read(Path secret, Optional<Path> open) throws RefusedException {
    String secretText = text(secret);
    requirePrivate(secret);
    Path openFile = open.orElse(publicFile(secret));
    if (open.isEmpty() && !Files.exists(openFile)) {
      throw refused(
          "there is no public key `" + openFile + "` beside the private one",
          "name it with `--public`; `openssl pkey -in " + secret + " -pubout` prints it");
    }
    VerificationKey key = VerificationKey.parse(openFile.toString(), text(openFile));
    return SigningKey.parse(secret.toString(), secretText, key);
  }

  private static void requirePrivate(Path secret) throws RefusedException {
    try {
      Set<PosixFilePermission> mode = Files.getPosixFilePermissions(secret);
      if (mode.contains(PosixFilePermission.OTHERS_READ)
          || mode.contains(PosixFilePermission.OTHERS_WRITE)
          || mode.contains(PosixFilePermission.GROUP_WRITE)) {
        throw refused(
            "others may read or change the private key `" + secret + "`",
            "`chmod 600 " + secret + "`, and think about whether it is still a secret");
      }
    } catch (IOException gone) {
      throw refused("`" + secret + "` cannot be read", "see its mode");
    }
  }

  private static String text(Path file) throws RefusedException {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(MOST_BYTES), StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException missing) {
      throw refused("there is no file `" + file + "`", "make a pair with `heal keygen`");
    } catch (AccessDeniedException denied) {
      throw refused("`" + file + "` may not be read by this user", "see its mode");
    } catch (IOException unreadable) {
      throw refused("`" + file + "` cannot be read", "see the disk it is on");
    }
  }

  private static RefusedException refused(String text, String help) {
    return new RefusedException(new Refusal(Refusal.Kind.KEY, text, help));
  }
}
