package dev.heal.engine.reload;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Tune;
import dev.heal.engine.reload.files.PolicyTexts;
import dev.heal.engine.schedule.Deviations;
import java.util.List;
import java.util.Optional;

/**
 * What is in force, with what is needed to put a variant of it in force.
 *
 * @param declared as the texts say
 * @param tunes with the values that the texts give them
 * @param deviations what is otherwise
 */
record InForce(
    Generation generation,
    PolicyTexts texts,
    CheckedPolicy declared,
    List<Tune> tunes,
    Deviations deviations) {
  InForce {
    tunes = List.copyOf(tunes);
  }

  Optional<Tune> tune(String name) {
    return tunes.stream().filter(tune -> tune.name().equals(name)).findFirst();
  }
}
