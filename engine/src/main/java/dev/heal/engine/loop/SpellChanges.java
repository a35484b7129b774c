package dev.heal.engine.loop;

import dev.heal.engine.fact.FactStage;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.fact.Succession;
import dev.heal.engine.fact.Succession.Fate;
import dev.heal.engine.fact.Succession.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which spells of raised faults end, and which begin, because other policies are in force. Where a
 * fault means the same, or only its numbers differ, a spell goes on.
 */
final class SpellChanges {
  private final Succession succession;
  private final FactStage next;
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
            switch (next.state(instance)) {
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
    this.succession = succession;
    this.next = next;
    Map<FaultInstance, FactStage.Standing> earlier = byInstance(before);
    Map<FaultInstance, FactStage.Standing> later = byInstance(next);
    TreeSet<FaultInstance> all = new TreeSet<>(earlier.keySet());
    all.addAll(later.keySet());
    all.forEach(instance -> compare(instance, earlier, later));
  }

  private static Map<FaultInstance, FactStage.Standing> byInstance(FactStage stage) {
    Map<FaultInstance, FactStage.Standing> found = new TreeMap<>();
    stage.raised().forEach(standing -> found.put(standing.instance(), standing));
    return found;
  }

  private void compare(
      FaultInstance instance,
      Map<FaultInstance, FactStage.Standing> earlier,
      Map<FaultInstance, FactStage.Standing> later) {
    Fate fate = succession.fate(instance.fault());
    boolean was = earlier.containsKey(instance);
    boolean is = later.containsKey(instance);
    boolean goesOn = was && is && (fate.kind() == Kind.SAME || fate.kind() == Kind.NUMBERS);
    if (was && !goesOn) {
      ended.add(new Ended(instance, fate, next));
    }
    if (is && !goesOn) {
      begun.add(new Begun(instance, fate));
    }
  }

  List<Ended> ended() {
    return ended;
  }

  List<Begun> begun() {
    return begun;
  }
}
