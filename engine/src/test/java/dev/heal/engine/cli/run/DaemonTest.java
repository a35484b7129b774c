package dev.heal.engine.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.journal.Batch;
import dev.heal.engine.journal.Change;
import dev.heal.engine.journal.Incident;
import dev.heal.engine.journal.IncidentFilter;
import dev.heal.engine.journal.JournalException;
import dev.heal.engine.journal.OrderPlan;
import dev.heal.engine.journal.OrderState;
import dev.heal.engine.journal.StoredOrder;
import dev.heal.engine.journal.store.Journal;
import dev.heal.engine.journal.store.JournalReader;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import dev.heal.engine.schedule.Order;
import dev.heal.nvml.NvmlOptions;
import dev.heal.nvml.fake.FakeMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A running engine: real processes, a fake GPU, a real journal. */
class DaemonTest {
  private static final String SITE =
      """
      heal 1
      node n1 {
        gpu 0
        cordon   via command ["/usr/bin/touch", "@FOLDER@/cordoned"]
        uncordon via command ["/bin/rm", "@FOLDER@/cordoned"]
      }
      service worker on n1 {
        run     ["sleep", "600"]
        gpus    0..0
        restart via supervised
        log     "@FOLDER@/*.log"
      }
      pager oncall { command ["/bin/true"] }
      action note on service "Writes down what it is told" {
        command     ["/bin/sh", "-c", "env | grep ^HEAL_CAPTURE > @FOLDER@/note.new; mv @FOLDER@/note.new @FOLDER@/note"]
        takes       1s
        destructive no
      }
      fault crashed on service "It was killed" {
        when  process exits with signal in [SIGKILL]
        clear after 10m
      }
      fault odd on service "It says that it is odd" {
        when  log matches `I am odd`
        clear after 1s
      }
      fault loud on service "It says why it is odd" {
        when    log matches `odd because of (?<what>.*)`
        capture what
        clear after 1s
      }
      policy tell {
        mode enforce
        on loud, within 30s, attempts 3 over 10m
        try     { note service, takes 1s, confirm process.running for 2s, timeout 60s }
        give up { page oncall }
      }
      fault leave on service "It says that nobody is to come here" {
        when  log matches `leave me`
        clear after 1s
      }
      fault fine on service "It says that it is fine" {
        when  log matches `I am fine`
        clear after 1s
      }
      policy keep_away {
        mode enforce
        on leave, within 30s, attempts 3 over 10m
        try     { cordon node, takes 1s, confirm process.running for 2s, timeout 60s }
        give up { page oncall }
      }
      policy take_back {
        mode enforce
        on fine, within 30s, attempts 3 over 10m
        try     { uncordon node, takes 1s, confirm process.running for 2s, timeout 60s }
        give up { page oncall }
      }
      fault hot on gpu "Too hot" {
        when       nvml.temperature >= 88C
        clear when nvml.temperature < 80C for 2s
        missing    freeze
      }
      policy revive {
        mode enforce
        on crashed, within 30s, attempts 3 over 10m
        try     { restart service { fresh }, takes 1s, confirm process.running for 2s, timeout 60s }
        give up { page oncall }
      }
      policy note {
        mode observe
        on odd, within 30s, attempts 3 over 10m
        try     { restart service { fresh }, takes 1s, confirm process.running for 2s, timeout 60s }
        give up { page oncall }
      }
      policy cool {
        mode enforce
        on hot, within 30s, attempts 3 over 10m
        try     { throttle gpu { power 450W }, takes 1s, confirm nvml.temperature < 80C for 2s, timeout 60s }
        give up { page oncall }
      }
      """;

  @TempDir private Path folder;

  private final Watched observer = new Watched();

  private Daemon.Settings settings(FakeMachine machine) {
    return settings(machine, site());
  }

  private Daemon.Settings settings(FakeMachine machine, String site) {
    return new Daemon.Settings(
        SiteFile.in(folder.resolve("policies"), site),
        folder.resolve("state"),
        "n1",
        NvmlOptions.ofThisHost()
            .withLibrary(machine.library())
            .withPatience(Duration.ofSeconds(20)),
        Optional.empty(),
        Optional.empty(),
        true);
  }

  private String site() {
    return SITE.replace("@FOLDER@", folder.toString());
  }

  @Test
  void aKilledProcessIsStartedAgain() throws IOException {
    try (FakeMachine machine = FakeMachine.of("h100x8", folder);
        Daemon daemon = new Daemon(settings(machine), observer)) {
      daemon.start();
      long first = daemon.process("worker").orElseThrow();

      ProcessHandle.of(first).orElseThrow().destroyForcibly();

      observer.await(EntryType.ENDED, "crashed");
      assertThat(observer.entries)
          .extracting(Entry::type)
          .containsSubsequence(
              EntryType.FAULT_RAISED,
              EntryType.DECISION,
              EntryType.ACTION_STARTED,
              EntryType.ACTION_DONE,
              EntryType.CONFIRMED,
              EntryType.ENDED);
      assertThat(daemon.process("worker").orElseThrow()).isNotEqualTo(first);
    }
    ReplayLaw.assertHolds(folder.resolve("state"), site());
  }

