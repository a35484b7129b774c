package dev.heal.packs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.format.Formatter;
import dev.heal.dsl.parse.SourceFiles;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.policy.TestCase;
import dev.heal.dsl.text.SourceFile;
import dev.heal.engine.decide.Times;
import dev.heal.engine.loop.Coverage;
import dev.heal.engine.loop.TestRun;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every shipped pack, and for all of them together. */
class PacksTest {
  static Stream<String> packs() {
    return ShippedPacks.names().stream();
  }

  @ParameterizedTest
  @MethodSource("packs")
  void aPackChecksWithoutAWarning(String pack) {
    assertThat(ShippedPacks.checkPack(pack).diagnostics()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("packs")
  void aPackStandsInItsCanonicalForm(String pack) {
    SourceFile source = SourceFiles.read(ShippedPacks.file(pack), pack).source().orElseThrow();

    assertThat(Formatter.format(source).text()).hasValue(source.text());
  }

  @ParameterizedTest
  @MethodSource("packs")
  void aPackOnlyObserves(String pack) {
    assertThat(ShippedPacks.pack(pack).policies())
        .allMatch(policy -> policy.mode() == Policy.Mode.OBSERVE);
  }

  @Test
  void allPacksTogetherCheckWithoutAWarningInOneSite() {
    CheckResult fleet = ShippedPacks.check(ShippedPacks.FLEET);

    assertThat(fleet.diagnostics()).isEmpty();
    Set<String> files = new HashSet<>();
    CheckedPolicy policies = fleet.policy().orElseThrow();
    policies.faults().forEach(f -> files.add(f.span().file().name()));
    policies.budgets().forEach(b -> files.add(b.span().file().name()));
    assertThat(files)
        .containsExactlyInAnyOrderElementsOf(
            ShippedPacks.names().stream().map(p -> "rules/" + p + ".heal").toList());
  }

  @Test
  void noTwoPoliciesOfThePacksHaveTheSamePriority() {
    Map<Integer, List<String>> byPriority = new TreeMap<>();
    for (Policy policy : ShippedPacks.check(ShippedPacks.FLEET).policy().orElseThrow().policies()) {
      byPriority.computeIfAbsent(policy.priority(), p -> new ArrayList<>()).add(policy.name());
    }
    assertThat(byPriority.values()).allMatch(names -> names.size() == 1);
  }

  /** One test fires it, one does not though something is said, and in one a sensor is silent. */
  @ParameterizedTest
  @MethodSource("packs")
  void everyPolicyHasItsThreeTests(String pack) {
    CheckedPolicy policies = ShippedPacks.pack(pack);
    List<Policy> own =
        policies.policies().stream().filter(p -> ShippedPacks.isOf(pack, p.span().file())).toList();
    Coverage coverage = ShippedPacks.coverage(pack);
    coverage.declare(policies);
    Set<String> fired = new HashSet<>();
    Set<String> quiet = new HashSet<>();
    Set<String> silent = new HashSet<>();
    for (TestCase test : policies.tests()) {
      if (!ShippedPacks.isOf(pack, test.span().file())) {
        continue;
      }
      TestRun.Result result = TestRun.run(policies, test);
      assertThat(result.failures()).as(test.title()).isEmpty();
      coverage.add(policies, result);
      Set<String> begun = begun(result.entries());
      fired.addAll(begun);
      for (Policy policy : own) {
        boolean quietly =
            test.expectations().stream()
                .filter(e -> e.never() && verbs(policy).contains(e.target().word()))
                .anyMatch(e -> !begun(until(e, result.entries())).contains(policy.name()));
        if (quietly) {
          boolean silence =
              test.title()
                  .toLowerCase(Locale.ROOT)
                  .matches(".*(silen|never heard|not spoken of).*");
          (silence ? silent : quiet).add(policy.name());
        }
      }
    }
    assertThat(coverage.missed()).as("policies, rungs and ends that no test reaches").isEmpty();
    List<String> names = own.stream().map(Policy::name).toList();
    assertThat(fired).as("a test that fires").containsAll(names);
    assertThat(quiet).as("a test that must not fire").containsAll(names);
    assertThat(silent).as("a test in which the sensor is silent").containsAll(names);
  }

  private static List<Entry> until(TestCase.Expectation expectation, List<Entry> entries) {
    long end = expectation.by().map(by -> Times.after(TestRun.START, by)).orElse(Times.NEVER);
    return entries.stream().filter(e -> e.at() <= end).toList();
  }

  private static Set<String> begun(List<Entry> entries) {
    Set<String> names = new HashSet<>();
    for (Entry entry : entries) {
      if (entry.type() == EntryType.ACTION_STARTED || entry.type() == EntryType.GAVE_UP) {
        entry.policy().ifPresent(names::add);
      }
    }
    return names;
  }

  private static Set<String> verbs(Policy policy) {
    Set<String> verbs = new HashSet<>();
    policy.rungs().forEach(r -> r.steps().forEach(s -> verbs.add(s.act().verb())));
    return verbs;
  }
}
