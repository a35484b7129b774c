package dev.heal.engine.journal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heal.engine.decide.Halt;
import dev.heal.engine.decide.Times;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.journal.Appended;
import dev.heal.engine.journal.Batch;
import dev.heal.engine.journal.Change;
import dev.heal.engine.journal.Incident;
import dev.heal.engine.journal.IncidentFilter;
import dev.heal.engine.journal.IncidentState;
import dev.heal.engine.journal.JournalException;
import dev.heal.engine.journal.OrderPlan;
import dev.heal.engine.journal.OrderState;
import dev.heal.engine.journal.Recovery;
import dev.heal.engine.journal.StoredEntry;
import dev.heal.engine.journal.StoredOrder;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import dev.heal.engine.schedule.Order;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was appended is there, after any end. */
class JournalTest {
  private static final FaultInstance CRASH =
      new FaultInstance("llm.crashed", EntityId.service("n1", "llm"));
  private static final EntityId GPU = EntityId.gpu("n1", 0);

  @TempDir private Path folder;

  private static void write(Journal journal, Change... changes) {
    assertThat(journal.append(Batch.of(List.of(changes))).join()).isEqualTo(new Appended.Written());
  }

  private List<Change.Noted> stored(Path state) throws IOException {
    List<Change.Noted> found = new ArrayList<>();
    try (JournalReader reader = JournalReader.open(state)) {
      reader.forEachEntry(0, stored -> found.add(stored.noted()));
    }
    return found;
  }

  private static Change.Noted noted(String because) {
    return new Change.Noted(
        Entry.of(1, EntryType.HELD, CRASH, because),
        OptionalLong.empty(),
        OptionalLong.empty(),
        Optional.empty());
  }

  private static OrderPlan plan(long id, String verb, boolean reversible) {
    return new OrderPlan(
        id,
        1,
        Order.Purpose.STEP,
        OptionalLong.empty(),
        CRASH,
        "p",
        verb,
        Optional.empty(),
        GPU,
        "",
        reversible,
        false,
        OptionalLong.empty());
  }

  @Test
  void everyTypeOfEntryComesBackWithEveryField() throws IOException {
    for (long seed = 0; seed < 20; seed++) {
      Path state = folder.resolve("s" + seed);
      RandomChanges random = new RandomChanges(seed);
      List<Change.Noted> written = new ArrayList<>();
      try (Journal journal = Journal.open(state)) {
        write(journal, new Change.IncidentOpened(3, random.instance(), 5));
        for (int i = 0; i < 10; i++) {
          List<Change> batch = new ArrayList<>();
          for (EntryType type : EntryType.values()) {
            Change.Noted noted =
                random.noted(type, random.flag() ? OptionalLong.of(3) : OptionalLong.empty());
            batch.add(noted);
            written.add(noted);
          }
          write(journal, batch.toArray(Change[]::new));
        }
      }
      assertThat(stored(state)).as("seed " + seed).isEqualTo(written);
    }
  }

  @Test
  void ordersComeBackWithEveryField() throws IOException {
    RandomChanges random = new RandomChanges(4);
    List<StoredOrder> expected = new ArrayList<>();
    try (Journal journal = Journal.open(folder)) {
      write(journal, new Change.IncidentOpened(3, CRASH, 5));
      for (long id = 1; id <= 200; id++) {
        OrderPlan plan = random.order(id, OptionalLong.of(3));
        Optional<String> memento = random.maybe(random.word());
        long at = random.time();
        write(journal, new Change.OrderPlanned(plan, at));
        write(journal, new Change.OrderStarted(id, at + 1, memento));
        boolean undo = random.flag();
        String why = random.word();
        write(journal, new Change.OrderEnded(id, at + 2, OrderState.DONE, why, undo));
        expected.add(
            new StoredOrder(
                plan,
                OrderState.DONE,
                at,
                OptionalLong.of(at + 1),
                OptionalLong.of(at + 2),
                Optional.of(why),
                memento,
                undo));
      }
      try (JournalReader reader = JournalReader.open(folder)) {
        assertThat(reader.orders(3)).isEqualTo(expected);
      }
    }
  }

