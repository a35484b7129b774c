package dev.heal.engine.reload.bundle;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;

/** A pair of Ed25519 keys, to sign with. */
public final class SigningKey {
  private static final byte[] PROBE = {'h', 'e', 'a', 'l'};

  private final PrivateKey secret;
  private final VerificationKey open;

  private SigningKey(PrivateKey secret, VerificationKey open) {
    this.secret = secret;
    this.open = open;
  }

  /** A new pair. */
  public static SigningKey generate() {
    try {
      KeyPair pair = KeyPairGenerator.getInstance(VerificationKey.ALGORITHM).generateKeyPair();
      return new SigningKey(pair.getPrivate(), VerificationKey.of(pair.getPublic()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java from 15 on has Ed25519", e);
    }
  }

  /**
   * A pair from its texts.
   *
   * @param name of the file of the private key, for messages
   * @param text PKCS #8 as PEM ({@code BEGIN PRIVATE KEY}), not encrypted
   * @throws RefusedException where it is none, or where the two are not a pair
   */
  public static SigningKey parse(String name, String text, VerificationKey open)
      throws RefusedException {
    SigningKey key = new SigningKey(secret(name, text), open);
    if (!open.verifies(PROBE, key.sign(PROBE))) {
      throw refused(
          "`%s` and the public key %s are not a pair".formatted(name, open.id()),
          "name the public key that was made with it");
    }
    return key;
  }

  private static PrivateKey secret(String name, String text) throws RefusedException {
    try {
      List<Pem.Block> blocks = Pem.read(text);
      if (blocks.size() == 1 && blocks.get(0).label().equals(Pem.PRIVATE)) {
        return KeyFactory.getInstance(VerificationKey.ALGORITHM)
            .generatePrivate(new PKCS8EncodedKeySpec(blocks.get(0).der()));
      }
    } catch (IllegalArgumentException | GeneralSecurityException notSuchAKey) {
      throw noKey(name);
    }
    throw noKey(name);
  }

  private static RefusedException noKey(String name) {
    return refused(
        "`" + name + "` holds something else than an Ed25519 private key",
        "make one with `heal keygen`; one with a pass phrase is not read");
  }

  private static RefusedException refused(String text, String help) {
    return new RefusedException(Refusal.Kind.KEY, text, help);
  }

  /** The key that others verify with. */
  public VerificationKey publicKey() {
    return open;
  }

  /** The private key as a PEM text: for a file that nobody else reads. */
  public String pem() {
    return Pem.write(Pem.PRIVATE, secret.getEncoded());
  }

  byte[] sign(byte[] bytes) {
    try {
      Signature signer = Signature.getInstance(VerificationKey.ALGORITHM);
      signer.initSign(secret);
      signer.update(bytes);
      return signer.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("an Ed25519 key signs", e);
    }
  }

  /** The id, never the key. */
  @Override
  public String toString() {
    return "private key of " + open.id();
  }
}
