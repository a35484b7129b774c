package dev.heal.engine.reload.origin;

import dev.heal.engine.reload.bundle.Bundle;
import dev.heal.engine.reload.bundle.Contents;
import dev.heal.engine.reload.bundle.Manifest;
import dev.heal.engine.reload.bundle.RefusedException;
import dev.heal.engine.reload.bundle.SigningKey;
import dev.heal.engine.reload.bundle.Standing;
import dev.heal.engine.reload.bundle.TrustRoot;
import dev.heal.engine.reload.bundle.VerifiedBundle;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A line of bundles, each made from the one before it. */
final class Bundles {
  static final SigningKey ALICE = SigningKey.generate();
  static final SigningKey MALLORY = SigningKey.generate();
  static final TrustRoot TRUST = TrustRoot.of(ALICE.publicKey());

  private Bundles() {}

  static Bundle plain(int revision) {
    try {
      Optional<Manifest> parent =
          revision == 1 ? Optional.empty() : Optional.of(plain(revision - 1).manifest());
      String text = "heal 1\n# revision " + revision + "\n";
      return Bundle.build(
          Contents.of(Map.of("a.heal", text.getBytes(StandardCharsets.UTF_8))),
          "fleet",
          revision,
          parent);
    } catch (RefusedException e) {
      throw new AssertionError(e);
    }
  }

  static Bundle signed(int revision) {
    return signed(revision, ALICE);
  }

  static Bundle signed(int revision, SigningKey key) {
    try {
      return plain(revision).signed(key);
    } catch (RefusedException e) {
      throw new AssertionError(e);
    }
  }

  static VerifiedBundle verified(int revision) {
    try {
      return TRUST.verify(signed(revision).archive());
    } catch (RefusedException e) {
      throw new AssertionError(e);
    }
  }

  static Standing standing(int revision) {
    Manifest manifest = plain(revision).manifest();
    return new Standing(
        Optional.of("fleet"), Optional.of(manifest), Optional.of(manifest.asAncestor()), Set.of());
  }

  static Verification verification(int inForce) {
    return new Verification(Optional.of(TRUST), standing(inForce));
  }
}
