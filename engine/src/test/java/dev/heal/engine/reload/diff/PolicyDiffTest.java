package dev.heal.engine.reload.diff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.check.Checker;
import dev.heal.dsl.check.ImportResolver;
import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.text.SourceFile;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an edit means, and that what means nothing is none. */
class PolicyDiffTest {
  private static final String BASE =
      """
      heal 1
      tune hot = 88C range 80C..92C
      node n1 {
        pool "inference"
        heartbeat every 5s
        gpu 0 { pci "0000:3b:00.0" }
      }
      service llm on n1 {
        gpus 0..0
        run ["python3", "-m", "llm"]
        health "http://127.0.0.1:8000/health" every 2s
        profile lean { env ["MAX=64"] }
        restart via supervised
      }
      pager oncall { webhook "https://example.org/page" }
      fault thermal on gpu "Too hot" {
        when nvml.temperature >= hot for 60s
        clear when nvml.temperature < 80C for 5m
        missing freeze
        severity warning
      }
      fault storm on gpu "Many errors" {
        when count(xid in [48, 94]) >= 3 over 10m
        missing freeze
        clear after 1h
      }
      fault crashed on service "Died" {
        when process exits with signal in [SIGSEGV, SIGABRT]
        suppresses [slow] same service within 15m
      }
      fault slow on service "Slow" {
        when (health.latency >= 2s and heartbeat alive) for 10s
        clear when health.latency < 1s for 10s
        missing freeze
      }
      budget small "Blast radius" {
        limit 2 nodes over 1h
        limit 10% of nodes, at least 1, over 1h
        keep 90% of nodes healthy
      }
      maintenance patching { where node.pool == "inference", window "Sun 02:00" 4h "UTC", allow [throttle, degrade] }
      breaker many { trip 50% of gpus over 5m, page oncall }
      action purge on node "Frees the disk" { command ["/bin/purge", "--keep", "2d"], takes 30s, destructive no }
      check dcgm on gpu { command ["dcgmi", "diag"], timeout 3m }
      policy cool on {
        on thermal, within 2m, priority 50, cooldown 15m per gpu, attempts 4 over 6h, mode enforce
        try { throttle gpu { power 450W }, takes 1s, confirm nvml.temperature < 80C for 2m, timeout 10m }
        give up { page oncall }
      }
      policy storm_page { on storm, priority 10, attempts 2 over 6h, try { page oncall, takes 1s, confirm node.healthy, timeout 1m } }
      policy revive {
        on crashed, within 20s, priority 80, attempts 3 over 30m, budget small, soak 30m, mode enforce
        try { restart service { fresh }, takes 12s, confirm service.healthy for 5s, timeout 60s }
        or else { degrade service { to profile "lean", undo after 2h }, takes 5s, confirm service.healthy for 30s, timeout 2m }
        give up { page oncall }
      }
      policy lean { on slow, priority 40, attempts 2 over 1h, try { degrade service { to profile "lean", undo after 1h }, takes 5s, confirm service.healthy for 30s, timeout 2m } }
      test "heat" {
        given node n1 { gpu 0 }
        from 0s..55s every 5s nvml.temperature 91C gpu 0
        never throttle gpu
      }
      """
          .replace("policy cool on {", "policy cool {");

  private static CheckedPolicy checked(String text) {
    CheckResult result =
        Checker.check(List.of(new SourceFile("t.heal", text)), ImportResolver.NONE);
    assertThat(result.diagnostics().stream().filter(Diagnostic::isError)).isEmpty();
    return result.policy().orElseThrow();
  }

  private static List<String> diff(String before, String after) {
    assertThat(after).as("the edit changes the text").isNotEqualTo(before);
    return PolicyDiff.between(checked(before), checked(after)).stream()
        .map(PolicyDiffTest::line)
        .toList();
  }

  private static List<String> edit(String part, String instead) {
    assertThat(BASE).contains(part);
    return diff(BASE, BASE.replace(part, instead));
  }