  @Test
  void whatAnEngineLeftBehindIsFound() throws IOException {
    try (Journal journal = Journal.open(folder)) {
      assertThat(journal.recovery())
          .isEqualTo(
              new Recovery(
                  true,
                  0,
                  0,
                  List.of(),
                  new Recovery.UnfinishedOrders(List.of(), List.of(), List.of()),
                  Map.of(),
                  0,
                  List.of(),
                  List.of()));
      write(journal, new Change.IncidentOpened(1, CRASH, 100));
      for (long id = 1; id <= 6; id++) {
        write(journal, new Change.OrderPlanned(plan(id, "throttle", id != 3), 100));
      }
      for (long id = 2; id <= 6; id++) {
        write(journal, new Change.OrderStarted(id, 101, Optional.empty()));
      }
      write(journal, new Change.OrderRemembered(2, "power 700W"));
      write(journal, new Change.OrderEnded(4, 102, OrderState.DONE, "throttled", true));
      write(journal, new Change.OrderEnded(5, 102, OrderState.REFUSED, "no right to", false));
      write(journal, new Change.OrderEnded(6, 102, OrderState.DONE, "throttled", true));
      write(journal, new Change.OrderUndone(6, 103));
    }
    try (Journal journal = Journal.open(folder)) {
      Recovery recovery = journal.recovery();
      assertThat(recovery.cleanShutdown()).isTrue();
      assertThat(recovery.lastOrder()).isEqualTo(6);
      assertThat(recovery.lastIncident()).isEqualTo(1);
      assertThat(recovery.incidents())
          .containsExactly(new Incident(1, CRASH, 100, OptionalLong.empty(), IncidentState.OPEN));
      assertThat(ids(recovery.orders().planned())).containsExactly(1L);
      assertThat(ids(recovery.orders().unknown())).containsExactly(2L, 3L);
      assertThat(recovery.orders().unknown())
          .extracting(StoredOrder::undoPending)
          .containsExactly(true, false);
      assertThat(recovery.orders().unknown().get(0).memento()).contains("power 700W");
      assertThat(ids(recovery.orders().toUndo())).containsExactly(4L);
    }
  }

  private static List<Long> ids(List<StoredOrder> orders) {
    return orders.stream().map(order -> order.plan().id()).toList();
  }

  @Test
  void anOrderStartsOnce() throws IOException {
    try (Journal journal = Journal.open(folder)) {
      write(journal, new Change.OrderPlanned(plan(1, "restart", false), 1));
      write(journal, new Change.OrderStarted(1, 2, Optional.empty()));

      Appended again =
          journal.append(Batch.of(List.of(new Change.OrderStarted(1, 3, Optional.empty())))).join();

      assertThat(again).isInstanceOf(Appended.Broken.class);
      assertThat(journal.append(Batch.of(List.of(noted("later")))).join()).isEqualTo(again);
    }
    assertThat(stored(folder)).isEmpty();
    try (Journal journal = Journal.open(folder)) {
      assertThat(journal.recovery().cleanShutdown()).isFalse();
      write(journal, noted("opened anew"));
    }
  }

  @Test
  void aBatchIsThereWholeOrNotAtAll() throws IOException {
    try (Journal journal = Journal.open(folder)) {
      List<Change> half = List.of(noted("first"), new Change.OrderUndone(99, 1));
      assertThat(journal.append(Batch.of(half)).join()).isInstanceOf(Appended.Broken.class);
    }
    assertThat(stored(folder)).isEmpty();
  }

  @Test
  void batchesKeepTheirOrderHoweverManyWait() throws IOException {
    List<CompletableFuture<Appended>> results = new ArrayList<>();
    List<Change.Noted> written = new ArrayList<>();
    try (Journal journal = Journal.open(folder)) {
      for (int i = 0; i < 5_000; i++) {
        written.add(noted("number " + i));
        results.add(journal.append(Batch.of(List.of(noted("number " + i)))));
      }
    }
    assertThat(results).allMatch(result -> result.join().isWritten());
    assertThat(stored(folder)).isEqualTo(written);
  }

  @Test
  void whatADecisionCameFromIsDurableBeforeIt() throws IOException {
    CompletableFuture<Void> synced = new CompletableFuture<>();
    AtomicInteger asked = new AtomicInteger();
    Journal.Before inputs =
        () -> {
          asked.incrementAndGet();
          return synced;
        };
    try (Journal journal = Journal.open(folder, inputs)) {
      write(journal, noted("an observation"));
      write(journal, new Change.OrderPlanned(plan(1, "restart", false), 1));
      assertThat(asked).hasValue(0);

      CompletableFuture<Appended> started =
          journal.append(Batch.of(List.of(new Change.OrderStarted(1, 2, Optional.empty()))));
      CompletableFuture<Appended> behind = journal.append(Batch.of(List.of(noted("another"))));
      assertThat(started.thenCombine(behind, (one, two) -> "written"))
          .failsWithin(Duration.ofMillis(200));
      assertThat(asked).hasValue(1);

      synced.complete(null);
      assertThat(started.join().isWritten()).isTrue();
      assertThat(behind.join().isWritten()).isTrue();
    }
  }

