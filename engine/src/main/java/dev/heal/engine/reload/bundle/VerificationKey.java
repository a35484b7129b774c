package dev.heal.engine.reload.bundle;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An Ed25519 key that signatures are verified with. Its id is the first digits of the SHA-256 of
 * its encoding: a name for people, which decides nothing.
 */
public final class VerificationKey {
  static final String ALGORITHM = "Ed25519";
  private static final int ID_DIGITS = 16;

  private final PublicKey key;
  private final String id;

  private VerificationKey(PublicKey key) {
    this.key = key;
    this.id = Digest.of(key.getEncoded()).hex().substring(0, ID_DIGITS);
  }

  static VerificationKey of(PublicKey key) {
    return new VerificationKey(key);
  }

  /**
   * The one key in a PEM text ({@code BEGIN PUBLIC KEY}), as {@code heal keygen} and {@code openssl
   * pkey -pubout} write it.
   *
   * @param name of the file, for messages
   */
  public static VerificationKey parse(String name, String text) throws RefusedException {
    List<VerificationKey> keys = parseAll(name, text);
    if (keys.size() != 1) {
      throw refused("`" + name + "` holds " + keys.size() + " keys", "name a file with one");
    }
    return keys.get(0);
  }

  static List<VerificationKey> parseAll(String name, String text) throws RefusedException {
    List<Pem.Block> blocks;
    try {
      blocks = Pem.read(text);
    } catch (IllegalArgumentException broken) {
      throw refused("`" + name + "` holds a broken PEM block", "copy the file again, as a whole");
    }
    if (blocks.isEmpty()) {
      throw refused(
          "`" + name + "` holds no public key", "it begins with `-----BEGIN PUBLIC KEY-----`");
    }
    List<VerificationKey> keys = new ArrayList<>();
    for (Pem.Block block : blocks) {
      if (block.label().endsWith(Pem.PRIVATE)) {
        throw refused(
            "`" + name + "` holds a private key",
            "only public keys belong here; who can read this file can sign policies");
      }
      keys.add(decode(name, block));
    }
    return keys;
  }

  private static VerificationKey decode(String name, Pem.Block block) throws RefusedException {
    try {
      if (block.label().equals(Pem.PUBLIC)) {
        PublicKey key =
            KeyFactory.getInstance("EdDSA").generatePublic(new X509EncodedKeySpec(block.der()));
        if (key instanceof EdECPublicKey edwards
            && edwards.getParams().getName().equals(NamedParameterSpec.ED25519.getName())
            && Arrays.equals(key.getEncoded(), block.der())) {
          return new VerificationKey(key);
        }
      }
    } catch (GeneralSecurityException notSuchAKey) {
      throw refused(noKey(name), "make one with `heal keygen`, or `openssl genpkey`");
    }
    throw refused(noKey(name), "make one with `heal keygen`, or `openssl genpkey`");
  }

  private static String noKey(String name) {
    return "`" + name + "` holds something else than an Ed25519 public key";
  }

  private static RefusedException refused(String text, String help) {
    return new RefusedException(Refusal.Kind.KEY, text, help);
  }

  /** Sixteen digits. */
  public String id() {
    return id;
  }

  /** As a PEM text. */
  public String pem() {
    return Pem.write(Pem.PUBLIC, key.getEncoded());
  }

  /** Whether the signature is this key's over exactly these bytes. */
  boolean verifies(byte[] signed, byte[] signature) {
    try {
      Signature verifier = Signature.getInstance(ALGORITHM);
      verifier.initVerify(key);
      verifier.update(signed);
      return verifier.verify(signature);
    } catch (java.security.SignatureException malformed) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java from 15 on has Ed25519", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VerificationKey that && key.equals(that.key);
  }

  @Override
  public int hashCode() {
    return key.hashCode();
  }

  @Override
  public String toString() {
    return id;
  }
}
