package dev.heal.dsl.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.policy.TestCase;
import dev.heal.dsl.text.SourceFile;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Files that import each other, and what their names mean for the whole set. */
class ImportsTest {
  private static final String HEAT =
      """
      heal 1
      fault hot on gpu "Hot" {
        when nvml.temperature >= 88C for 60s
        clear when nvml.temperature < 80C for 5m
        missing freeze
      }
      policy cool {
        on hot
        try { throttle gpu, takes 1s, confirm nvml.temperature < 80C, timeout 10m }
        give up { page oncall }
      }
      """;
  private static final String BUS =
      """
      heal 1
      import "heat" as heat
      fault lost on gpu "Lost" {
        when xid == 79
        suppresses [heat.hot] same gpu
      }
      policy leave {
        on lost
        try { cordon node, takes 1s, confirm node.cordoned, timeout 1m }
        give up { page oncall }
      }
      """;

  private static CheckResult check(Map<String, String> files, String... roots) {
    ImportResolver resolver =
        (path, importer) ->
            Optional.ofNullable(files.get(path + ".heal"))
                .map(text -> new SourceFile(path + ".heal", text));
    return Checker.check(
        List.of(roots).stream()
            .map(name -> new SourceFile(name, files.getOrDefault(name, "")))
            .toList(),
        resolver);
  }

  @Test
  void aPackThatTwoFilesImportIsThereOnceUnderTheAliasOfTheSite() {
    CheckResult result =
        check(
            Map.of(
                "heat.heal",
                HEAT,
                "bus.heal",
                BUS,
                "site.heal",
                """
                heal 1
                import "bus" as nv
                import "heat" as warm
                change policy warm.cool { mode enforce, attempts 2 over 1h }
                change policy nv.leave { mode observe }
                """),
            "site.heal");

    assertThat(result.diagnostics()).isEmpty();
    assertThat(result.policy().orElseThrow().faults())
        .extracting(Fault::name)
        .containsExactly("warm.hot", "nv.lost");
    assertThat(result.policy().orElseThrow().fault("nv.lost").suppresses().get(0).children())
        .containsExactly("warm.hot");
    assertThat(result.policy().orElseThrow().policies())
        .extracting(p -> p.name() + " " + p.mode())
        .containsExactly("warm.cool " + Policy.Mode.ENFORCE, "nv.leave " + Policy.Mode.OBSERVE);
  }

  @Test
  void aFileOfTheSetThatAnotherOneImportsIsThereOnce() {
    CheckResult result = check(Map.of("heat.heal", HEAT, "bus.heal", BUS), "bus.heal", "heat.heal");

    assertThat(result.diagnostics()).isEmpty();
    assertThat(result.policy().orElseThrow().faults())
        .extracting(Fault::name)
        .containsExactly("lost", "hot");
    assertThat(result.policy().orElseThrow().fault("lost").suppresses().get(0).children())
        .containsExactly("hot");
  }

  @Test
  void filesOfASetThatImportEachOtherAreACircleOnce() {
    CheckResult result =
        check(
            Map.of("bus.heal", BUS, "heat.heal", HEAT.replace("heal 1", "heal 1\nimport \"bus\"")),
            "bus.heal",
            "heat.heal");

    assertThat(result.diagnostics())
        .extracting(d -> d.span() + " " + d.code())
        .containsExactly("heat.heal:2:1 H0210");
  }

  @Test
  void anImportThatIsMissingIsNamedOnceForAFileThatAnotherOneImports() {
    CheckResult result =
        check(
            Map.of("bus.heal", BUS, "heat.heal", HEAT.replace("heal 1", "heal 1\nimport \"no\"")),
            "bus.heal",
            "heat.heal");

    assertThat(result.diagnostics()).extracting(d -> d.code()).containsExactly("H0207");
  }

  @Test
  void aTestGivesTheFieldsOfAnEventByTheirNames() {
    CheckResult result =
        check(
            Map.of(
                "t.heal",
                BUS.replace("import \"heat\" as heat\n", "")
                        .replace("  suppresses [heat.hot] same gpu\n", "")
                    + """
                    test "the driver says what to do" {
                      given node n1 { gpu 0 }
                      at 0s xid 154 action reset_gpu gpu 0
                      never cordon node
                    }
                    """),
            "t.heal");

    assertThat(result.diagnostics()).isEmpty();
    assertThat(result.policy().orElseThrow().tests().get(0).feeds())
        .extracting(TestCase.Feed::fields)
        .containsExactly(Map.of("code", "154", "action", "reset_gpu"));
  }

  /** With every alias behind every other there would be 2 to the 40th names. */
  @Test
  void fortyFilesOfOneSetMayAllImportTheNext() {
    Map<String, String> files = new TreeMap<>();
    for (int i = 0; i < 40; i++) {
      files.put(
          "f%02d.heal".formatted(i),
          HEAT.replace("hot", "hot" + i)
              .replace("cool", "cool" + i)
              .replace(
                  "heal 1\n",
                  "heal 1\n" + (i < 39 ? "import \"f%02d\" as n%d\n".formatted(i + 1, i) : "")));
    }
    CheckResult result = check(files, files.keySet().toArray(String[]::new));

    assertThat(result.policy()).as(result.diagnostics().toString()).isPresent();
    assertThat(result.policy().orElseThrow().faults()).hasSize(40);
  }
}
