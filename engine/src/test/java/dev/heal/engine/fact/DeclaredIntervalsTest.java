package dev.heal.engine.fact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.policy.Site;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How often a site says that signals come: they are missed by that, and not by the vocabulary. */
class DeclaredIntervalsTest {
  private static final Duration ONE_MINUTE = Duration.ofMinutes(1);

  @Test
  void whatIsAskedOnceAMinuteIsNotMissedAfterThirtySeconds() {
    Topology topology =
        new Topology(
            new Site(
                List.of(
                    node("n1", Optional.of(new Site.Scheduling(List.of("node-state"), ONE_MINUTE))),
                    node("n2", Optional.empty())),
                List.of(),
                List.of(),
                List.of()));

    for (String signal : List.of("cordoned", "schedulable")) {
      assertThat(topology.interval(EntityId.node("n1"), signal)).contains(ONE_MINUTE);
      assertThat(topology.interval(EntityId.node("n2"), signal)).isEmpty();
    }
    assertThat(topology.interval(EntityId.node("n1"), "cordoned_by")).isEmpty();
  }

  private static Site.Node node(String name, Optional<Site.Scheduling> scheduling) {
    return new Site.Node(
        name, Map.of(), Optional.empty(), Optional.empty(), scheduling, List.of(), Map.of());
  }
}
