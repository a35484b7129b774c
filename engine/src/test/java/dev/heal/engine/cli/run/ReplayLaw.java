package dev.heal.engine.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.check.Checker;
import dev.heal.dsl.check.ImportResolver;
import dev.heal.dsl.text.SourceFile;
import dev.heal.engine.journal.recording.Recorded;
import dev.heal.engine.journal.recording.RecordingReader;
import dev.heal.engine.journal.store.JournalReader;
import dev.heal.engine.loop.live.Replay;
import dev.heal.engine.record.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The law: what was recorded, decided again, is what was journalled. */
final class ReplayLaw {
  private ReplayLaw() {}

  /**
   * Holds the recording in a state folder against the journal there.
   *
   * @param site the policies that were in force
   */
  static void assertHolds(Path state, String site) throws IOException {
    CheckResult checked =
        Checker.check(List.of(new SourceFile("site.heal", site)), ImportResolver.NONE);
    assertThat(checked.policy()).as(checked.diagnostics().toString()).isPresent();
    List<Entry> again = new ArrayList<>();
    try (RecordingReader recording = RecordingReader.open(state);
        Replay replay = new Replay(checked.policy().orElseThrow(), Daemon.COMMANDS, again::add)) {
      for (Optional<Recorded> input = recording.next();
          input.isPresent();
          input = recording.next()) {
        replay.take(input.get());
      }
      assertThat(recording.problems()).isEmpty();
    }
    assertThat(again).isEqualTo(journalled(state)).isNotEmpty();
  }

  /** All entries of the journal. */
  static List<Entry> journalled(Path state) throws IOException {
    List<Entry> journalled = new ArrayList<>();
    try (JournalReader journal = JournalReader.open(state)) {
      journal.forEachEntry(0, stored -> journalled.add(stored.noted().entry()));
    }
    return journalled;
  }
}
