package dev.heal.engine.journal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heal.engine.journal.JournalException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Engines that are killed, and two that want one folder: real processes. */
class JournalCrashTest {
  private static final int KILLS = Integer.getInteger("heal.journal.kills", 20);
  private static final long SEED = Long.getLong("heal.journal.seed", 1);

  @TempDir private Path folder;

  @Test
  void whatWasAcknowledgedIsThereAndNothingIsHalfWritten() throws Exception {
    for (long seed = SEED; seed < SEED + KILLS; seed++) {
      Path state = folder.resolve("s" + seed);
      List<String> said = killedAfter(state, seed, new Random(seed).nextInt(300));

      Map<Long, Integer> rows = new TreeMap<>();
      Map<Long, Integer> sizes = new TreeMap<>();
      try (Journal journal = Journal.open(state)) {
        assertThat(journal.recovery().cleanShutdown()).as("seed " + seed).isFalse();
      }
      try (JournalReader reader = JournalReader.open(state)) {
        reader.forEachEntry(
            0,
            stored -> {
              String[] words = stored.noted().entry().because().split(" ", 2);
              rows.merge(Long.parseLong(words[0]), 1, Integer::sum);
              sizes.put(Long.parseLong(words[0]), Integer.parseInt(words[1]));
            });
      }
      assertThat(rows).as("seed %d: no batch is half written", seed).isEqualTo(sizes);
      List<Long> acknowledged = said.stream().map(Long::parseLong).toList();
      assertThat(rows.keySet()).as("seed " + seed).containsAll(acknowledged);
      assertThat(List.copyOf(rows.keySet()))
          .as("seed %d: in their order, without a gap", seed)
          .isEqualTo(java.util.stream.LongStream.rangeClosed(1, rows.size()).boxed().toList());
      assertThat(integrity(state)).as("seed " + seed).isEqualTo("ok");
    }
  }

  /** Lets a child write until it has acknowledged so many batches; all that it said. */
  private static List<String> killedAfter(Path state, long seed, int batches) throws IOException {
    try (ChildProcess child = new ChildProcess(state, seed)) {
      assertThat(child.out.readLine()).as("seed " + seed).isEqualTo("open");
      List<String> said = new ArrayList<>();
      while (said.size() <= batches) {
        said.add(child.out.readLine());
      }
      said.addAll(child.kill());
      String last = said.get(said.size() - 1);
      return last.isEmpty() ? said.subList(0, said.size() - 1) : said;
    }
  }

  private static String integrity(Path state) throws Exception {
    try (Connection connection = Database.open(state);
        ResultSet row = connection.createStatement().executeQuery("PRAGMA integrity_check")) {
      return row.getString(1);
    }
  }

  @Test
  void aSecondEngineIsRefusedByThePidOfTheFirst() throws IOException {
    try (ChildProcess first = new ChildProcess(folder, 1, "wait")) {
      assertThat(first.out.readLine()).isEqualTo("open");
      String refused =
          "another engine (pid %d) works on `%s`".formatted(first.process.pid(), folder);

      assertThatThrownBy(() -> Journal.open(folder))
          .isInstanceOf(JournalException.class)
          .hasMessage(refused);
      try (ChildProcess second = new ChildProcess(folder, 1, "wait")) {
        assertThat(second.out.readLine()).isEqualTo(refused);
      }
      try (JournalReader reader = JournalReader.open(folder)) {
        assertThat(reader.recovery().lastOrder()).as("reading is free").isZero();
      }
      first.kill();
      Journal.open(folder).close();
    }
  }

  @Test
  void anEngineDoesNotTakeWhatThisProcessHolds() throws IOException {
    try (Journal journal = Journal.open(folder);
        ChildProcess second = new ChildProcess(folder, 1, "wait")) {
      assertThat(second.out.readLine())
          .isEqualTo(
              "another engine (pid %d) works on `%s`"
                  .formatted(ProcessHandle.current().pid(), folder));
      assertThat(journal.pending()).isZero();
    }
  }
}