  @Test
  void aLineOfALogIsTakenOnceAlsoOverARestart() throws IOException {
    Path log = folder.resolve("worker.log");
    Files.writeString(log, "before: I am odd\n");
    try (FakeMachine machine = FakeMachine.of("h100x8", folder)) {
      try (Daemon daemon = new Daemon(settings(machine), observer)) {
        daemon.start();
        FakeMachine.await(() -> keptOf("place log worker").isPresent());
        Files.writeString(log, "I am odd\n", StandardOpenOption.APPEND);
        observer.await(EntryType.FAULT_CLEARED, "odd");
      }
      Files.writeString(log, "meanwhile: I am odd\n", StandardOpenOption.APPEND);
      try (Daemon daemon = new Daemon(settings(machine), observer)) {
        daemon.start();
        FakeMachine.await(() -> observer.count(EntryType.FAULT_CLEARED, "odd") == 2);
      }
    }
    assertThat(observer.count(EntryType.FAULT_RAISED, "odd")).isEqualTo(2);
    ReplayLaw.assertHolds(folder.resolve("state"), site());
  }

  @Test
  void theNextEngineButOneTakesBackWhatItCordoned() throws IOException {
    Path log = folder.resolve("worker.log");
    Path cordon = folder.resolve("cordoned");
    Files.writeString(log, "");
    try (FakeMachine machine = FakeMachine.of("h100x8", folder)) {
      try (Daemon daemon = new Daemon(settings(machine), observer)) {
        daemon.start();
        FakeMachine.await(() -> keptOf("place log worker").isPresent());
        Files.writeString(log, "leave me\n", StandardOpenOption.APPEND);
        observer.await(EntryType.ENDED, "leave");
        assertThat(cordon).exists();
      }
      assertThat(keptOf("cordons")).contains("node:n1");
      try (Daemon daemon = new Daemon(settings(machine), observer)) {
        daemon.start();
      }
      try (Daemon daemon = new Daemon(settings(machine), observer)) {
        daemon.start();
        Files.writeString(log, "I am fine\n", StandardOpenOption.APPEND);
        observer.await(EntryType.ENDED, "fine");
      }
    }
    assertThat(observer.count(EntryType.ACTION_DONE, "fine")).isEqualTo(1);
    assertThat(cordon).doesNotExist();
    assertThat(keptOf("cordons")).isEmpty();
    ReplayLaw.assertHolds(folder.resolve("state"), site());
  }

  @Test
  void whoeverIsToldIsToldWhatALineSaid() throws IOException {
    Path log = folder.resolve("worker.log");
    Files.writeString(log, "");
    try (FakeMachine machine = FakeMachine.of("h100x8", folder);
        Daemon daemon = new Daemon(settings(machine), observer)) {
      daemon.start();
      FakeMachine.await(() -> keptOf("place log worker").isPresent());
      Files.writeString(log, "I am odd because of `rank` $3\n", StandardOpenOption.APPEND);
      observer.await(EntryType.ACTION_DONE, "loud");
      assertThat(Files.readString(folder.resolve("note")))
          .isEqualTo("HEAL_CAPTURE_WHAT=`rank` $3\n");
      observer.await(EntryType.ENDED, "loud");
    }
    ReplayLaw.assertHolds(folder.resolve("state"), site());
  }

  /** What the journal keeps under a name that begins so. */
  private Optional<String> keptOf(String prefix) {
    try (JournalReader reader = JournalReader.open(folder.resolve("state"))) {
      return reader.recovery().kept().entrySet().stream()
          .filter(entry -> entry.getKey().startsWith(prefix))
          .map(Map.Entry::getValue)
          .findFirst();
    } catch (IOException notYet) {
      return Optional.empty();
    }
  }

  @Test
  void aHotGpuIsThrottledUntilItIsCool() throws IOException {
    try (FakeMachine machine = FakeMachine.of("h100x8", folder);
        Daemon daemon = new Daemon(settings(machine), observer)) {
      machine.set("gpu 0 power 650");
      daemon.start();

      machine.set("gpu 0 temperature 92");
      observer.await(EntryType.ACTION_DONE, "hot");
      machine.set("gpu 0 temperature 70");

      observer.await(EntryType.CONFIRMED, "hot");
      observer.await(EntryType.REVERTED, "hot");
    }
    ReplayLaw.assertHolds(folder.resolve("state"), site());
  }

  /** As a kill leaves it: the undoing was begun, and nobody knows how it ended. */
  @Test
  void anUndoingThatWasCutOffIsNothingToBeUndone() throws IOException {
    EntityId gpu = EntityId.gpu("n1", 0);
    OrderPlan undo =
        new OrderPlan(
            1,
            0,
            Order.Purpose.UNDO,
            OptionalLong.empty(),
            new FaultInstance("hot", gpu),
            "cool",
            "throttle",
            Optional.empty(),
            gpu,
            "",
            true,
            false,
            OptionalLong.empty());
    try (Journal journal = Journal.open(folder.resolve("state"))) {
      Batch begun =
          Batch.of(
              List.of(
                  new Change.OrderPlanned(undo, 1),
                  new Change.OrderStarted(1, 1, Optional.empty())));
      assertThat(journal.append(begun).join().isWritten()).isTrue();
    }
    try (FakeMachine machine = FakeMachine.of("h100x8", folder);
        Daemon daemon = new Daemon(settings(machine), observer)) {
      daemon.start();
    }
    try (JournalReader journal = JournalReader.open(folder.resolve("state"))) {
      assertThat(journal.order(1).orElseThrow().state()).isEqualTo(OrderState.UNKNOWN);
      assertThat(journal.order(1).orElseThrow().undoPending()).isFalse();
      assertThat(journal.recovery().orders().toUndo()).isEmpty();
    }
  }

