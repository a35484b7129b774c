package dev.heal.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.check.Checker;
import dev.heal.dsl.check.ImportResolver;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.text.SourceFile;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.fact.Topology;
import dev.heal.engine.journal.Batch;
import dev.heal.engine.journal.Change;
import dev.heal.engine.journal.IncidentBook;
import dev.heal.engine.journal.OrderPlan;
import dev.heal.engine.journal.OrderState;
import dev.heal.engine.journal.store.Journal;
import dev.heal.engine.loop.Simulation;
import dev.heal.engine.record.Entry;
import dev.heal.engine.schedule.Order;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code heal history} and {@code heal explain}, on the journal of a run. */
class HistoryCommandTest {
  private static final long SECOND = 1_000_000_000L;
  private static final EntityId LLM = EntityId.service("n1", "llm");
  private static final String POLICIES =
      """
      heal 1
      node n1 {
        pool "inference"
        gpu 0
      }
      service llm on n1 { gpus 0..0, unit "llm.service" }
      pager oncall { webhook "https://example.org/page" }
      fault crashed on service { when process exits with signal in [SIGSEGV] }
      policy revive {
        on crashed, within 20s, priority 80, attempts 3 over 30m, mode enforce
        try { restart service { from snapshot }, takes 12s, confirm service.healthy, timeout 2s }
        or else { restart service { from snapshot }, takes 11s, confirm service.healthy, timeout 2s }
        or else { restart service { fresh }, takes 2s, confirm service.healthy, timeout 1m }
        give up { page oncall }
      }
      policy watch {
        on crashed, priority 10, attempts 3 over 30m, mode observe
        try { restart service, takes 1s, confirm service.healthy, timeout 2s }
        give up { page oncall }
      }
      """;

  private record Result(int code, String out, String err) {}

  @TempDir private Path folder;

