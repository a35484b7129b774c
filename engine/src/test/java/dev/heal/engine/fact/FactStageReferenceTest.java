package dev.heal.engine.fact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.policy.Means;
import dev.heal.dsl.policy.Site;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The stage, with and without its index, against the plain reference on generated faults and
 * streams. More of them, or one again: {@code -Dheal.reference.cases=100000
 * -Dheal.reference.first=4711}.
 */
class FactStageReferenceTest {
  private static final int FIRST = Integer.getInteger("heal.reference.first", 0);
  private static final int CASES = Integer.getInteger("heal.reference.cases", 12_000);

  @Test
  void theStageAgreesWithTheReference() {
    int moved = 0;
    for (int seed = FIRST; seed < FIRST + CASES; seed++) {
      moved += agree(seed);
    }
    assertThat(moved).as("changes of instances").isGreaterThan(CASES);
  }

  private static int agree(int seed) {
    Random random = new Random(seed);
    Fault fault = new RandomFaults(random).fault();
    List<RandomStream.Input> inputs = new RandomStream(random, fault).inputs();
    History history = new History();
    inputs.forEach(input -> input.tell(history));
    List<FactChange> indexed = changes(fault, inputs, true);
    List<FactChange> plain = changes(fault, inputs, false);
    assertThat(plain).as(() -> "without the index, " + what(seed, fault)).isEqualTo(indexed);
    int moved = 0;
    for (EntityId entity : List.of(History.NODE, History.GPU0, History.GPU1, History.LLM)) {
      if (entity.kind() == fault.entity()) {
        List<String> expected = new PlainReference(fault, entity, history).story();
        assertThat(story(indexed, entity))
            .as(() -> entity + ", " + what(seed, fault))
            .isEqualTo(expected);
        moved += expected.size();
      }
    }
    return moved;
  }

  private static String what(int seed, Fault fault) {
    return "seed %d: %s".formatted(seed, fault);
  }

  private static List<FactChange> changes(
      Fault fault, List<RandomStream.Input> inputs, boolean index) {
    Topology topology = new Topology(site());
    FactStage stage = new FactStage(policy(fault), topology, 0, index);
    List<FactChange> changes = new ArrayList<>(stage.atStart());
    inputs.forEach(input -> changes.addAll(input.tell(stage)));
    changes.removeIf(change -> change instanceof FactChange.ConditionMoved);
    return changes;
  }

  static Site site() {
    Site.Gpu gpu = new Site.Gpu(0, Optional.empty(), Map.of(), Map.of());
    Site.Node node =
        new Site.Node(
            "n1",
            Map.of(),
            Optional.of(Duration.ofSeconds(5)),
            Optional.empty(),
            Optional.empty(),
            List.of(gpu),
            Map.of());
    Site.Service service =
        new Site.Service(
            "llm",
            Optional.of("n1"),
            List.of(0),
            Optional.empty(),
            Map.of(),
            Map.of("health.latency", Duration.ofSeconds(2)),
            Means.NONE);
    return new Site(List.of(node), List.of(service), List.of(), List.of());
  }

  static CheckedPolicy policy(Fault fault) {
    return new CheckedPolicy(
        List.of(fault),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Map.of(),
        Map.of(),
        site(),
        List.of());
  }

  private static List<String> story(List<FactChange> changes, EntityId entity) {
    List<String> story = new ArrayList<>();
    for (FactChange change : changes) {
      long at = change.at() / 1_000_000_000L;
      if (change instanceof FactChange.FaultMoved moved
          && moved.instance().entity().equals(entity)) {
        boolean raised =
            moved.to() == FactChange.FaultState.RAISED
                && moved.from() != FactChange.FaultState.CLEARING;
        String captures = raised && !moved.captures().isEmpty() ? " " + moved.captures() : "";
        story.add(at + " " + moved.from() + ">" + moved.to() + captures);
      } else if (change instanceof FactChange.FaultRepeated again
          && again.instance().entity().equals(entity)) {
        story.add(at + " again");
      }
    }
    return story;
  }
}
