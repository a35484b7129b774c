package dev.heal.engine.reload.origin;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Tries origins in order until one gives policies that can be used. */
public final class Fallback {
  private Fallback() {}

  /**
   * What was found.
   *
   * @param candidate empty where every origin failed: whatever runs goes on
   * @param failures of the origins that were tried before, in order
   */
  public record Outcome(Optional<Candidate> candidate, List<Failure> failures) {
    public Outcome {
      failures = List.copyOf(failures);
    }

    /** A line for each failure, then what came of it. */
    public List<String> lines() {
      List<String> lines = new ArrayList<>();
      failures.forEach(failure -> lines.add(failure.toString()));
      lines.add(
          candidate
              .map(c -> "taken from " + c.origin())
              .orElse("no origin has policies that can be used"));
      return lines;
    }
  }

  /**
   * Asks each origin in turn.
   *
   * @param verification what an answer must be
   * @param problem what is wrong with verified policies (their check, their tests); empty: nothing,
   *     and they are taken
   */
  public static Outcome choose(
      List<Origin> origins,
      Verification verification,
      Function<Candidate, Optional<String>> problem) {
    List<Failure> failures = new ArrayList<>();
    for (Origin origin : origins) {
      Optional<Candidate> usable =
          ask(origin, verification)
              .match(
                  candidate -> usable(candidate, problem.apply(candidate), failures),
                  failure -> {
                    failures.add(failure);
                    return Optional.empty();
                  });
      if (usable.isPresent()) {
        return new Outcome(usable, failures);
      }
    }
    return new Outcome(Optional.empty(), failures);
  }

  private static Optional<Candidate> usable(
      Candidate candidate, Optional<String> wrong, List<Failure> failures) {
    if (wrong.isEmpty()) {
      return Optional.of(candidate);
    }
    failures.add(
        Failure.of(
            candidate.origin(), Failure.Kind.UNUSABLE, wrong.get(), "`heal check` says more"));
    return Optional.empty();
  }

  private static Verification.Result ask(Origin origin, Verification verification) {
    if (verification.trust().isEmpty() && origin.isRemote()) {
      return new Verification.Result.Bad(Verification.unverifiable(origin));
    }
    return origin
        .ask(Optional.empty())
        .match(
            delivered -> verification.of(origin, delivered),
            unchanged -> new Verification.Result.Bad(RemoteOrigin.unasked(origin.name())),
            failed -> new Verification.Result.Bad(failed.failure()));
  }
}