  private static String line(Change change) {
    return "%s %s %s %s: %s -> %s"
        .formatted(
            change.kind().word(),
            change.item().word(),
            change.name(),
            change.field(),
            change.before().orElse("-"),
            change.after().orElse("-"));
  }

  @Test
  void theSameIsNoDifference() {
    assertThat(PolicyDiff.between(checked(BASE), checked(BASE))).isEmpty();
  }

  @Test
  void layoutCommentsUnitsAndNamedValuesAreNoDifference() {
    assertThat(diff(BASE, BASE.replace("heal 1\n", "heal 1\n# a comment\n\n\n"))).isEmpty();
    assertThat(edit("for 60s\n", "for 1m   # as long\n")).isEmpty();
    assertThat(edit(">= hot", ">= 88C")).isEmpty();
    assertThat(edit("tune hot = 88C range 80C..92C", "let hot = 88C")).isEmpty();
    assertThat(edit("[SIGSEGV, SIGABRT]", "[SIGABRT, SIGSEGV]")).isEmpty();
    assertThat(edit("within 2m, priority 50,", "priority 50, within 120s,")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // faults
        "hot = 88C | hot = 90C | changed fault thermal when threshold: nvml.temperature >= 88C -> nvml.temperature >= 90C",
        "hot for 60s | hot for 30s | changed fault thermal for: 60s -> 30s",
        "< 80C for 5m\\n | < 79C for 5m\\n | changed fault thermal clear when threshold: nvml.temperature < 80C -> nvml.temperature < 79C",
        "< 80C for 5m\\n | < 80C for 6m\\n | changed fault thermal clear when for: 5m -> 6m",
        "missing freeze\\n  severity | missing raise\\n  severity | changed fault thermal missing: freeze -> raise",
        "severity warning | severity critical | changed fault thermal severity: warning -> critical",
        "Too hot | Too warm | changed fault thermal title: Too hot -> Too warm",
        ">= 3 over 10m | >= 4 over 10m | changed fault storm when threshold: count(xid in [48, 94]) >= 3 over 10m -> count(xid in [48, 94]) >= 4 over 10m",
        ">= 3 over 10m | >= 3 over 20m | changed fault storm when over: 10m -> 20m",
        "[48, 94] | [48, 95] | changed fault storm when: count(xid in [48, 94]) >= 3 over 10m -> count(xid in [48, 95]) >= 3 over 10m",
        "clear after 1h | clear after 2h | changed fault storm clear after: 1h -> 2h",
        "within 15m | within 20m | changed fault crashed suppresses: [slow] same service within 15m -> [slow] same service within 20m",
        "heartbeat alive) for 10s | heartbeat silent) for 10s | changed fault slow when: health.latency >= 2s and heartbeat alive -> health.latency >= 2s and heartbeat silent",
        "health.latency >= 2s and | health.latency >= 3s and | changed fault slow when threshold: health.latency >= 2s -> health.latency >= 3s",
        // policies
        "priority 50 | priority 60 | changed policy cool priority: 50 -> 60",
        "within 2m | within 3m | changed policy cool within: 2m -> 3m",
        "cooldown 15m per gpu | cooldown 20m per gpu | changed policy cool cooldown: 15m per gpu -> 20m per gpu",
        "cooldown 15m per gpu, |  | changed policy cool cooldown: 15m per gpu -> -",
        "attempts 4 over 6h | attempts 5 over 6h | changed policy cool attempts: 4 over 6h -> 5 over 6h",
        "6h, mode enforce | 6h, mode observe | changed policy cool mode: enforce -> observe",
        "soak 30m | soak 40m | changed policy revive soak: 30m -> 40m",
        "budget small, | budget small, expires 2h, | changed policy revive expires: 1h -> 2h",
        "priority 80, | priority 80, where node.pool == \"inference\", | changed policy revive where: - -> node.pool == \"inference\"",
        "power 450W | power 400W | changed policy cool rung 1 act: throttle gpu { power 450W } -> throttle gpu { power 400W }",
        "takes 12s | takes 11s | changed policy revive rung 1 takes: 12s -> 11s",
        "takes 12s | takes 12s learned | changed policy revive rung 1 learned: no -> yes",
        "timeout 60s | timeout 61s | changed policy revive rung 1 timeout: 60s -> 61s",
        "for 5s, timeout | for 6s, timeout | changed policy revive rung 1 confirm for: 5s -> 6s",
        "timeout 60s } | timeout 60s, repeat 2 backoff 15s..2m } | changed policy revive rung 1 repeat: - -> 2 backoff 15s..2m",
        "undo after 2h | undo after 3h | changed policy revive rung 2 act: degrade service { to profile \"lean\", undo after 2h } -> degrade service { to profile \"lean\", undo after 3h }",
        // limits and the rest
        "limit 2 nodes over 1h | limit 3 nodes over 1h | changed budget small limit: 2 nodes over 1h -> 3 nodes over 1h",
        "at least 1, over | at least 2, over | changed budget small limit: 10% of nodes, at least 1 over 1h -> 10% of nodes, at least 2 over 1h",
        "keep 90% | keep 80% | changed budget small keep: 90% nodes healthy -> 80% nodes healthy",
        "keep 90% of nodes healthy | keep 90% of nodes healthy\\n  exceeded skip | changed budget small exceeded: wait -> skip",
        "Sun 02:00 | Sat 02:00 | changed maintenance patching window: Sun 02:00 4h UTC -> Sat 02:00 4h UTC",
        "allow [throttle, degrade] | allow [throttle] | changed maintenance patching allow: degrade -> -",
        "trip 50% | trip 40% | changed breaker many share: 50% -> 40%",
        "\"--keep\", \"2d\" | \"--keep\", \"3d\" | changed action purge command: 2d -> 3d",
        "takes 30s, destructive no | takes 40s, destructive no | changed action purge takes: 30s -> 40s",
        "timeout 3m | timeout 4m | changed check dcgm timeout: 3m -> 4m",
        "pool \"inference\"\\n | pool \"spare\"\\n | changed node n1 label pool: inference -> spare",
        "heartbeat every 5s | heartbeat every 6s | changed node n1 heartbeat: 5s -> 6s",
        "3b:00 | 3c:00 | changed node n1 gpus: gpu index 0, pci 0000:3b:00, attributes {pci 0000:3b:00.0} -> gpu index 0, pci 0000:3c:00, attributes {pci 0000:3c:00.0}",
        "example.org/page | example.org/other | changed pager oncall notifiers: webhook uri https://example.org/page -> webhook uri https://example.org/other",
        "MAX=64 | MAX=32 | changed service llm profile lean: profile name lean, changes [environment values {MAX 64}] -> profile name lean, changes [environment values {MAX 32}]",
        "\"-m\", \"llm\"] | \"-m\", \"vllm\"] | changed service llm started by: argv argv [python3, -m, llm] -> argv argv [python3, -m, vllm]",
        "never throttle | never reset | changed test heat expectations: X -> Y"
      })
  void anEditIsItsOneDifference(String part, String instead, String expected) {
    List<String> changes =
        edit(part.replace("\\n", "\n"), instead == null ? "" : instead.replace("\\n", "\n"));

    if (expected.endsWith("X -> Y")) {
      assertThat(changes).singleElement().asString().startsWith("changed test heat expectations: ");
    } else {
      assertThat(changes).contains(expected);
      assertThat(changes).as("and what follows from it").hasSizeLessThanOrEqualTo(2);
    }
  }

