package dev.heal.engine.journal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.journal.Appended;
import dev.heal.engine.journal.Batch;
import dev.heal.engine.journal.Change;
import dev.heal.engine.journal.JournalException;
import dev.heal.engine.journal.OrderPlan;
import dev.heal.engine.journal.OrderState;
import dev.heal.engine.journal.StoredOrder;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import dev.heal.engine.schedule.Order;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full, for real: a small tmpfs. Skipped where this user may not mount one. */
class JournalFullDiskTest {
  private static final long RESERVE = 512 << 10;
  private static final FaultInstance HOT = new FaultInstance("gpu.hot", EntityId.gpu("n1", 0));

  @TempDir private Path folder;
  private Path state;

  @BeforeEach
  void mount() throws Exception {
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder.toString()) == 0,
        "a tmpfs cannot be mounted: run it as root");
    state = folder.resolve("state");
  }

  @AfterEach
  void unmount() throws Exception {
    run("umount", folder.toString());
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  private static Appended append(Journal journal, Change... changes) {
    return journal.append(Batch.of(List.of(changes))).join();
  }

  private static Change noted(int size) {
    return new Change.Noted(
        Entry.of(1, EntryType.HELD, HOT, "x".repeat(size)),
        OptionalLong.empty(),
        OptionalLong.empty(),
        Optional.empty());
  }

  private static Change planned(long id) {
    return new Change.OrderPlanned(
        new OrderPlan(
            id,
            1,
            Order.Purpose.STEP,
            OptionalLong.empty(),
            HOT,
            "p",
            "throttle",
            Optional.empty(),
            HOT.entity(),
            "",
            true,
            false,
            OptionalLong.empty()),
        1);
  }

  private void fillTheDisk() throws IOException {
    try (OutputStream out = Files.newOutputStream(folder.resolve("filler"))) {
      while (true) {
        out.write(new byte[1 << 10]);
      }
    } catch (IOException full) {
      assertThat(full).hasMessageContaining("No space left");
    }
  }

  @Test
  void aFullDiskStopsWhatBeginsButEndsAreStillWritten() throws Exception {
    try (Journal journal = Journal.open(state, Journal.Before.NOTHING, RESERVE)) {
      for (long id = 1; id <= 2; id++) {
        assertThat(append(journal, planned(id), new Change.OrderStarted(id, 2, Optional.empty())))
            .isEqualTo(new Appended.Written());
      }
      fillTheDisk();
      Appended full = new Appended.Written();
      int written = 0;
      while (full.isWritten()) {
        full = append(journal, noted(2_000));
        written++;
      }
      Appended.DiskFull expected =
          new Appended.DiskFull(
              "the disk of `%s` is full: nothing is begun before it has space again"
                  .formatted(state));
      assertThat(full).isEqualTo(expected);
      assertThat(append(journal, planned(3))).isEqualTo(expected);
      for (int i = 0; i < 40; i++) { // more than the last free page holds
        assertThat(
                append(
                    journal,
                    new Change.OrderEnded(1, 3, OrderState.UNKNOWN, "y".repeat(4_000), true)))
            .isEqualTo(new Appended.Written());
      }
      assertThat(append(journal, new Change.OrderEnded(1, 3, OrderState.DONE, "at last", true)))
          .isEqualTo(new Appended.Written());
      assertThat(state.resolve("reserve")).as("it was needed").doesNotExist();
      assertThat(append(journal, planned(3))).as("nothing begins").isEqualTo(expected);
      assertThat(append(journal, new Change.OrderUndone(1, 4))).isEqualTo(new Appended.Written());

      Files.delete(folder.resolve("filler"));
      assertThat(append(journal, planned(3)))
          .as("there is space")
          .isEqualTo(new Appended.Written());
      assertThat(state.resolve("reserve")).hasSize(RESERVE);
      assertThat(written).isPositive();
    }
    opensWhole(2);
  }

  @Test
  void theReserveLetsAnEngineStartOnAFullDisk() throws Exception {
    try (Journal journal = Journal.open(state, Journal.Before.NOTHING, RESERVE)) {
      append(journal, planned(2), new Change.OrderStarted(2, 2, Optional.empty()));
      append(journal, planned(3));
    }
    fillTheDisk();
    assertThat(state.resolve("reserve")).exists();
    opensWhole(2);
    assertThat(state.resolve("reserve")).doesNotExist();
  }

  @Test
  void withoutAReserveItSaysWhatToLookAt() throws Exception {
    Journal.open(state, Journal.Before.NOTHING, RESERVE).close();
    Files.delete(state.resolve("reserve"));
    fillTheDisk();
    assertThatThrownBy(() -> Journal.open(state, Journal.Before.NOTHING, RESERVE))
        .isInstanceOfSatisfying(
            JournalException.class,
            e ->
                assertThat(e.help())
                    .isEqualTo(
                        "look at the space, the rights and the disk of `%s`".formatted(state)));
    Files.delete(folder.resolve("filler"));
    Journal.open(state, Journal.Before.NOTHING, RESERVE).close();
  }

  /** On whatever space there is now. */
  private void opensWhole(long unknown) throws Exception {
    try (Journal journal = Journal.open(state, Journal.Before.NOTHING, RESERVE)) {
      assertThat(journal.recovery().orders().unknown())
          .extracting((StoredOrder order) -> order.plan().id())
          .containsExactly(unknown);
      assertThat(journal.recovery().orders().planned())
          .extracting((StoredOrder order) -> order.plan().id())
          .containsExactly(3L);
    }
    try (Connection connection = Database.open(state);
        ResultSet row = connection.createStatement().executeQuery("PRAGMA integrity_check")) {
      assertThat(row.getString(1)).isEqualTo("ok");
    }
  }
}
