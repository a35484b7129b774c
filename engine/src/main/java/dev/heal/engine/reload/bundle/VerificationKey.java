package dev.heal.engine.reload.bundle;

import java.math.BigInteger;
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
import java.util.Set;

/**
 * An Ed25519 key that signatures are verified with. Its id is the first digits of the SHA-256 of
 * its encoding: a name for people, which decides nothing.
 */
public final class VerificationKey {
  static final String ALGORITHM = "Ed25519";
  private static final int ID_DIGITS = 16;

  /** Of the field of Ed25519: 2^255 - 19, RFC 8032. */
  private static final BigInteger PRIME = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

  /** The y of the points whose order divides 8. */
  private static final Set<BigInteger> SMALL_ORDER =
      Set.of(
          BigInteger.ZERO,
          BigInteger.ONE,
          PRIME.subtract(BigInteger.ONE),
          new BigInteger("7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7", 16),
          new BigInteger("05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826", 16));

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
          requireStrong(name, edwards);
          return new VerificationKey(key);
        }
      }
    } catch (GeneralSecurityException notSuchAKey) {
      throw refused(noKey(name), "make one with `heal keygen`, or `openssl genpkey`");
    }
    throw refused(noKey(name), "make one with `heal keygen`, or `openssl genpkey`");
  }

  /** For a point of small order anybody can make signatures that fit. */
  private static void requireStrong(String name, EdECPublicKey key) throws RefusedException {
    if (SMALL_ORDER.contains(key.getPoint().getY().mod(PRIME))) {
      throw refused(
          "`" + name + "` holds a weak key: anybody can sign for it",
          "make one with `heal keygen`, and ask where this one came from");
    }
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