  @Test
  void aReaderSeesOneMomentWhileTheEngineGoesOn() throws IOException {
    try (Journal journal = Journal.open(folder)) {
      write(journal, new Change.IncidentOpened(1, CRASH, 100));
      try (JournalReader reader = JournalReader.open(folder)) {
        assertThat(reader.incidents(IncidentFilter.newest(9))).hasSize(1);
        write(journal, new Change.IncidentOpened(2, new FaultInstance("gpu.hot", GPU), 101));
        write(journal, new Change.IncidentMoved(1, IncidentState.REPAIRED, OptionalLong.of(104)));
        assertThat(reader.incidents(IncidentFilter.newest(9)))
            .containsExactly(new Incident(1, CRASH, 100, OptionalLong.empty(), IncidentState.OPEN));
      }
      Incident repaired = new Incident(1, CRASH, 100, OptionalLong.of(104), IncidentState.REPAIRED);
      Incident hot =
          new Incident(
              2, new FaultInstance("gpu.hot", GPU), 101, OptionalLong.empty(), IncidentState.OPEN);
      assertThat(incidents(IncidentFilter.newest(9))).containsExactly(repaired, hot);
      assertThat(incidents(IncidentFilter.newest(1))).containsExactly(hot);
      assertThat(
              incidents(
                  new IncidentFilter(
                      Optional.of("llm.crashed"),
                      Optional.empty(),
                      OptionalLong.empty(),
                      false,
                      9)))
          .containsExactly(repaired);
      assertThat(
              incidents(
                  new IncidentFilter(
                      Optional.empty(), Optional.of(GPU), OptionalLong.empty(), false, 9)))
          .containsExactly(hot);
      assertThat(incidents(since(105))).containsExactly(hot);
      assertThat(incidents(since(104))).containsExactly(repaired, hot);
      assertThat(
              incidents(
                  new IncidentFilter(
                      Optional.empty(), Optional.empty(), OptionalLong.empty(), true, 9)))
          .containsExactly(hot);
    }
  }

  private static IncidentFilter since(long at) {
    return new IncidentFilter(Optional.empty(), Optional.empty(), OptionalLong.of(at), false, 9);
  }

  private List<Incident> incidents(IncidentFilter filter) throws IOException {
    try (JournalReader reader = JournalReader.open(folder)) {
      return reader.incidents(filter);
    }
  }

  @Test
  void oldEntriesGoInSmallBatchesButNotThoseOfAnIncidentThatStands() throws IOException {
    try (Journal journal = Journal.open(folder)) {
      write(journal, new Change.IncidentOpened(1, CRASH, 1));
      write(journal, new Change.IncidentOpened(2, new FaultInstance("gpu.hot", GPU), 1));
      for (int i = 0; i < 5; i++) {
        Entry entry = Entry.of(i, EntryType.HELD, CRASH, "why");
        write(journal, of(entry, 1), of(entry, 2));
      }
      write(journal, new Change.OrderPlanned(plan(1, "throttle", true), 1));
      write(journal, new Change.OrderStarted(1, 1, Optional.empty()));
      write(journal, new Change.OrderEnded(1, 2, OrderState.DONE, "done", true));
      write(journal, new Change.IncidentMoved(1, IncidentState.REPAIRED, OptionalLong.of(4)));

      assertThat(journal.forget(4, 3).join()).isEqualTo(3);
      assertThat(journal.forget(4, 3).join()).isEqualTo(1);
      assertThat(journal.forget(4, 3).join()).isZero();
      assertThat(journal.forget(5, 3).join()).as("the last, and its incident").isEqualTo(2);
      write(journal, new Change.OrderUndone(1, 5));
      assertThat(journal.forget(5, 3).join()).as("the order that was to be undone").isOne();
      try (JournalReader reader = JournalReader.open(folder)) {
        assertThat(reader.incident(1)).isEmpty();
        assertThat(reader.entries(2)).extracting(StoredEntry::sequence).hasSize(5);
      }
    }
    try (Journal journal = Journal.open(folder)) {
      assertThat(journal.recovery().lastIncident()).isEqualTo(2);
      assertThat(journal.recovery().lastOrder()).isEqualTo(1);
    }
  }

  private static Change.Noted of(Entry entry, long incident) {
    return new Change.Noted(
        entry, OptionalLong.of(incident), OptionalLong.empty(), Optional.empty());
  }

