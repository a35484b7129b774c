package dev.heal.engine.reload.bundle;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The signatures over a manifest, a line each: {@code ed25519 ID BASE64}. The id only says whose it
 * means to be, for a message; what is verified is the signature.
 */
public final class Signatures {
  /** How they are called in an archive and in a folder. */
  public static final String FILE_NAME = "heal.signatures";

  /** Of an unsigned bundle. */
  public static final Signatures NONE = new Signatures(List.of());

  private static final Pattern LINE =
      Pattern.compile("ed25519 ([0-9a-f]{16}) ([A-Za-z0-9+/]{86}==)");

  /** One signature. */
  static final class Signature {
    private final String id;
    private final byte[] bytes;

    Signature(String id, byte[] bytes) {
      this.id = id;
      this.bytes = bytes;
    }

    String id() {
      return id;
    }

    byte[] bytes() {
      return bytes.clone();
    }

    private String line() {
      return "ed25519 " + id + " " + Base64.getEncoder().encodeToString(bytes);
    }
  }

  private final List<Signature> signatures;

  private Signatures(List<Signature> signatures) {
    this.signatures = List.copyOf(signatures);
  }

  static Signatures read(byte[] bytes) throws RefusedException {
    List<Signature> signatures = new ArrayList<>();
    if (bytes.length <= Limits.SIGNATURES_BYTES) {
      for (String line : new String(bytes, StandardCharsets.US_ASCII).lines().toList()) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches() || signatures.size() == Limits.SIGNATURES) {
          throw unreadable();
        }
        byte[] decoded = Base64.getDecoder().decode(matcher.group(2));
        signatures.add(new Signature(matcher.group(1), decoded));
      }
    }
    Signatures read = new Signatures(signatures);
    if (!Arrays.equals(read.bytes(), bytes)) {
      throw unreadable();
    }
    return read;
  }

  private static RefusedException unreadable() {
    return new RefusedException(
        Refusal.Kind.SIGNATURE,
        "its signatures cannot be read",
        "sign it anew with `heal bundle sign`");
  }

  List<Signature> all() {
    return signatures;
  }

  /** The ids of the keys that are said to have signed, in order. */
  public List<String> ids() {
    return signatures.stream().map(Signature::id).toList();
  }

  public boolean isEmpty() {
    return signatures.isEmpty();
  }

  /** With one by this key, in place of an older one of the same id; in the order of the ids. */
  Signatures with(SigningKey key, byte[] manifest) throws RefusedException {
    Map<String, Signature> byId = new TreeMap<>();
    signatures.forEach(signature -> byId.put(signature.id(), signature));
    String id = key.publicKey().id();
    byId.put(id, new Signature(id, key.sign(manifest)));
    if (byId.size() > Limits.SIGNATURES) {
      throw new RefusedException(
          Refusal.Kind.TOO_BIG,
          "it has %d signatures already".formatted(Limits.SIGNATURES),
          "build it anew and sign that");
    }
    return new Signatures(List.copyOf(byId.values()));
  }

  /** The text. */
  public byte[] bytes() {
    StringBuilder text = new StringBuilder();
    signatures.forEach(signature -> text.append(signature.line()).append('\n'));
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }
}
