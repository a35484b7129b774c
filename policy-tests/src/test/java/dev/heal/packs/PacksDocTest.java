package dev.heal.packs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Fault;
import dev.heal.dsl.policy.Policy;
import dev.heal.engine.decide.Times;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The tables of docs/packs.md are what the checker makes of the packs. {@code mvn test -pl
 * policy-tests -am -Dtest=PacksDocTest -Dheal.write=true} writes them anew.
 */
class PacksDocTest {
  private static final Path DOC = ShippedPacks.ROOT.resolve("docs/packs.md");
  private static final String BEGIN = "<!-- from here on written by PacksDocTest -->\n";

  @Test
  void theTablesAreWhatThePacksDeclare() throws IOException {
    String written = Files.readString(DOC);
    int begin = written.indexOf(BEGIN);
    assertThat(begin).as("the mark `" + BEGIN.strip() + "`").isPositive();
    String whole = written.substring(0, begin) + BEGIN + tables();
    if (Boolean.getBoolean("heal.write")) {
      Files.writeString(DOC, whole);
    }
    assertThat(Files.readString(DOC)).isEqualTo(whole);
  }

  private static String tables() {
    StringBuilder text = new StringBuilder();
    for (String pack : ShippedPacks.names()) {
      CheckedPolicy policies = ShippedPacks.pack(pack);
      text.append("\n## ").append(pack).append("\n");
      faults(
          text,
          policies.faults().stream()
              .filter(f -> ShippedPacks.isOf(pack, f.span().file()))
              .toList());
      policies(
          text,
          policies.policies().stream()
              .filter(p -> ShippedPacks.isOf(pack, p.span().file()))
              .toList());
    }
    return text.toString();
  }

  private static void faults(StringBuilder text, List<Fault> faults) {
    if (faults.isEmpty()) {
      text.append("\nBudgets only; see the file.\n");
      return;
    }
    text.append("\n| fault | on | says | severity |\n|---|---|---|---|\n");
    for (Fault fault : faults) {
      text.append(
          "| `%s` | %s | %s | %s |\n"
              .formatted(
                  fault.name(),
                  fault.entity().word(),
                  fault.title(),
                  fault.severity().name().toLowerCase(java.util.Locale.ROOT)));
    }
  }

  private static void policies(StringBuilder text, List<Policy> policies) {
    if (policies.isEmpty()) {
      return;
    }
    text.append(
        "\n| policy | for | priority | within | attempts | would |\n|---|---|---|---|---|---|\n");
    for (Policy policy : policies) {
      List<String> rungs = new ArrayList<>();
      for (Policy.Rung rung : policy.rungs()) {
        List<String> acts = rung.steps().stream().map(s -> act(s.act())).toList();
        rungs.add(String.join(", then ", acts));
      }
      policy.giveUp().forEach(a -> rungs.add(act(a)));
      text.append(
          "| `%s` | %s | %d | %s | %s | %s |\n"
              .formatted(
                  policy.name(),
                  String.join(", ", policy.faults().stream().map(f -> "`" + f + "`").toList()),
                  policy.priority(),
                  policy.within().map(Times::words).orElse(""),
                  policy
                      .attempts()
                      .map(a -> a.count() + " over " + Times.words(a.over()))
                      .orElse(""),
                  String.join("; else ", rungs)));
    }
  }

  private static String act(Policy.Act act) {
    return act.verb()
        + act.target().map(k -> " " + k.word()).orElse("")
        + act.object().map(o -> " " + o).orElse("")
        + (act.waits() ? " (waits)" : "");
  }
}
