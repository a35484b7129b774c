package dev.heal.packs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.record.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Recorded incidents in the fleet of the examples, and what is decided about them. A scenario is a
 * folder: recordings, named {@code HOST.kernel.log}, {@code HOST.SERVICE.log} or {@code
 * NAME.jsonl}, and {@code decisions.txt}; {@code -Dheal.write=true} writes that anew. A recording
 * without heartbeats is of a fleet that declares none.
 */
class ScenariosTest {
  private static final Path SCENARIOS =
      ShippedPacks.ROOT.resolve("policy-tests/src/test/resources/scenarios");
  private static final CheckedPolicy FLEET =
      ShippedPacks.check(ShippedPacks.FLEET).policy().orElseThrow();
  private static final CheckedPolicy WITHOUT_HEARTBEATS = ShippedPacks.fleetWithoutHeartbeats();

  static Stream<String> scenarios() throws IOException {
    try (Stream<Path> folders = Files.list(SCENARIOS)) {
      return folders.map(f -> f.getFileName().toString()).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void theDecisionsAreTheSame(String scenario) throws IOException {
    Path golden = SCENARIOS.resolve(scenario).resolve("decisions.txt");
    String decided = decide(scenario);
    if (Boolean.getBoolean("heal.write")) {
      Files.writeString(golden, decided);
    }
    assertThat(decided).isEqualTo(Files.readString(golden));
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void twoRunsDecideAlike(String scenario) throws IOException {
    assertThat(decide(scenario)).isEqualTo(decide(scenario));
  }

  @Test
  void thereAreScenarios() throws IOException {
    assertThat(scenarios().count()).isGreaterThanOrEqualTo(6);
  }

  private static String decide(String scenario) throws IOException {
    List<Fact> facts = new ArrayList<>();
    try (Stream<Path> files = Files.list(SCENARIOS.resolve(scenario))) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (!name.equals("decisions.txt")) {
          String[] words = name.split("\\.", -1);
          facts.addAll(RecordedRun.facts(Files.readString(file), words[0], words[1]));
        }
      }
    }
    long start = facts.stream().min(Comparator.comparingLong(Fact::at)).orElseThrow().at();
    StringBuilder text = new StringBuilder();
    boolean heartbeats =
        facts.stream().anyMatch(f -> f instanceof Fact.Event e && e.signal().equals("heartbeat"));
    for (Entry entry : RecordedRun.run(heartbeats ? FLEET : WITHOUT_HEARTBEATS, facts)) {
      text.append(RecordedRun.line(entry, start)).append('\n');
    }
    return text.toString();
  }
}
