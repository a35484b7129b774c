package dev.heal.engine.loop;

import dev.heal.engine.fact.FactStage;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.fact.Succession;
import dev.heal.engine.fact.Succession.Fate;
import dev.heal.engine.fact.Succession.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;

/**
 * Which spells of raised faults end, and which begin, because other policies are in force. Where a
 * fault means the same, or only its numbers differ, a spell goes on.
 */
final class SpellChanges {
  private final List<Ended> ended = new ArrayList<>();
  private final List<Begun> begun = new ArrayList<>();

  /** A spell that the next policies do not know. */
  record Ended(FaultInstance instance, Fate fate, FactStage next) {
    String because(String generation) {
      return switch (fate.kind()) {
        case GONE ->
            fate.other()
                .map(name -> "it is called `%s` from %s on".formatted(name, generation))
                .orElse("%s has no such fault".formatted(generation));
        case CONDITION -> "its condition changed with " + generation;
        case NUMBERS ->
            switch (next.beliefs().state(instance)) {
              case PENDING -> "%s asks for longer: it is pending again".formatted(generation);
              case CLEAR, RAISED, CLEARING -> "it does not hold with the numbers of " + generation;
            };
        case SAME, RENAMED, NEW -> "%s does not know %s".formatted(generation, instance.entity());
      };
    }
  }

  /** A spell that the policies before did not know. */
  record Begun(FaultInstance instance, Fate fate) {
    String because(String generation) {
      return switch (fate.kind()) {
        case RENAMED ->
            "it was called `%s` before %s".formatted(fate.other().orElseThrow(), generation);
        case NUMBERS -> "it holds with the numbers of " + generation;
        case CONDITION -> "its condition of %s holds".formatted(generation);
        case NEW -> "it holds, and is new with " + generation;
        case SAME, GONE -> "it holds by what %s says of the machines".formatted(generation);
      };
    }
  }

  SpellChanges(Succession succession, FactStage before, FactStage next) {
    NavigableSet<FaultInstance> earlier = before.beliefs().raisedInstances();
    NavigableSet<FaultInstance> later = next.beliefs().raisedInstances();
    for (FaultInstance instance : earlier) {
      Fate fate = succession.fate(instance.fault());
      if (!(goesOn(fate) && later.contains(instance))) {
        ended.add(new Ended(instance, fate, next));
      }
    }
    for (FaultInstance instance : later) {
      Fate fate = succession.fate(instance.fault());
      if (!(goesOn(fate) && earlier.contains(instance))) {
        begun.add(new Begun(instance, fate));
      }
    }
  }

  private static boolean goesOn(Fate fate) {
    return fate.kind() == Kind.SAME || fate.kind() == Kind.NUMBERS;
  }

  List<Ended> ended() {
    return ended;
  }

  List<Begun> begun() {
    return begun;
  }
}
