package dev.heal.engine.reload;

import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.check.Checker;
import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.policy.Tune;
import dev.heal.dsl.text.Nearest;
import dev.heal.engine.decide.Times;
import dev.heal.engine.fact.Succession;
import dev.heal.engine.reload.ReloadRequest.Staging;
import dev.heal.engine.reload.files.PolicyTexts;
import dev.heal.engine.schedule.Deviations;
import dev.heal.engine.schedule.Deviations.Trial;
import dev.heal.engine.schedule.Deviations.Tuned;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Policies with what of them is to be otherwise than their texts say.
 *
 * @param dropped what was otherwise before and cannot be any more, a line each
 * @param problem why they cannot be so; empty: they can
 */
record Variant(
    CheckedPolicy policies, Deviations deviations, List<String> dropped, Optional<String> problem) {
  Variant {
    dropped = List.copyOf(dropped);
  }

  /** Of what is in force, with these deviations. */
  static Variant of(InForce inForce, Deviations deviations) {
    for (Map.Entry<String, Tuned> one : deviations.tuned().entrySet()) {
      if (!Checker.isQuantity(one.getValue().value())) {
        String problem =
            "`%s` is not a number such as the one it has now".formatted(one.getValue().value());
        return new Variant(inForce.declared(), deviations, List.of(), Optional.of(problem));
      }
    }
    return with(inForce.texts(), inForce.declared(), deviations, List.of());
  }

  private static Variant with(
      PolicyTexts texts, CheckedPolicy declared, Deviations deviations, List<String> dropped) {
    CheckedPolicy policies = declared;
    if (!deviations.tuned().isEmpty()) {
      CheckResult checked = texts.check(deviations.values());
      if (checked.policy().isEmpty()) {
        return new Variant(declared, deviations, dropped, Optional.of(problem(checked)));
      }
      policies = checked.policy().get();
    }
    return new Variant(deviations.observing(policies), deviations, dropped, Optional.empty());
  }

  /** The first error; of a value that was set the place says nothing. */
  private static String problem(CheckResult checked) {
    return checked.diagnostics().stream()
        .filter(Diagnostic::isError)
        .filter(Checker::isOfTunedValue)
        .findFirst()
        .map(Diagnostic::message)
        .orElseGet(() -> PolicyLoader.errors(checked.diagnostics()));
  }

  /** With the tunes that still may count, of which the time is not over. */
  static Variant atStart(PolicyLoader.Loaded loaded, Deviations before, long now) {
    CheckedPolicy declared = loaded.policies().orElseThrow();
    List<String> dropped = new ArrayList<>();
    Map<String, Tuned> tuned = new TreeMap<>(before.tuned());
    tuned
        .entrySet()
        .removeIf(
            one -> {
              boolean over = one.getValue().until() <= now;
              if (over) {
                dropped.add(
                    "the time of `%s` = %s is over: it ended while no engine ran"
                        .formatted(one.getKey(), one.getValue().value()));
              }
              return over;
            });
    Map<String, Trial> trials = new TreeMap<>();
    for (Policy policy : declared.policies()) {
      Trial running = before.trials().get(policy.name());
      if (running != null && policy.mode() != Policy.Mode.OBSERVE) {
        trials.put(policy.name(), running);
      }
    }
    return carried(loaded, new Deviations(tuned, trials), dropped);
  }

  /**
   * Of what was loaded: tunes that were set go on unless their range forbids it, policies on trial
   * stay on trial, and those that are new or changed may begin one.
   */
  static Variant of(PolicyLoader.Loaded loaded, InForce before, Staging staging, long now) {
    Map<String, Trial> trials = trials(loaded.policies().orElseThrow(), before, staging, now);
    return carried(loaded, new Deviations(before.deviations().tuned(), trials), new ArrayList<>());
  }

  /** With the tunes that their ranges still allow. */
  private static Variant carried(
      PolicyLoader.Loaded loaded, Deviations deviations, List<String> dropped) {
    CheckedPolicy declared = loaded.policies().orElseThrow();
    PolicyTexts texts = loaded.texts().orElseThrow();
    Map<String, Tuned> tuned = new TreeMap<>();
    deviations
        .tuned()
        .forEach(
            (name, one) ->
                forbids(texts, loaded.tunes(), name, one)
                    .ifPresentOrElse(dropped::add, () -> tuned.put(name, one)));
    Map<String, Trial> trials = deviations.trials();
    Variant all = with(texts, declared, new Deviations(tuned, trials), dropped);
    return all.problem().isEmpty()
        ? all
        : asDeclared(texts, declared, trials, all.problem().get(), dropped);
  }

  /** Together they do not pass, whatever each of them may be. */
  private static Variant asDeclared(
      PolicyTexts texts,
      CheckedPolicy declared,
      Map<String, Trial> trials,
      String problem,
      List<String> dropped) {
    List<String> lines = new ArrayList<>(dropped);
    lines.add("all tunes have their files' values again: " + problem);
    return with(texts, declared, new Deviations(Map.of(), trials), lines);
  }

  /** As {@link #of(InForce, Deviations)}; tunes that do not pass together end. */
  static Variant ending(InForce inForce, Deviations left) {
    Variant all = of(inForce, left);
    return all.problem().isEmpty()
        ? all
        : asDeclared(
            inForce.texts(), inForce.declared(), left.trials(), all.problem().get(), List.of());
  }

  /** Why a tune cannot go on as it was set; empty: it can. */
  private static Optional<String> forbids(
      PolicyTexts texts, List<Tune> tunes, String name, Tuned one) {
    Optional<Tune> tune = tunes.stream().filter(t -> t.name().equals(name)).findFirst();
    String ends = "`%s` = %s ends: ".formatted(name, one.value());
    if (tune.isEmpty()) {
      return Optional.of(ends + "there is no such tune any more");
    }
    CheckResult checked = texts.check(Map.of(name, one.value()));
    return checked.policy().isPresent() ? Optional.empty() : Optional.of(ends + problem(checked));
  }

  private static Map<String, Trial> trials(
      CheckedPolicy declared, InForce before, Staging staging, long now) {
    Succession succession = Succession.of(before.declared(), declared);
    Map<String, Trial> trials = new TreeMap<>();
    for (Policy policy : declared.policies()) {
      String name = policy.name();
      Trial running = before.deviations().trials().get(name);
      boolean fresh = !succession.isSamePolicy(name);
      if (policy.mode() == Policy.Mode.OBSERVE) {
        continue;
      }
      if (fresh && !staging.isNone()) {
        trials.put(name, new Trial(Times.after(now, staging.length()), staging.most()));
      } else if (running != null && !(fresh && running.until() == Times.NEVER)) {
        trials.put(name, running);
      }
    }
    return trials;
  }

  /** With a tune set, or ended. */
  static Deviations tuned(Deviations before, TuneRequest request, long now) {
    Map<String, Tuned> tuned = new TreeMap<>(before.tuned());
    if (request.value().isEmpty()) {
      tuned.remove(request.name());
    } else {
      long until = request.length().map(length -> Times.after(now, length)).orElse(Times.NEVER);
      tuned.put(request.name(), new Tuned(request.value().get(), until));
    }
    return new Deviations(tuned, before.trials());
  }

  /**
   * What is left at {@code now}.
   *
   * @param wouldHaveActed how often a policy on trial would have begun a repair
   */
  static Deviations behind(Deviations before, ToIntFunction<String> wouldHaveActed, long now) {
    Map<String, Tuned> tuned = new TreeMap<>(before.tuned());
    tuned.values().removeIf(one -> one.until() <= now);
    Map<String, Trial> trials = new TreeMap<>();
    before
        .trials()
        .forEach(
            (name, trial) -> {
              if (trial.until() > now) {
                trials.put(name, trial);
              } else if (!trial.passes(wouldHaveActed.applyAsInt(name))) {
                trials.put(name, new Trial(Times.NEVER, trial.most()));
              }
            });
    return new Deviations(tuned, trials);
  }

  static String noTune(String name, List<Tune> tunes) {
    List<String> names = tunes.stream().map(Tune::name).toList();
    String near = Nearest.to(name, names).map(n -> "; did you mean `" + n + "`?").orElse("");
    return "there is no tune `" + name + "`" + near;
  }

  /** {@code `hot` = 90C until …, its file says 88C}. */
  static String words(Tune tune, @Nullable Tuned now) {
    if (now == null) {
      return "`%s` = %s again, as its file says".formatted(tune.name(), tune.declared());
    }
    String until = now.until() == Times.NEVER ? "" : " until " + Times.iso(now.until());
    return "`%s` = %s%s, its file says %s"
        .formatted(tune.name(), now.value(), until, tune.declared());
  }
}
