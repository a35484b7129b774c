package dev.heal.engine.reload.bundle;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A SHA-256.
 *
 * @param hex 64 digits, lower case
 */
public record Digest(String hex) implements Comparable<Digest> {
  private static final String PREFIX = "sha256:";
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");
  private static final int BRIEF = 12;

  public Digest {
    if (!HEX.matcher(hex).matches()) {
      throw new IllegalArgumentException("no SHA-256: " + hex);
    }
  }

  /** That of these bytes. */
  public static Digest of(byte[] bytes) {
    return new Digest(HexFormat.of().formatHex(sha256().digest(bytes)));
  }

  /** {@code sha256:…}, or the digits alone. */
  public static Optional<Digest> parse(String text) {
    String hex = text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text;
    return HEX.matcher(hex).matches() ? Optional.of(new Digest(hex)) : Optional.empty();
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The first digits: enough for a person. */
  public String brief() {
    return hex.substring(0, BRIEF);
  }

  @Override
  public int compareTo(Digest other) {
    return hex.compareTo(other.hex);
  }

  /** {@code sha256:…}. */
  @Override
  public String toString() {
    return PREFIX + hex;
  }
}
