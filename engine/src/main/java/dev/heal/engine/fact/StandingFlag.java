package dev.heal.engine.fact;

import dev.heal.dsl.policy.Condition;
import dev.heal.dsl.policy.Reading;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.dsl.vocabulary.Signal;
import dev.heal.dsl.vocabulary.Vocabulary;
import java.util.List;

/**
 * A flag that decisions ask for whatever the policies say: whether a node is cordoned, whether
 * something is healthy. It is watched, so that what waits for it is looked at when it changes.
 */
record StandingFlag(EntityKind kind, String name) {
  private static final List<StandingFlag> ALL =
      List.of(
          new StandingFlag(EntityKind.NODE, "cordoned"),
          new StandingFlag(EntityKind.NODE, "healthy"),
          new StandingFlag(EntityKind.SERVICE, "healthy"));

  static List<StandingFlag> of(EntityKind kind) {
    return ALL.stream().filter(flag -> flag.kind() == kind).toList();
  }

  static List<StandingFlag> all() {
    return ALL;
  }

  String key() {
    return "flag:" + name;
  }

  Condition condition() {
    Signal signal = Vocabulary.standard().signal(kind, name).orElseThrow();
    return new Condition.FlagTest(new Reading(kind, signal));
  }
}
