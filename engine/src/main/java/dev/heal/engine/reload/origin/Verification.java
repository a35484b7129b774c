package dev.heal.engine.reload.origin;

import dev.heal.engine.reload.bundle.Bundle;
import dev.heal.engine.reload.bundle.Digest;
import dev.heal.engine.reload.bundle.Refusal;
import dev.heal.engine.reload.bundle.RefusedException;
import dev.heal.engine.reload.bundle.Standing;
import dev.heal.engine.reload.bundle.TrustRoot;
import dev.heal.engine.reload.bundle.VerifiedBundle;
import java.util.Optional;
import java.util.function.Function;

/**
 * What an answer must be to be used.
 *
 * @param trust empty where no keys are trusted: then only our own generations can be used
 * @param standing what the next bundle from afar must follow
 */
public record Verification(Optional<TrustRoot> trust, Standing standing) {
  /** The candidate, or why there is none. */
  sealed interface Result {
    <R> R match(Function<Candidate, R> good, Function<Failure, R> bad);

    /** It may be used. */
    record Good(Candidate candidate) implements Result {
      @Override
      public <R> R match(Function<Candidate, R> good, Function<Failure, R> bad) {
        return good.apply(candidate);
      }
    }

    /** It may not. */
    record Bad(Failure failure) implements Result {
      @Override
      public <R> R match(Function<Candidate, R> good, Function<Failure, R> bad) {
        return bad.apply(failure);
      }
    }
  }

  Result of(Origin origin, Origin.Delivered delivered) {
    boolean own = delivered.generation().isPresent();
    try {
      if (trust.isEmpty()) {
        return own
            ? good(origin, delivered, Bundle.read(delivered.bytes().get()), Optional.empty())
            : new Result.Bad(unverifiable(origin));
      }
      VerifiedBundle verified = trust.get().verify(delivered.bytes().get());
      Digest digest = verified.manifest().digest();
      if (delivered.claimed().filter(claimed -> !claimed.equals(digest)).isPresent()) {
        return new Result.Bad(RemoteOrigin.otherThanClaimed(origin.name()));
      }
      Optional<Refusal> refusal = own ? Optional.empty() : standing.refuses(verified.manifest());
      return refusal.isPresent()
          ? new Result.Bad(Failure.refused(origin.name(), refusal.get()))
          : good(origin, delivered, verified.bundle(), Optional.of(verified));
    } catch (RefusedException refused) {
      return new Result.Bad(Failure.refused(origin.name(), refused.refusal()));
    }
  }

  /** From afar without keys: said before anybody is asked. */
  static Failure unverifiable(Origin origin) {
    return Failure.of(
        origin.name(),
        Failure.Kind.UNVERIFIABLE,
        "no keys are trusted, so nothing from there can be verified",
        "name the keys that may sign policies with `--trust`");
  }

  private static Result good(
      Origin origin, Origin.Delivered delivered, Bundle bundle, Optional<VerifiedBundle> verified) {
    return new Result.Good(new Candidate(bundle, verified, origin.name(), delivered.generation()));
  }
}
