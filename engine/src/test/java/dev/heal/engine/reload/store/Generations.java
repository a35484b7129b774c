package dev.heal.engine.reload.store;

import dev.heal.engine.reload.bundle.Bundle;
import dev.heal.engine.reload.bundle.Contents;
import dev.heal.engine.reload.bundle.RefusedException;
import dev.heal.engine.reload.bundle.SigningKey;
import dev.heal.engine.reload.bundle.TrustRoot;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** Generations of the tests: each has one file that says its number. */
final class Generations {
  static final SigningKey KEY = SigningKey.generate();
  static final TrustRoot TRUST = TrustRoot.of(KEY.publicKey());
  private static final long AT = 1_767_571_200_000_000_000L; // 2026-01-05T00:00:00Z
  private static final long MINUTE = 60_000_000_000L;

  private Generations() {}

  static Bundle plain(long number) {
    String text = "heal 1\n# generation " + number + "\n" + "# padding\n".repeat(200);
    try {
      return Bundle.build(
          Contents.of(Map.of("a.heal", text.getBytes(StandardCharsets.UTF_8))),
          "fleet",
          number,
          Optional.empty());
    } catch (RefusedException e) {
      throw new AssertionError(e);
    }
  }

  static Bundle signedBundle(long revision) {
    try {
      return plain(revision).signed(KEY);
    } catch (RefusedException e) {
      throw new AssertionError(e);
    }
  }

  static long at(long number) {
    return AT + number * MINUTE;
  }

  static Generation unsigned(long number) {
    return Generation.unsigned(number, at(number), plain(number), "the folder policies");
  }

  static Generation signed(long number, long revision) {
    try {
      return Generation.signed(
          number,
          at(number),
          TRUST.verify(signedBundle(revision).archive()),
          "the folder policies");
    } catch (RefusedException e) {
      throw new AssertionError(e);
    }
  }

  static void save(GenerationStore store, long number) throws StoreException {
    store.save(unsigned(number), plain(number));
  }
}