  @Test
  void aHostThatIsToHaveNoGpusMissesNoLibrary() throws Exception {
    String site =
        """
        heal 1
        node n1 { pool "front" }
        service worker on n1 { run ["sleep", "600"], restart via supervised }
        """;
    Daemon.Settings settings =
        new Daemon.Settings(
            SiteFile.in(folder.resolve("policies"), site),
            folder.resolve("state"),
            "n1",
            NvmlOptions.ofThisHost().withLibrary(folder.resolve("nowhere.so").toString()),
            Optional.empty(),
            Optional.empty(),
            true);
    try (Daemon daemon = new Daemon(settings, observer)) {
      daemon.start();
      FakeMachine.await(
          () ->
              daemon.page().join().loop().sources().stream()
                  .anyMatch(source -> source.name().equals("child worker") && source.count() > 3));
    }
    assertThat(observer.told).noneMatch(text -> text.contains("nvml"));
  }

  @Test
  void aSecondEngineIsRefused() throws IOException {
    try (FakeMachine machine = FakeMachine.of("h100x8", folder);
        Daemon daemon = new Daemon(settings(machine), observer)) {
      daemon.start();

      Assertions.assertThatThrownBy(() -> new Daemon(settings(machine), observer))
          .isInstanceOf(JournalException.class);
    }
  }

  @Test
  void whatAKilledEngineLeftThrottledIsUndoneAndItsServiceGoesOn() throws Exception {
    try (FakeMachine machine = FakeMachine.of("h100x8", folder)) {
      Path site = Files.writeString(folder.resolve("site.heal"), site());
      machine.set("gpu 0 temperature 92");
      Path state = folder.resolve("state");
      Process engine =
          new ProcessBuilder(
                  ProcessHandle.current().info().command().orElseThrow(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  "dev.heal.engine.cli.Main",
                  "run",
                  "--policies",
                  site.toString(),
                  "--state",
                  state.toString(),
                  "--node",
                  "n1",
                  "--library",
                  machine.library())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("out").toFile())
              .start();
      try {
        FakeMachine.await(
            () -> Files.exists(state.resolve("journal.db")) && throttle(state).isPresent());
      } finally {
        engine.destroyForcibly().waitFor(); // SIGKILL
      }

      long worker = Long.parseLong(keptOf("child worker").orElseThrow().split(" ", -1)[1]);
      StoredOrder left = throttle(state).orElseThrow();
      assertThat(left.undoPending()).isTrue();
      machine.set("gpu 0 temperature 60");
      try (Daemon daemon = new Daemon(settings(machine), observer)) {
        daemon.start();
        FakeMachine.await(() -> throttle(state).filter(o -> !o.undoPending()).isPresent());
        assertThat(daemon.process("worker")).hasValue(worker);
      }
      FakeMachine.await(() -> hasEnded(worker));
    }
  }

  @Test
  void whatStandsOfAPolicyThatIsGoneIsUndoneByTheNextEngine() throws Exception {
    Path state = folder.resolve("state");
    try (FakeMachine machine = FakeMachine.of("h100x8", folder)) {
      machine.set("gpu 0 temperature 92");
      try (Daemon daemon = new Daemon(settings(machine), observer)) {
        daemon.start();
        FakeMachine.await(() -> throttle(state).isPresent());
      }
      assertThat(throttle(state).orElseThrow().undoPending()).isTrue();
      String without = site().substring(0, site().indexOf("policy cool"));
      try (Daemon daemon = new Daemon(settings(machine, without), observer)) {
        daemon.start();
        FakeMachine.await(() -> throttle(state).filter(o -> !o.undoPending()).isPresent());
      }
    }
  }

  /** Whether it is gone, or is only there for whoever is to reap it: such a one has no words. */
  private static boolean hasEnded(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cmdline")).isEmpty();
    } catch (IOException gone) {
      return true;
    }
  }

  /** The first order to throttle that was done. */
  private static Optional<StoredOrder> throttle(Path state) {
    try (JournalReader reader = JournalReader.open(state)) {
      for (Incident incident : reader.incidents(IncidentFilter.newest(100))) {
        for (StoredOrder order : reader.orders(incident.number())) {
          if (order.plan().verb().equals("throttle")
              && order.plan().purpose() == Order.Purpose.STEP
              && order.memento().isPresent()) {
            return Optional.of(order);
          }
        }
      }
      return Optional.empty();
    } catch (IOException notYet) {
      return Optional.empty();
    }
  }
}