  @Test
  void anItemThatIsNewOrGone() {
    String without = BASE.replaceAll("(?m)^policy lean .*\\R", "");

    assertThat(diff(BASE, without))
        .containsExactly(
            "removed policy lean : on service, on fault slow, priority 40, attempts 2 over 1h,"
                + " mode observe, expires 1h, try { degrade service { to profile \"lean\", undo"
                + " after 1h }, takes 5s, confirm healthy, confirm for 30s, timeout 2m }"
                + " -> -");
    assertThat(diff(without, BASE)).singleElement().asString().startsWith("added policy lean : -");
  }

  @Test
  void aNewNameIsARenameWhereNothingElseIsNew() {
    assertThat(edit("policy lean {", "policy slim {"))
        .containsExactly("renamed policy lean : lean -> slim");
    assertThat(
            diff(
                BASE,
                BASE.replace(
                    "policy lean { on slow, priority 40", "policy slim { on slow, priority 41")))
        .hasSize(2)
        .anyMatch(line -> line.startsWith("removed policy lean"))
        .anyMatch(line -> line.startsWith("added policy slim"));
  }

  @Test
  void aFaultUnderANewNameChangesNothingInWhatSpeaksOfIt() {
    assertThat(
            diff(
                BASE,
                BASE.replace("fault slow", "fault sluggish")
                    .replace("[slow]", "[sluggish]")
                    .replace("on slow", "on sluggish")))
        .containsExactly("renamed fault slow : slow -> sluggish");
    assertThat(diff(BASE, BASE.replace("budget small", "budget tiny")))
        .containsExactly("renamed budget small : small -> tiny");
  }

