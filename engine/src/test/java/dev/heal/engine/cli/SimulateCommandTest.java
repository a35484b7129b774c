package dev.heal.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code heal simulate} on files in a folder, as an operator meets it. */
class SimulateCommandTest {
  private static final String POLICIES =
      """
      heal 1
      fault crashed on service "It died" { when process exits with signal in [SIGSEGV] }
      policy revive {
        on crashed, within 15s, priority 80, attempts 3 over 30m, mode enforce
        try { restart service, takes 12s, confirm service.healthy for 5s, timeout 60s }
        give up { page oncall }
      }
      node n1 { pool "inference" }
      service llm on n1 { unit "llm.service" }
      pager oncall { webhook "https://example.org/page" }
      """;

  private static final String CRASH =
      "{\"t\":\"2026-01-05T10:00:00Z\",\"entity\":\"service:n1/llm\",\"event\":\"exit\",\"exit_signal\":\"SIGSEGV\"}\n";

  @TempDir private Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void policies() throws IOException {
    write("p.heal", POLICIES);
  }

  @Test
  void theTimelineNamesTheIncidentAndSaysWhere() throws IOException {
    write("facts.jsonl", CRASH);

    assertThat(simulate(file("facts.jsonl"))).isEqualTo(ExitCode.FINE);
    assertThat(out())
        .isEqualTo(
            """
            2026-01-05 (UTC)
            10:00:00.000  #1             FAULT RAISED    crashed on service:n1/llm: process exits with signal == SIGSEGV
            10:00:00.000  #1             act             restart service:n1/llm: policy `revive`, priority 80, within 15s
            10:00:00.000  #1             action started  restart service:n1/llm: rung 1, step 1
            10:00:00.000  ---- the facts end
            10:00:12.000  #1  +12s       action done     restart service:n1/llm: simulated
            10:00:17.000  #1  +17s       assumed         restart: assumed: the facts do not speak of it
            10:00:17.000  #1  +17s       ended           crashed on service:n1/llm by revive: its last step is confirmed
            10:00:17.000  #1  +17s       fault cleared   crashed on service:n1/llm: its repair was confirmed
            """);
    assertThat(err())
        .isEqualTo("1 facts; 1 fault raised, 1 step confirmed, 0 gave up, 0 deadlines missed\n");
  }

  @Test
  void aFirstLineThatIsNoFactDoesNotMakeALogOfThem() throws IOException {
    for (String before : List.of("\uFEFF", "# by hand\n", "{\"t\":\"2026-01-05T09\n", "\n\n")) {
      write("facts.jsonl", before + CRASH);
      assertThat(simulate(file("facts.jsonl"))).isEqualTo(ExitCode.FINE);
      assertThat(err()).contains("1 facts").contains("1 fault raised");
      err.reset();
    }
  }

  @Test
  void aFolderWithoutPoliciesIsNoPolicy() throws IOException {
    write("facts.jsonl", CRASH);
    String empty = Files.createDirectory(folder.resolve("empty")).toString();
    assertThat(heal("simulate", "--policies", empty, "--facts", file("facts.jsonl")))
        .isEqualTo(ExitCode.USAGE);
    assertThat(err()).startsWith("heal: there is no .heal file in `FOLDER/empty`\n");
    assertThat(heal("simulate", "--policies", "", "--facts", file("facts.jsonl")))
        .isEqualTo(ExitCode.USAGE);
    assertThat(
            heal(
                "simulate",
                "--policies",
                file("p.heal"),
                "--site",
                empty,
                "--facts",
                file("facts.jsonl")))
        .isEqualTo(ExitCode.USAGE);
    assertThat(heal("compile", empty)).isEqualTo(ExitCode.USAGE);
    assertThat(heal("compile", "")).isEqualTo(ExitCode.USAGE);
    assertThat(out()).isEmpty();
  }

  @Test
  void namesInFactsDoNotSteerTheTerminal() throws IOException {
    write("facts.jsonl", CRASH.replace("n1/llm", "n1/\\u001b[2Jllm"));
    assertThat(simulate(file("facts.jsonl"))).isEqualTo(ExitCode.FINE);
    assertThat(out()).contains("crashed on service:n1/\uFFFD[2Jllm").doesNotContain("\u001b");
    assertThat(err()).contains("does not declare service:n1/\uFFFD[2Jllm").doesNotContain("\u001b");
  }

  @Test
  void aVerbThatIsToldToFailFails() throws IOException {
    write("facts.jsonl", CRASH);

    assertThat(simulate(file("facts.jsonl"), "--fail", "restart", "--format", "json"))
        .isEqualTo(ExitCode.FINE);
    assertThat(out().lines().map(line -> line.replaceAll(",\"because.*", "")).toList())
        .contains(
            "{\"t\":\"2026-01-05T10:00:12.000Z\",\"type\":\"action_failed\",\"fault\":\"crashed\",\"entity\":\"service:n1/llm\",\"policy\":\"revive\",\"rung\":0,\"verb\":\"restart\",\"target\":\"service:n1/llm\",\"deadline\":\"2026-01-05T10:00:15.000Z\",\"outcome\":\"failed\"",
            "{\"t\":\"2026-01-05T10:00:12.000Z\",\"type\":\"gave_up\",\"fault\":\"crashed\",\"entity\":\"service:n1/llm\",\"policy\":\"revive\",\"rung\":0,\"deadline\":\"2026-01-05T10:00:15.000Z\"");
    out.reset();
    err.reset();
    assertThat(simulate(file("facts.jsonl"), "--fail", "restrat")).isEqualTo(ExitCode.USAGE);
    assertThat(err()).contains("`restrat` is no verb; did you mean `restart`?");
  }

