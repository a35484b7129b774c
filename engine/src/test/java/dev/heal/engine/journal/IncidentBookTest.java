package dev.heal.engine.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Numbers of incidents, and how they end. */
class IncidentBookTest {
  private static final FaultInstance CRASH =
      new FaultInstance("llm.crashed", EntityId.service("n1", "llm"));
  private static final FaultInstance HOT = new FaultInstance("gpu.hot", EntityId.gpu("n1", 0));
  private static final Recovery NEW =
      new Recovery(
          true,
          0,
          0,
          List.of(),
          new Recovery.UnfinishedOrders(List.of(), List.of(), List.of()),
          Map.of(),
          0,
          List.of(),
          List.of());

  private final List<String> said = new ArrayList<>();

  private void tell(IncidentBook book, long at, EntryType type, FaultInstance on, String outcome) {
    boolean repaired = outcome.equals("repaired");
    Entry plain = Entry.of(at, type, on, repaired ? Entry.LAST_STEP_CONFIRMED : "why");
    Entry entry = outcome.isEmpty() ? plain : plain.outcome(outcome);
    for (Change change : book.changes(entry, OptionalLong.empty(), Optional.empty())) {
      if (change instanceof Change.Noted noted) {
        said.add(
            type.word()
                + " of "
                + (noted.incident().isPresent() ? noted.incident().getAsLong() : "none"));
      } else if (change instanceof Change.IncidentOpened opened) {
        said.add("opened " + opened.number() + " at " + opened.since());
      } else if (change instanceof Change.IncidentMoved moved) {
        String until = moved.until().isPresent() ? " until " + moved.until().getAsLong() : "";
        said.add("moved " + moved.number() + " " + moved.state().word() + until);
      }
    }
  }

  @Test
  void aSpellHasItsNumberFromRaisedToWhatComesBehindIt() {
    IncidentBook book = new IncidentBook(NEW);
    tell(book, 1, EntryType.HELD, CRASH, "");
    tell(book, 2, EntryType.FAULT_RAISED, CRASH, "");
    tell(book, 3, EntryType.FAULT_RAISED, HOT, "");
    tell(book, 3, EntryType.DECISION, CRASH, "act");
    tell(book, 4, EntryType.ENDED, CRASH, "repaired");
    tell(book, 4, EntryType.FAULT_CLEARED, CRASH, "");
    tell(book, 5, EntryType.REVERTED, CRASH, "done");
    tell(book, 9, EntryType.FAULT_RAISED, CRASH, "");
    assertThat(said)
        .containsExactly(
            "held of none",
            "opened 1 at 2",
            "fault_raised of 1",
            "opened 2 at 3",
            "fault_raised of 2",
            "decision of 1",
            "ended of 1",
            "moved 1 repaired",
            "fault_cleared of 1",
            "moved 1 repaired until 4",
            "reverted of 1",
            "opened 3 at 9",
            "fault_raised of 3");
  }

  @Test
  void everyEndOfARepairIsTold() {
    IncidentBook book = new IncidentBook(NEW);
    tell(book, 1, EntryType.FAULT_RAISED, CRASH, "");
    tell(book, 2, EntryType.ENDED, CRASH, "");
    tell(book, 3, EntryType.DECISION, CRASH, "act");
    tell(book, 4, EntryType.GAVE_UP, CRASH, "");
    tell(book, 4, EntryType.ENDED, CRASH, "");
    tell(book, 5, EntryType.FAULT_CLEARED, CRASH, "");
    tell(book, 6, EntryType.FAULT_RAISED, HOT, "");
    tell(book, 7, EntryType.DECISION, HOT, "observe");
    tell(book, 8, EntryType.FAULT_CLEARED, HOT, "");
    tell(book, 8, EntryType.ENDED, HOT, "");
    assertThat(said.stream().filter(line -> line.startsWith("moved")))
        .containsExactly(
            "moved 1 void",
            "moved 1 open",
            "moved 1 gave_up",
            "moved 1 gave_up until 5",
            "moved 2 cleared until 8");
  }

  @Test
  void aFaultThatStandsOverARestartIsTheSameIncident() {
    Recovery recovery =
        new Recovery(
            false,
            0,
            8,
            List.of(new Incident(7, CRASH, 100, OptionalLong.empty(), IncidentState.OPEN)),
            NEW.orders(),
            Map.of(),
            0,
            List.of(),
            List.of());
    IncidentBook book = new IncidentBook(recovery);
    tell(book, 200, EntryType.FAULT_RAISED, CRASH, "");
    tell(book, 201, EntryType.FAULT_RAISED, HOT, "");
    tell(book, 202, EntryType.FAULT_CLEARED, CRASH, "");
    assertThat(said)
        .containsExactly(
            "fault_raised of 7",
            "opened 9 at 201",
            "fault_raised of 9",
            "fault_cleared of 7",
            "moved 7 cleared until 202");
  }
}