  @Test
  void twinsAreNotGuessedAt() {
    String twins =
        BASE + "budget a { limit 9 nodes over 1h }\n" + "budget b { limit 9 nodes over 1h }\n";

    assertThat(diff(twins, twins.replace("budget a", "budget c").replace("budget b", "budget d")))
        .hasSize(4)
        .noneMatch(line -> line.startsWith("renamed"));
  }

  @Test
  void theOrderOfPoliciesDecidesBetweenEquals() {
    String lean =
        BASE.lines().filter(line -> line.startsWith("policy lean")).findFirst().orElseThrow();
    String first = BASE.replace(lean + "\n", "").replace("policy cool {", lean + "\npolicy cool {");

    assertThat(diff(BASE, first)).containsExactly("moved policy lean order: after revive -> first");
  }

  @Test
  void theOrderOfFaultsAndFilesDecidesNothing() {
    int storm = BASE.indexOf("fault storm");
    int crashed = BASE.indexOf("fault crashed");
    String moved =
        BASE.substring(0, storm)
            + BASE.substring(crashed, BASE.indexOf("budget small"))
            + BASE.substring(storm, crashed)
            + BASE.substring(BASE.indexOf("budget small"));

    assertThat(diff(BASE, moved)).isEmpty();
  }

  @Test
  void rungsAreFoundAgain() {
    assertThat(
            edit(
                "  try { restart",
                "  try { reconnect service, takes 1s, confirm service.healthy, timeout 5s }\n"
                    + "  or else { restart"))
        .containsExactly(
            "changed policy revive rung 1: - -> reconnect service, takes 1s, confirm"
                + " healthy, timeout 5s");
    assertThat(
            edit(
                "timeout 60s }",
                "timeout 60s }\n  then { snapshot service, takes 2s, confirm service.healthy,"
                    + " timeout 1m }"))
        .containsExactly(
            "changed policy revive rung 1 step 2: - -> snapshot service, takes 2s, confirm"
                + " healthy, timeout 60s");
  }

  @Test
  void aDifferenceTooSmallForAMessageIsStillOne() {
    assertThat(diff(BASE, BASE.replace("hot = 88C", "hot = 88.0000001C"))).hasSize(1);
  }

  @Test
  void changesSayWhereTheyAre() {
    Change change =
        PolicyDiff.between(checked(BASE), checked(BASE.replace("priority 50", "priority 51")))
            .get(0);

    assertThat(change.placeBefore())
        .hasValueSatisfying(place -> assertThat(place).matches("t.heal:\\d+"));
    assertThat(change.placeAfter()).isEqualTo(change.placeBefore());
  }
}