  private static Result heal(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console = Console.of(new ByteArrayInputStream(new byte[0]), out, err);
    ExitCode code = new HealCommand(Commands.all(), console, Map.of()).run(List.of(arguments));
    return new Result(
        code.number(), out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static List<Entry> run() {
    CheckResult result =
        Checker.check(List.of(new SourceFile("t.heal", POLICIES)), ImportResolver.NONE);
    CheckedPolicy policies = result.policy().orElseThrow();
    List<Entry> entries = new ArrayList<>();
    try (Simulation simulation =
        new Simulation(policies, new Topology(policies.site()), 0, List.of(), entries::add)) {
      simulation.accept(new Fact.Event(0, LLM, "exit", Map.of("exit_signal", "SIGSEGV")));
      for (long second = 1; second < 40; second++) {
        simulation.accept(new Fact.Sample(second * SECOND, LLM, "healthy", second <= 15 ? 0 : 1));
      }
    }
    return entries;
  }

  /** The journal that a loop would write of the run. */
  private void journal() throws IOException {
    try (Journal journal = Journal.open(folder)) {
      IncidentBook book = new IncidentBook(journal.recovery());
      for (Entry entry : run()) {
        Optional<String> place = entry.policy().map(name -> "rules/" + name + ".heal:9");
        journal.append(Batch.of(book.changes(entry, OptionalLong.of(3), place))).join();
      }
      order(journal, 1, 0, 12, "snapshot restored");
      order(journal, 2, 14, 16, "started fresh");
      Entry standing =
          Entry.of(
              60 * SECOND,
              dev.heal.engine.record.EntryType.FAULT_RAISED,
              new FaultInstance("gpu.hot", EntityId.gpu("n1", 0)),
              "nvml.temperature >= 88C for 60s holds");
      journal.append(Batch.of(book.changes(standing, OptionalLong.of(3), Optional.empty()))).join();
    }
  }

  private static void order(Journal journal, long id, long from, long to, String because) {
    OrderPlan plan =
        new OrderPlan(
            id,
            1,
            Order.Purpose.STEP,
            OptionalLong.of(1),
            new FaultInstance("crashed", LLM),
            "revive",
            "restart",
            Optional.empty(),
            LLM,
            "from snapshot",
            false,
            false,
            OptionalLong.of(20 * SECOND));
    assertThat(
            journal
                .append(
                    Batch.of(
                        List.of(
                            new Change.OrderPlanned(plan, from * SECOND),
                            new Change.OrderStarted(id, from * SECOND, Optional.of("pid 812")),
                            new Change.OrderEnded(
                                id, to * SECOND, OrderState.DONE, because, false))))
                .join()
                .isWritten())
        .isTrue();
  }

  @Test
  void theListNamesEachIncidentAndItsRepair() throws IOException {
    journal();
    Result result = heal("history", "--state", folder.toString());

    assertThat(result.err).isEmpty();
    assertThat(result.code).isZero();
    assertThat(result.out.replaceAll("\\S+ … *", "AGE  "))
        .isEqualTo(
            """
            INCIDENT  RAISED (UTC)              STOOD FOR       REPAIR     FAULT
            #1        1970-01-01T00:00:00.000Z  16s             repaired   crashed on service:n1/llm
            #2        1970-01-01T00:01:00.000Z  AGE  open       gpu.hot on gpu:n1/0
            """);
  }

  @Test
  void anIncidentIsExplainedFromItsFaultToItsEnd() throws IOException {
    journal();
    Result result = heal("explain", "1", "--state", folder.toString());

    assertThat(result.err).isEmpty();
    assertThat(result.code).isZero();
    assertThat(result.out)
        .isEqualTo(
            """
            incident #1: crashed on service:n1/llm
            raised 1970-01-01T00:00:00.000Z, clear 1970-01-01T00:00:16.000Z (after 16s); repair: repaired

            what happened
              +0s         fault raised   crashed on service:n1/llm
                          because process exits with signal == SIGSEGV
              +0s         decision: act  restart service:n1/llm
                          because policy `revive`, priority 80, within 20s
                          by policy revive (rules/revive.heal:9), generation 3, deadline 1970-01-01T00:00:20.000Z
              +0s         action started restart service:n1/llm
                          because rung 1, step 1
              +12s        action done    restart service:n1/llm
                          because simulated
              +14s        rung failed    restart
                          because not confirmed in time
              +14s        action started restart service:n1/llm
                          because rung 3, step 1
              +16s        action done    restart service:n1/llm
                          because simulated
              +16s        confirmed: healed restart
                          because it holds
              +16s        ended          revive
                          because its last step is confirmed
              +16s        fault cleared  crashed on service:n1/llm
                          because its repair was confirmed

            orders
              +0s         done           restart service:n1/llm, took 12s
                          settings from snapshot
                          because snapshot restored
                          replaced pid 812
              +14s        done           restart service:n1/llm, took 2s
                          settings from snapshot
                          because started fresh
                          replaced pid 812

            what did not happen, and why
              +14s        passed over    revive
                          because `restart` takes 11s, 6s left
            """);
  }

  @Test
  void programsReadJson() throws IOException {
    journal();
    assertThat(heal("history", "--state", folder.toString(), "--json", "--limit", "1").out)
        .isEqualTo(
            """
            {"incident":2,"fault":"gpu.hot","entity":"gpu:n1/0","since":"1970-01-01T00:01:00.000Z","repair":"open"}
            """);
    assertThat(heal("explain", "#2", "--state", folder.toString(), "--json").out)
        .isEqualTo(
            """
            {"incident":2,"fault":"gpu.hot","entity":"gpu:n1/0","since":"1970-01-01T00:01:00.000Z","repair":"open","happened":[{"sequence":12,"t":"1970-01-01T00:01:00.000Z","type":"fault_raised","because":"nvml.temperature >= 88C for 60s holds","generation":3}],"orders":[],"not_done":[]}
            """);
  }

  @Test
  void theListIsFiltered() throws IOException {
    journal();
    String state = folder.toString();
    assertThat(heal("history", "--state", state, "--open").out).contains("#2").doesNotContain("#1");
    assertThat(heal("history", "--state", state, "--fault", "crashed").out)
        .contains("#1")
        .doesNotContain("#2");
    assertThat(heal("history", "--state", state, "--entity", "gpu:n1/0").out)
        .contains("#2")
        .doesNotContain("#1");
    assertThat(heal("history", "--state", state, "--since", "1h").out)
        .as("#1 was over long ago")
        .contains("#2")
        .doesNotContain("#1");
    Result none = heal("history", "--state", state, "--fault", "nobody");
    assertThat(none).isEqualTo(new Result(0, "", "no incident, or none that matches\n"));
  }

  @Test
  void whatIsWrongIsNamed() throws IOException {
    String state = folder.toString();
    assertThat(heal("history", "--state", state))
        .isEqualTo(
            new Result(
                1,
                "",
                "heal: there is no journal in `%s`\n".formatted(state)
                    + "  = help: give the --state folder of `heal run`, as its user or as root\n"));
    journal();
    assertThat(heal("explain", "7", "--state", state).err)
        .startsWith("heal: there is no incident #7 in `%s`\n".formatted(state));
    assertThat(heal("explain", "seven", "--state", state).code).isEqualTo(2);
    assertThat(heal("history", "--state", state, "--entity", "llm").err)
        .startsWith("heal: `llm` is no entity, such as gpu:n1/0 or service:n1/llm\n");
    assertThat(heal("history", "--state", state, "--since", "yesterday").code).isEqualTo(2);
  }
}