  @Test
  void whatIsWrongWithFactsIsNamedAndCountedAndTheRestGoesOn() throws IOException {
    write(
        "facts.jsonl",
        CRASH
            + CRASH
            + "not json\n\n"
            + "{\"t\":\"2026-01-05T10:00:05Z\",\"entity\":\"node:n9\",\"event\":\"heartbeat\"}\r\n"
            + "{\"t\":\"2026-01-05T10:00:03.500Z\",\"entity\":\"node:n1\",\"event\":\"heartbeat\"}\n"
            + "{\"t\":\"2026-01-05T10:00:06Z\",\"entity\":\"node:n1\",\"signal\":\"warmth\",\"value\":1}\n"
            + "{\"t\":\"2026-01-05T10:00:07Z\",\"entity\":\"node:n1\",\"event\":\"heartbeat\"}");

    assertThat(simulate(file("facts.jsonl"))).isEqualTo(ExitCode.FINE);
    assertThat(err())
        .isEqualTo(
            """
            FOLDER/facts.jsonl:3: not JSON
            FOLDER/facts.jsonl:2: the same fact was there before
            FOLDER/facts.jsonl:5: the site does not declare node:n9
            FOLDER/facts.jsonl:6: 1.5s older than the fact before it; taken as it comes
            FOLDER/facts.jsonl:7: a node has no signal or event `warmth`
            5 facts (1 malformed, 1 late, 1 duplicates, 1 of unknown entities, 1 of unknown signals); 1 fault raised, 1 step confirmed, 0 gave up, 0 deadlines missed
            """);
    assertThat(out()).contains("fault cleared");
  }

  @Test
  void strictlyNothingIsShownWhereSomethingIsWrong() throws IOException {
    write("facts.jsonl", CRASH + "not json\n");

    assertThat(simulate(file("facts.jsonl"), "--strict")).isEqualTo(ExitCode.TOOL_FAILED);
    assertThat(out()).isEmpty();
    assertThat(err())
        .isEqualTo(
            """
            FOLDER/facts.jsonl:2: not JSON
            --strict: 1 malformed; nothing is shown
            """);
    write("facts.jsonl", CRASH);
    assertThat(simulate(file("facts.jsonl"), "--strict")).isEqualTo(ExitCode.FINE);
    assertThat(out()).contains("fault cleared");
  }

  @Test
  void manyOfOneKindAreCountedAndFewAreNamed() throws IOException {
    write("facts.jsonl", CRASH + "x\n".repeat(1_000));

    simulate(file("facts.jsonl"));

    assertThat(err().lines().toList())
        .hasSize(7)
        .contains(
            "FOLDER/facts.jsonl:7: malformed too, as others behind it: only counted from here on");
    assertThat(err()).contains("1 facts (1,000 malformed)");
  }

  @Test
  void filesOfEveryKindAreMergedByTimeAndGiveTheSameBytesAgain() throws IOException {
    write(
        "kernel.log",
        "2026-01-05T09:59:58+0000 n1 kernel: NVRM: Xid (PCI:0000:3b:00): 31, pid=1, name=x\n"
            + "2026-01-05T10:00:01+0000 n1 kernel: python3[7]: segfault at 0 ip 0 sp 0 error 4\n");
    try (var zipped = new GZIPOutputStream(Files.newOutputStream(folder.resolve("facts.gz")))) {
      zipped.write(CRASH.getBytes(StandardCharsets.UTF_8));
    }

    assertThat(simulate(file("kernel.log"), file("facts.gz"), "--format", "json"))
        .isEqualTo(ExitCode.FINE);
    String first = out();
    out.reset();
    simulate(file("facts.gz"), file("kernel.log"), "--format", "json");

    assertThat(out()).isEqualTo(first).contains("fault_raised");
    assertThat(err()).contains("3 facts");
  }

  @Test
  void whatCannotBeReadIsSaidBeforeAnythingIsShown() throws IOException {
    write("facts.jsonl", CRASH);

    assertThat(simulate(file("facts.jsonl"), file("none.jsonl"))).isEqualTo(ExitCode.TOOL_FAILED);
    assertThat(simulate(file("facts.jsonl"), folder.toString())).isEqualTo(ExitCode.TOOL_FAILED);
    assertThat(simulate("-", "-")).isEqualTo(ExitCode.USAGE);
    assertThat(out()).isEmpty();
    assertThat(err()).contains("none.jsonl").contains("is a folder").contains("`-` stands twice");
  }

  @Test
  void anEmptyRecordingIsNoFault() throws IOException {
    write("facts.jsonl", "");

    assertThat(simulate(file("facts.jsonl"))).isEqualTo(ExitCode.FINE);
    assertThat(out()).isEmpty();
    assertThat(err())
        .isEqualTo("0 facts; 0 faults raised, 0 steps confirmed, 0 gave up, 0 deadlines missed\n");
  }

  private ExitCode simulate(String... arguments) {
    List<String> all =
        new ArrayList<>(List.of("simulate", "--policies", file("p.heal"), "--facts"));
    all.addAll(List.of(arguments));
    return heal(all.toArray(String[]::new));
  }

  private ExitCode heal(String... arguments) {
    return new HealCommand(
            Commands.all(), Console.of(new ByteArrayInputStream(new byte[0]), out, err), Map.of())
        .run(List.of(arguments));
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8).replace(folder.toString(), "FOLDER");
  }
}
