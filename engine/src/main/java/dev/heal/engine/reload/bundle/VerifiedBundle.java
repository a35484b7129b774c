package dev.heal.engine.reload.bundle;

/**
 * A bundle that a trusted key has signed. Only {@link TrustRoot} makes one. Whether it may follow
 * what is in force is {@link Standing}'s to say.
 */
public final class VerifiedBundle {
  private final Bundle bundle;
  private final VerificationKey signer;

  VerifiedBundle(Bundle bundle, VerificationKey signer) {
    this.bundle = bundle;
    this.signer = signer;
  }

  public Bundle bundle() {
    return bundle;
  }

  public Manifest manifest() {
    return bundle.manifest();
  }

  public Contents contents() {
    return bundle.contents();
  }

  /** The trusted key whose signature fits; the first of them where several do. */
  public VerificationKey signer() {
    return signer;
  }

  @Override
  public String toString() {
    return bundle + " signed by " + signer;
  }
}
