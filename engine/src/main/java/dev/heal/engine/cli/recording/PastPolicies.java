package dev.heal.engine.cli.recording;

import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.engine.reload.bundle.Bundle;
import dev.heal.engine.reload.bundle.RefusedException;
import dev.heal.engine.reload.files.PolicyTexts;
import dev.heal.engine.reload.store.GenerationStore;
import dev.heal.engine.reload.store.StoreException;
import dev.heal.engine.schedule.Deviations;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The policies that were in force in a recording, by the digest of their files: from the
 * generations that the state folder keeps, and, where it keeps none of that digest, those that
 * somebody has named.
 */
public final class PastPolicies {
  private final GenerationStore store;
  private final Optional<PolicyTexts> named;
  private final Map<String, Long> kept = new HashMap<>();
  private Optional<String> problem = Optional.empty();

  /**
   * What was found.
   *
   * @param policies empty where there are none that may be taken
   * @param remark why there are none; or, where others stand in, that they do
   */
  public record Found(Optional<CheckedPolicy> policies, Optional<String> remark) {
    static Found these(CheckedPolicy policies) {
      return new Found(Optional.of(policies), Optional.empty());
    }

    static Found none(String why) {
      return new Found(Optional.empty(), Optional.of(why));
    }
  }

  private PastPolicies(GenerationStore store, Optional<PolicyTexts> named) {
    this.store = store;
    this.named = named;
  }

  /**
   * Of an engine.
   *
   * @param state its state folder
   * @param named without errors
   */
  public static PastPolicies of(Path state, Optional<PolicyTexts> named) {
    PastPolicies past = new PastPolicies(GenerationStore.look(state), named);
    past.list();
    return past;
  }

  private void list() {
    try {
      for (GenerationStore.Listed listed : store.list()) {
        if (listed instanceof GenerationStore.Listed.Whole whole) {
          kept.put(whole.generation().policies().toString(), whole.number());
        } else if (listed instanceof GenerationStore.Listed.Damaged damaged) {
          problem = Optional.of(damaged.why());
        }
      }
    } catch (StoreException unreadable) {
      problem = Optional.of(unreadable.text());
    }
  }

  /**
   * Finds policies as they were in force.
   *
   * @param digest of their files; empty where the recording does not say it
   * @param deviations what of them was otherwise than the files say
   */
  public Found find(String digest, Deviations deviations) {
    if (named.filter(n -> n.digest().equals(digest)).isPresent()) {
      return checked(named.get(), deviations, "the policies that are named");
    }
    if (PolicyTexts.nothing().digest().equals(digest)) {
      return checked(PolicyTexts.nothing(), deviations, "no policies");
    }
    if (kept.containsKey(digest)) {
      return ofGeneration(Objects.requireNonNull(kept.get(digest)), deviations);
    }
    String why =
        digest.isEmpty()
            ? "the recording does not say which policies these are"
            : "no generation with these policies is kept"
                + problem.map(text -> " (" + text + ")").orElse("");
    return named.isEmpty() ? Found.none(why) : standIn(named.get(), deviations, why);
  }

  private static Found standIn(PolicyTexts named, Deviations deviations, String why) {
    Found found = checked(named, deviations, "the policies that are named");
    return new Found(found.policies(), Optional.of(found.remark().orElse(why)));
  }

  private Found ofGeneration(long number, Deviations deviations) {
    String name = "generation " + number;
    try {
      Bundle bundle = Bundle.read(store.load(number).archive());
      return checked(
          PolicyTexts.of(bundle, Optional.empty(), "generation-" + number, name), deviations, name);
    } catch (StoreException unusable) {
      return Found.none(unusable.text());
    } catch (RefusedException refused) {
      return Found.none(name + " cannot be read: " + refused.refusal().text());
    }
  }

  private static Found checked(PolicyTexts texts, Deviations deviations, String name) {
    CheckResult checked = texts.check(deviations.values());
    return checked
        .policy()
        .map(policies -> Found.these(deviations.observing(policies)))
        .orElseGet(() -> Found.none(name + " does not pass: " + first(checked.diagnostics())));
  }

  private static String first(List<Diagnostic> diagnostics) {
    return diagnostics.stream()
        .filter(Diagnostic::isError)
        .findFirst()
        .map(error -> "error[%s] in %s: %s".formatted(error.code(), error.span(), error.message()))
        .orElse("it cannot be read");
  }
}
