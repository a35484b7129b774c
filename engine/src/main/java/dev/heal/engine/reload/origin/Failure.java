package dev.heal.engine.reload.origin;

import dev.heal.engine.reload.bundle.Refusal;
import dev.heal.engine.reload.store.StoreException;
import java.util.Optional;

/**
 * Why an origin gave nothing that can be used.
 *
 * @param origin which one, in words: {@code the configuration centre https://conf.example.org/heal}
 * @param refusal of the bundle that it gave; only where {@code kind} is {@link Kind#REFUSED}
 * @param text lower case, no full stop, without the origin
 */
public record Failure(
    String origin, Kind kind, Optional<Refusal> refusal, String text, String help) {
  /** The kinds, told apart by programs. */
  public enum Kind {
    /** It has none. */
    NOTHING_THERE("nothing_there"),
    /** What it has is damaged. */
    DAMAGED("damaged"),
    /** Its disk fails. */
    DISK("disk"),
    /** No connection. */
    UNREACHABLE("unreachable"),
    /** No whole answer in time. */
    TIMEOUT("timeout"),
    /** The connection is not safe: its certificate is not that of a host we trust. */
    TLS("tls"),
    /** It sends us where we do not go. */
    REDIRECT("redirect"),
    /** It does not let us in. */
    DENIED("denied"),
    /** It answers that it cannot. */
    STATUS("status"),
    /** The answer is larger than any bundle. */
    TOO_BIG("too_big"),
    /** The answer ended early. */
    CUT_OFF("cut_off"),
    /** The answer contradicts itself. */
    CONTRADICTION("contradiction"),
    /** A bundle that is not taken. */
    REFUSED("refused"),
    /** Nothing can be verified: no key is trusted. */
    UNVERIFIABLE("unverifiable"),
    /** Verified, but the check of the policies fails. */
    UNUSABLE("unusable");

    private final String word;

    Kind(String word) {
      this.word = word;
    }
  }

  static Failure of(String origin, Kind kind, String text, String help) {
    return new Failure(origin, kind, Optional.empty(), text, help);
  }

  static Failure refused(String origin, Refusal refusal) {
    return new Failure(origin, Kind.REFUSED, Optional.of(refusal), refusal.text(), refusal.help());
  }

  static Failure of(String origin, StoreException failed) {
    Kind kind =
        switch (failed.kind()) {
          case ABSENT -> Kind.NOTHING_THERE;
          case DAMAGED -> Kind.DAMAGED;
          case FULL, DISK -> Kind.DISK;
        };
    return of(origin, kind, failed.text(), failed.help());
  }

  /** For metrics and JSON: that of the refusal, where there is one. */
  public String word() {
    return refusal.map(r -> r.kind().word()).orElse(kind.word);
  }

  /** {@code the peer https://n2:9465: no answer within 10s}. */
  @Override
  public String toString() {
    return origin + ": " + text;
  }
}
