package dev.heal.engine.fact.host;

import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.dsl.vocabulary.Signal;
import dev.heal.dsl.vocabulary.Vocabulary;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.source.training.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Figures of a training run as {@code train.loss} and the like. An infinite value is NaN as a fact:
 * the run has diverged either way, and {@code train.loss is nan} is how a policy asks for it.
 */
public final class TrainingFacts {
  private static final String PREFIX = "train.";

  private TrainingFacts() {}

  /** What a job may say: {@code loss}, {@code grad_norm}, {@code step_time}. */
  public static Set<String> names() {
    Set<String> names = new TreeSet<>();
    for (Signal signal : Vocabulary.standard().signals(EntityKind.JOB)) {
      if (signal.name().startsWith(PREFIX)) {
        names.add(signal.name().substring(PREFIX.length()));
      }
    }
    return names;
  }

  /** Which figure cannot be; empty where all can. */
  public static Optional<String> impossible(Figures figures) {
    return figures.values().entrySet().stream()
        .filter(figure -> isTooSmall(figure.getKey(), figure.getValue()))
        .findFirst()
        .map(figure -> "`%s` is never negative: %s".formatted(figure.getKey(), figure.getValue()));
  }

  private static boolean isTooSmall(String name, double value) {
    return Vocabulary.standard()
        .signal(EntityKind.JOB, PREFIX + name)
        .flatMap(signal -> signal.min().stream().boxed().findFirst())
        .filter(min -> value < min)
        .isPresent();
  }

  /** One step of a run. */
  public static List<Fact> facts(EntityId job, Figures figures, long at) {
    List<Fact> facts = new ArrayList<>();
    figures
        .values()
        .forEach(
            (name, value) ->
                facts.add(
                    new Fact.Sample(
                        at, job, PREFIX + name, Double.isInfinite(value) ? Double.NaN : value)));
    return facts;
  }
}
