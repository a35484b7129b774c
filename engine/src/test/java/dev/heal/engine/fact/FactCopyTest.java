package dev.heal.engine.fact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Fault;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * A stage may be replaced at any moment by one that goes on from a copy: generated faults and
 * streams give the same changes to the letter. More of them, or one again: {@code
 * -Dheal.copy.cases=100000 -Dheal.copy.first=4711}.
 */
@SuppressWarnings({"NullAway", "NullAway.Init"}) // a test that fails is told so
class FactCopyTest {
  private static final int FIRST = Integer.getInteger("heal.copy.first", 0);
  private static final int CASES = Integer.getInteger("heal.copy.cases", 2_000);

  /** A run with replacements; each is begun, copied in parts, caught up, and takes over. */
  private static final class Relay {
    private final Random dice;
    private final CheckedPolicy policy;
    private final Deque<FactStage.Happening> tape = new ArrayDeque<>();
    private FactStage stage;
    private FactCopy copy;
    private FactStage next;
    private int replaced;

    Relay(CheckedPolicy policy, Random dice) {
      this.policy = policy;
      this.dice = dice;
      this.stage = new FactStage(policy, new Topology(FactStageReferenceTest.site()), 0);
    }

    /** Something may happen to the replacement between two inputs. */
    void turn() {
      int face = dice.nextInt(4);
      if (face == 0) {
        return;
      }
      if (copy == null) {
        copy = stage.beginCopy(tape::add);
      } else if (next == null) {
        if (copy.more(face)) {
          next = copy.stage(Succession.of(policy, policy));
        }
      } else if (face == 1) {
        for (int i = dice.nextInt(3); i > 0 && !tape.isEmpty(); i--) {
          tape.remove().on(next);
        }
      } else {
        takeOver();
      }
    }

    private void takeOver() {
      stage.endCopy();
      while (!tape.isEmpty()) {
        tape.remove().on(next);
      }
      assertThat(remembered(next)).isEqualTo(remembered(stage));
      assertThat(next.beliefs().raised()).isEqualTo(stage.beliefs().raised());
      assertThat(next.beliefs().holding()).isEqualTo(stage.beliefs().holding());
      assertThat(next.now()).isEqualTo(stage.now());
      stage = next;
      copy = null;
      next = null;
      replaced++;
    }
  }

  /** Everything that a stage remembers, fact by fact. */
  private static List<String> remembered(FactStage stage) {
    FactCopy copy = stage.beginCopy(happening -> {});
    assertThat(copy.more(Integer.MAX_VALUE)).isTrue();
    stage.endCopy();
    List<String> all = new ArrayList<>();
    all.add(copy.clock() + " " + copy.disturbances());
    copy.memories().forEach(memory -> all.add(memory.toString()));
    for (Series.Remembered signal : copy.signals()) {
      SampleWindow.Kept samples = signal.samples();
      StringBuilder text = new StringBuilder(signal.entity() + " " + signal.signal());
      text.append(" declared from ").append(signal.declaredFrom());
      text.append(" heard at ").append(signal.heardAt()).append(", of ").append(signal.ownAt());
      text.append(" value ").append(signal.value()).append(' ').append(signal.word());
      for (int i = samples.first(); i < samples.end(); i++) {
        text.append(' ').append(samples.times()[i]).append('=').append(samples.values()[i]);
      }
      new TreeMap<>(signal.events())
          .forEach((count, times) -> text.append(count).append(Arrays.toString(times)));
      text.append(signal.past().facts());
      all.add(text.toString());
    }
    all.sort(Comparator.naturalOrder());
    return all;
  }

  @Test
  void aStageThatGoesOnFromACopyTellsTheSame() {
    int replaced = 0;
    int told = 0;
    for (int seed = FIRST; seed < FIRST + CASES; seed++) {
      Random random = new Random(seed);
      Fault fault = new RandomFaults(random).fault();
      List<RandomStream.Input> inputs = new RandomStream(random, fault).inputs();
      CheckedPolicy policy = FactStageReferenceTest.policy(fault);
      FactStage usual = new FactStage(policy, new Topology(FactStageReferenceTest.site()), 0);
      Relay relay = new Relay(policy, random);
      List<FactChange> expected = new ArrayList<>();
      List<FactChange> changes = new ArrayList<>();
      try {
        for (RandomStream.Input input : inputs) {
          expected.addAll(input.tell(usual));
          changes.addAll(input.tell(relay.stage));
          relay.turn();
        }
      } catch (AssertionError | RuntimeException found) {
        throw new AssertionError("seed " + seed + ": " + fault, found);
      }
      assertThat(changes).as("seed %d: %s", seed, fault).isEqualTo(expected);
      replaced += relay.replaced;
      told += expected.size();
    }
    assertThat(replaced).as("replacements").isGreaterThan(CASES);
    assertThat(told).as("changes").isGreaterThan(CASES);
  }

  /**
   * Where all facts are still kept, a condition that is new stands as if it had always been there.
   */
  @Test
  void aNewConditionStandsAsIfItHadAlwaysBeenThere() {
    int standing = 0;
    for (int seed = FIRST; seed < FIRST + CASES; seed++) {
      Random random = new Random(seed);
      CheckedPolicy former = FactStageReferenceTest.policy(new RandomFaults(random).fault());
      Fault fault = new RandomFaults(random).fault();
      if (fault.event()) {
        continue; // what happened before it was there raises nothing
      }
      CheckedPolicy policy = FactStageReferenceTest.policy(fault);
      FactStage always = new FactStage(policy, new Topology(FactStageReferenceTest.site()), 0);
      FactStage stage = new FactStage(former, new Topology(FactStageReferenceTest.site()), 0);
      List<RandomStream.Input> inputs = oneByOne(new RandomStream(random, fault).inputs());
      for (RandomStream.Input input : inputs.subList(0, random.nextInt(inputs.size()))) {
        input.tell(always);
        input.tell(stage);
      }

      FactCopy copy = stage.beginCopy(happening -> {});
      copy.more(Integer.MAX_VALUE);
      FactStage next = copy.stage(Succession.of(former, policy));

      assertThat(states(next)).as("seed %d: %s", seed, fault).isEqualTo(states(always));
      standing += states(next).size();
    }
    assertThat(standing).as("instances that are not clear").isGreaterThan(CASES / 4);
  }

  /**
   * Facts with times of their own, as the order of those of one instant is not kept; nobody clears
   * anything by hand, which is no fact.
   */
  private static List<RandomStream.Input> oneByOne(List<RandomStream.Input> inputs) {
    List<RandomStream.Input> apart = new ArrayList<>();
    long last = 0;
    for (RandomStream.Input input : inputs) {
      if (input instanceof RandomStream.Heard heard) {
        last = Math.max(last + 1_000, heard.fact().at());
        apart.add(new RandomStream.Heard(heard.fact().heardAt(last)));
      } else if (!(input instanceof RandomStream.Ended)) {
        apart.add(input);
      }
    }
    return apart;
  }

  /** How the instances stand, and since when what has held. */
  private static List<String> states(FactStage stage) {
    List<String> states = new ArrayList<>();
    for (Memory memory : stage.memories()) {
      if (memory instanceof Memory.OfFault fault) {
        states.add(
            "%s %s since %s, ending since %s"
                .formatted(
                    fault.instance().entity(),
                    fault.state(),
                    fault.held().stream().map(HeldSince::since).toList(),
                    fault.ending().stream().map(HeldSince::since).toList()));
      }
    }
    states.sort(Comparator.naturalOrder());
    return states;
  }
}
