package dev.heal.engine.reload.store;

import dev.heal.engine.reload.bundle.Bundle;
import dev.heal.engine.reload.bundle.Digest;
import dev.heal.engine.reload.bundle.VerifiedBundle;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known of a generation without its policies.
 *
 * @param number from 1, counted up over all restarts
 * @param at when it came into force, nanoseconds since the epoch
 * @param policies the digest of its files alone: that of the same files, however they came
 * @param archive the digest of what is kept
 * @param signed where a trusted key had signed it
 * @param origin where it came from, in words: {@code the folder /etc/heal/policies}
 * @param rolledBackFrom the generation that it took the place of by an operator's wish
 */
public record Generation(
    long number,
    long at,
    Digest policies,
    Digest archive,
    Optional<Signed> signed,
    String origin,
    OptionalLong rolledBackFrom) {
  private static final long SECOND = 1_000_000_000L;

  /**
   * @param name of the set of policies
   * @param bundle the digest of the manifest
   * @param signer the id of the trusted key
   */
  public record Signed(String name, long revision, Digest bundle, String signer) {}

  public Generation {
    if (number < 1) {
      throw new IllegalArgumentException("generation " + number);
    }
  }

  /** One that a trusted key has signed. */
  public static Generation signed(long number, long at, VerifiedBundle verified, String origin) {
    return new Generation(
        number,
        at,
        verified.contents().digest(),
        Digest.of(verified.bundle().archive()),
        Optional.of(
            new Signed(
                verified.manifest().name(),
                verified.manifest().revision(),
                verified.manifest().digest(),
                verified.signer().id())),
        origin,
        OptionalLong.empty());
  }

  /** One that came without a trusted signature, where none is asked for. */
  public static Generation unsigned(long number, long at, Bundle bundle, String origin) {
    return new Generation(
        number,
        at,
        bundle.contents().digest(),
        Digest.of(bundle.archive()),
        Optional.empty(),
        origin,
        OptionalLong.empty());
  }

  /** The same, as the one that an operator went back to. */
  public Generation rolledBackFrom(long other) {
    return new Generation(number, at, policies, archive, signed, origin, OptionalLong.of(other));
  }

  Fields toFields() {
    Fields fields =
        new Fields()
            .put("generation", Long.toString(number))
            .put("at", instant().toString())
            .put("policies", policies.toString())
            .put("archive", archive.toString())
            .put("origin", origin);
    if (signed.isPresent()) {
      fields
          .put("set", signed.get().name())
          .put("revision", Long.toString(signed.get().revision()))
          .put("bundle", signed.get().bundle().toString())
          .put("signer", signed.get().signer());
    }
    if (rolledBackFrom.isPresent()) {
      fields.put("rolled_back_from", Long.toString(rolledBackFrom.getAsLong()));
    }
    return fields;
  }

  /**
   * @throws RuntimeException where a field is missing or is no such value
   */
  static Generation of(Fields fields) {
    Instant at = Instant.parse(fields.get("at"));
    Optional<Signed> signed =
        fields
            .find("set")
            .map(
                set ->
                    new Signed(
                        set,
                        Long.parseLong(fields.get("revision")),
                        digest(fields, "bundle"),
                        fields.get("signer")));
    Optional<String> from = fields.find("rolled_back_from");
    return new Generation(
        Long.parseLong(fields.get("generation")),
        Math.addExact(Math.multiplyExact(at.getEpochSecond(), SECOND), at.getNano()),
        digest(fields, "policies"),
        digest(fields, "archive"),
        signed,
        fields.get("origin"),
        from.isPresent() ? OptionalLong.of(Long.parseLong(from.get())) : OptionalLong.empty());
  }

  private static Digest digest(Fields fields, String word) {
    return Digest.parse(fields.get(word)).orElseThrow(IllegalArgumentException::new);
  }

  /** When it came into force. */
  public Instant instant() {
    return Instant.ofEpochSecond(Math.floorDiv(at, SECOND), Math.floorMod(at, SECOND));
  }
}
