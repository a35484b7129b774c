package dev.heal.engine.cli.run.policy;

import dev.heal.engine.reload.PolicyLoader;
import dev.heal.engine.reload.bundle.Manifest;
import dev.heal.engine.reload.bundle.Refusal;
import dev.heal.engine.reload.bundle.RefusedException;
import dev.heal.engine.reload.bundle.Standing;
import dev.heal.engine.reload.bundle.TrustRoot;
import dev.heal.engine.reload.bundle.VerifiedBundle;
import dev.heal.engine.reload.files.Parcel;
import dev.heal.engine.reload.files.PolicyTexts;
import dev.heal.engine.reload.origin.Verification;
import dev.heal.engine.reload.store.GenerationStore;
import dev.heal.engine.reload.store.StoreException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Lets only policies through that a trusted key has signed, and that follow what was in force. The
 * keys are read each time: they are rotated while the engine runs.
 */
final class SignedPolicies implements PolicyLoader.Signatures {
  private final Path trust;
  private final GenerationStore store;
  private final Supplier<Optional<Manifest>> inForce;

  /**
   * @param trust a file or a folder of public keys
   * @param inForce the signed bundle that is in force
   */
  SignedPolicies(Path trust, GenerationStore store, Supplier<Optional<Manifest>> inForce) {
    this.trust = trust;
    this.store = store;
    this.inForce = inForce;
  }

  /** What an answer from elsewhere must be, as it is now. */
  Verification verification() throws RefusedException {
    return new Verification(Optional.of(TrustRoot.load(trust)), standing());
  }

  private Standing standing() throws RefusedException {
    try {
      return store.standing(inForce.get());
    } catch (StoreException unreadable) {
      throw new RefusedException(
          new Refusal(
              Refusal.Kind.TRUST,
              "what was in force before is not known: " + unreadable.text(),
              unreadable.help()));
    }
  }

  @Override
  public PolicyTexts verify(PolicyTexts texts) throws RefusedException {
    Parcel parcel = texts.parcel().orElseThrow();
    if (parcel.verified().isPresent()) {
      return texts; // an archive, held against keys and standing when it came
    }
    Parcel verified = parcel.verifiedBy(TrustRoot.load(trust));
    Optional<Refusal> refusal =
        standing().refuses(verified.verified().map(VerifiedBundle::manifest).orElseThrow());
    if (refusal.isPresent()) {
      throw new RefusedException(refusal.get());
    }
    return texts.with(verified);
  }
}
