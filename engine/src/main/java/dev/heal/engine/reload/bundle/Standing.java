package dev.heal.engine.reload.bundle;

import java.util.Optional;
import java.util.Set;

/**
 * What an engine has taken so far, against which the next bundle is held: an old revision, a bundle
 * that an operator rolled back, another set's, and the second of two that were made from one parent
 * are all refused, however well they are signed.
 *
 * @param name of the set of policies that is taken; empty: the first one says
 * @param inForce empty where nothing signed is
 * @param highest the highest revision that ever was in force
 * @param withdrawn what was rolled back
 */
public record Standing(
    Optional<String> name,
    Optional<Manifest> inForce,
    Optional<Manifest.Ancestor> highest,
    Set<Digest> withdrawn) {
  /** Of an engine that has taken nothing yet. */
  public static final Standing NEW =
      new Standing(Optional.empty(), Optional.empty(), Optional.empty(), Set.of());

  public Standing {
    withdrawn = Set.copyOf(withdrawn);
  }

  /** Whether the bundle is the one in force. */
  public boolean isInForce(Manifest candidate) {
    return inForce.map(candidate::equals).orElse(false);
  }

  /** Why the bundle is not taken next; empty where it may be. */
  public Optional<Refusal> refuses(Manifest candidate) {
    if (name.isPresent() && !name.get().equals(candidate.name())) {
      return refuse(
          Refusal.Kind.OTHER_NAME,
          "it is `%s`, another set of policies than `%s`".formatted(candidate.name(), name.get()),
          "see where it comes from; a set keeps its name (`heal bundle build --name`)");
    }
    if (isInForce(candidate)) {
      return Optional.empty();
    }
    if (withdrawn.contains(candidate.digest())) {
      return refuse(
          Refusal.Kind.OLDER,
          candidate + " was rolled back here",
          "deliver a higher revision, or go back to it with `heal rollback GENERATION`");
    }
    Optional<Refusal> older = highest.flatMap(high -> refusesAsOlder(candidate, high));
    return older.isPresent()
        ? older
        : inForce.flatMap(standing -> refusesAsFork(candidate, standing));
  }

  private static Optional<Refusal> refusesAsOlder(Manifest candidate, Manifest.Ancestor high) {
    boolean same = candidate.digest().equals(high.digest());
    if (same || candidate.revision() > high.revision()) {
      return Optional.empty();
    }
    if (candidate.revision() == high.revision()) {
      return refuse(
          Refusal.Kind.FORK,
          "%s and another revision %d (%s), which was in force, were made side by side"
              .formatted(candidate, high.revision(), high.digest().brief()),
          "make the change again on top of the one that was taken (`--parent`)");
    }
    return refuse(
        Refusal.Kind.OLDER,
        "%s is older than revision %d (%s), which was in force"
            .formatted(candidate, high.revision(), high.digest().brief()),
        "deliver a higher revision, or go back with `heal rollback GENERATION`");
  }

  /**
   * It must be made from what is in force, through any number of revisions that were never here.
   * What is older than all that its history still names cannot be asked.
   */
  private static Optional<Refusal> refusesAsFork(Manifest candidate, Manifest inForce) {
    Digest current = inForce.digest();
    if (candidate.history().stream().anyMatch(ancestor -> ancestor.digest().equals(current))) {
      return Optional.empty();
    }
    boolean forgotten =
        candidate.history().size() == Limits.HISTORY
            && candidate.history().get(Limits.HISTORY - 1).revision() > inForce.revision();
    if (forgotten) {
      return Optional.empty();
    }
    String both =
        candidate.history().stream()
            .filter(inForce.history()::contains)
            .findFirst()
            .map(
                common ->
                    "%s and %s, which is in force, were both made from revision %d (%s)"
                        .formatted(candidate, inForce, common.revision(), common.digest().brief()))
            .orElse("%s was not made from %s, which is in force".formatted(candidate, inForce));
    return refuse(
        Refusal.Kind.FORK,
        both,
        "make the change again on top of what is in force (`heal bundle build --parent`)");
  }

  private static Optional<Refusal> refuse(Refusal.Kind kind, String text, String help) {
    return Optional.of(new Refusal(kind, text, help));
  }
}
