package dev.heal.engine.cli.run.policy;

import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.engine.reload.PolicyLoader;
import dev.heal.engine.reload.files.PolicyTexts;
import dev.heal.engine.reload.origin.Candidate;
import dev.heal.engine.reload.origin.Fallback;
import dev.heal.engine.reload.origin.Origin;
import dev.heal.engine.reload.origin.StoreOrigin;
import dev.heal.engine.reload.origin.Verification;
import dev.heal.engine.reload.store.Generation;
import dev.heal.engine.reload.store.GenerationStore;
import dev.heal.engine.reload.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Finds what an engine begins with: the files; where they are refused, the last generation that was
 * in force, a peer, the configuration centre; where there is none of them, nothing: then it only
 * observes.
 */
final class Beginnings {
  private final GenerationStore store;
  private final PolicyLoader loader;
  private final List<Origin> elsewhere;

  /**
   * @param elsewhere peers, then the centre
   */
  Beginnings(GenerationStore store, PolicyLoader loader, List<Origin> elsewhere) {
    this.store = store;
    this.loader = loader;
    this.elsewhere = List.copyOf(elsewhere);
  }

  /**
   * Finds it.
   *
   * @throws RefusedPolicies where the files are refused and no engine ever ran here: whoever starts
   *     the first one is there to mend them
   */
  Start find(PolicyLoader.Source files, Verification verification)
      throws RefusedPolicies, InterruptedException {
    PolicyLoader.Loaded loaded = loader.load(files);
    Optional<Generation> last = last();
    if (loaded.policies().isPresent()) {
      Optional<Generation> standing = last.filter(l -> wasRolledBack(loaded, l));
      return standing.isEmpty()
          ? new Start(loaded, List.of(), false, Optional.empty())
          : insteadOfRolledBack(loaded, standing.get(), verification);
    }
    if (last.isEmpty() && elsewhere.isEmpty()) {
      throw new RefusedPolicies(loaded.because(), loaded.help(), loaded.diagnostics());
    }
    String refused = "the files are refused: " + loaded.because();
    return other(List.of(refused), origins(OptionalLong.empty()), verification);
  }

  private Start insteadOfRolledBack(
      PolicyLoader.Loaded loaded, Generation standing, Verification verification)
      throws InterruptedException {
    Start start =
        other(
            List.of("the files are those of before the rollback; `heal reload` takes them"),
            List.of(StoreOrigin.of(store, standing.number())),
            verification);
    return start.kept()
        ? new Start(start.loaded(), start.notes(), true, Optional.of(loaded.digest()))
        : new Start(loaded, start.notes(), false, Optional.empty());
  }

  private List<Origin> origins(OptionalLong except) {
    List<Origin> origins = new ArrayList<>(StoreOrigin.newestFirst(store, except));
    origins.addAll(elsewhere);
    return origins;
  }

  private Start other(List<String> why, List<Origin> origins, Verification verification)
      throws InterruptedException {
    List<String> notes = new ArrayList<>(why);
    Fallback.Outcome found = Fallback.choose(origins, verification, Beginnings::problem);
    notes.addAll(found.lines());
    if (found.candidate().isEmpty()) {
      notes.add("no policy is in force: only observing");
      PolicyLoader asksNobody =
          new PolicyLoader(PolicyLoader.Signatures.NOT_ASKED, false, System::nanoTime);
      return new Start(asksNobody.load(PolicyTexts::nothing), notes, false, Optional.empty());
    }
    PolicyTexts texts = texts(found.candidate().get());
    return new Start(loader.load(() -> texts), notes, true, Optional.empty());
  }

  /** What keeps a candidate from coming into force; its tests are the loader's. */
  static Optional<String> problem(Candidate candidate) {
    CheckResult checked = texts(candidate).check();
    return checked.diagnostics().stream()
        .filter(Diagnostic::isError)
        .findFirst()
        .map(error -> "error[%s] in %s: %s".formatted(error.code(), error.span(), error.message()));
  }

  static PolicyTexts texts(Candidate candidate) {
    String folder =
        candidate.generation().isPresent()
            ? "generation-" + candidate.generation().getAsLong()
            : candidate.bundle().manifest().name();
    return PolicyTexts.of(candidate.bundle(), candidate.verified(), folder, candidate.origin());
  }

  /** What was in force last; empty where no engine ever ran here. */
  private Optional<Generation> last() {
    try {
      return store.lastGood().map(GenerationStore.Loaded::generation);
    } catch (StoreException unusable) {
      return Optional.empty();
    }
  }

  private boolean wasRolledBack(PolicyLoader.Loaded loaded, Generation standing) {
    if (standing.rolledBackFrom().isEmpty()) {
      return false;
    }
    try {
      Generation left = store.load(standing.rolledBackFrom().getAsLong()).generation();
      return left.policies().toString().equals(loaded.digest());
    } catch (StoreException gone) {
      return false;
    }
  }
}