  @Test
  void onlyItsUserReadsIt() throws IOException {
    Path state = folder.resolve("a?b %41#ü;x/state");
    try (Journal journal = Journal.open(state)) {
      write(journal, noted("here"));
      for (String file : List.of("journal.db", "journal.db-wal", "journal.db-shm")) {
        assertThat(
                PosixFilePermissions.toString(Files.getPosixFilePermissions(state.resolve(file))))
            .as(file)
            .isEqualTo("rw-------");
      }
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state)))
          .isEqualTo("rwx------");
    }
    assertThat(stored(state)).containsExactly(noted("here"));
  }

  @Test
  void aSecondJournalInThisProcessIsRefusedAndTheFirstKeepsItsLock() throws IOException {
    try (Journal journal = Journal.open(folder)) {
      assertThatThrownBy(() -> Journal.open(folder))
          .isInstanceOf(JournalException.class)
          .hasMessage(
              "another engine (pid %d) works on `%s`"
                  .formatted(ProcessHandle.current().pid(), folder));
      write(journal, noted("still"));
    }
    Journal.open(folder).close();
    assertThat(Journal.open(folder)).isNotNull().satisfies(Journal::close);
  }

  @Test
  void whatKeepsTheHandsStillOutlivesTheEngine() throws IOException {
    Halt pause =
        new Halt(
            Halt.Kind.PAUSE,
            "pause",
            100,
            Times.NEVER,
            new TreeSet<>(),
            new TreeSet<>(),
            "alice",
            "new firmware\nof the fans");
    Halt fans =
        new Halt(
            Halt.Kind.MAINTENANCE,
            "fans",
            200,
            300,
            new TreeSet<>(List.of(EntityId.gpu("n1", 0), EntityId.node("n2"))),
            new TreeSet<>(List.of("degrade", "throttle")),
            "bob",
            "");
    try (Journal journal = Journal.open(folder)) {
      assertThat(journal.recovery().halts()).isEmpty();
      write(journal, new Change.HaltsMoved(List.of(pause)));
      write(journal, new Change.HaltsMoved(List.of(fans, pause)));
      write(journal, new Change.LaddersNumbered(12));
    }
    try (Journal journal = Journal.open(folder)) {
      assertThat(journal.recovery().halts()).containsExactly(fans, pause);
      assertThat(journal.recovery().lastLadder()).isEqualTo(12);
      write(journal, new Change.HaltsMoved(List.of()));
    }
    try (JournalReader reader = JournalReader.open(folder)) {
      assertThat(reader.recovery().halts()).isEmpty();
    }
  }

  @Test
  void anOlderJournalIsBroughtUpToDateAndANewerOneRefused() throws Exception {
    Journal.open(folder).close();
    Schema next = Schema.current().with(List.of("ALTER TABLE entries ADD COLUMN host TEXT"));
    try (Connection connection = Database.open(folder)) {
      next.migrate(connection);
      next.migrate(connection);
      connection.createStatement().executeQuery("SELECT host FROM entries").close();
    }
    int today = Schema.current().version();
    String newer =
        "the journal was written by a newer heal: its version is %d, this one knows %d"
            .formatted(today + 1, today);
    assertThatThrownBy(() -> Journal.open(folder)).hasMessage(newer);
    assertThatThrownBy(() -> JournalReader.open(folder)).hasMessage(newer);
    try (Connection connection = Database.openToRead(folder)) {
      assertThatThrownBy(
              () -> Schema.current().with(List.of()).with(List.of()).requireReadable(connection))
          .hasMessage("the journal is of version %d, this heal reads %d", today + 1, today + 2);
    }
  }

  @Test
  void aMigrationThatFailsChangesNothing() throws Exception {
    Journal.open(folder).close();
    try (Connection connection = Database.open(folder)) {
      Schema bad =
          Schema.current().with(List.of("ALTER TABLE entries ADD COLUMN host TEXT", "NONSENSE"));
      assertThatThrownBy(() -> bad.migrate(connection)).isInstanceOf(SQLException.class);
    }
    try (Journal journal = Journal.open(folder)) {
      write(journal, noted("as before"));
    }
  }

  @Test
  void whatIsNoJournalIsNamed() throws IOException {
    assertThatThrownBy(() -> JournalReader.open(folder))
        .hasMessage("there is no journal in `%s`".formatted(folder));
    Files.writeString(
        folder.resolve("journal.db"), "not a database, but long enough to be none".repeat(50));
    assertThatThrownBy(() -> Journal.open(folder))
        .isInstanceOfSatisfying(
            JournalException.class, e -> assertThat(e.help()).startsWith("it is damaged: move"));
  }

  @Test
  void afterItsEndNothingIsTaken() throws IOException {
    Journal journal = Journal.open(folder);
    journal.close();
    assertThat(journal.append(Batch.of(List.of(noted("late")))).join())
        .isEqualTo(new Appended.Broken("the journal is closed"));
  }
}
