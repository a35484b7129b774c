package dev.heal.engine.journal.store;

import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.journal.Batch;
import dev.heal.engine.journal.Change;
import dev.heal.engine.journal.JournalException;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/**
 * An engine to be killed: appends batches of several entries without end, and says the number of
 * each on standard output once it is acknowledged.
 */
final class JournalChild {
  private static final int MOST_AT_ONCE = 16;

  private JournalChild() {}

  public static void main(String[] arguments) throws Exception {
    Path state = Path.of(arguments[0]);
    Random random = new Random(Long.parseLong(arguments[1]));
    try (Journal journal = Journal.open(state)) {
      System.out.println("open");
      if (arguments.length > 2) {
        System.in.read();
        return;
      }
      append(journal, random);
    } catch (JournalException refused) {
      System.out.println(refused.text());
    }
  }

  private static void append(Journal journal, Random random) throws IOException {
    Semaphore inFlight = new Semaphore(MOST_AT_ONCE);
    for (long number = 1; ; number++) {
      inFlight.acquireUninterruptibly();
      long acknowledged = number;
      CompletableFuture<Void> said =
          journal
              .append(batch(number, 1 + random.nextInt(8)))
              .thenAccept(
                  result -> {
                    System.out.println(
                        result.isWritten() ? Long.toString(acknowledged) : result.toString());
                    inFlight.release();
                  });
      if (said.isCompletedExceptionally()) {
        throw new IOException("what was acknowledged cannot be said");
      }
    }
  }

  /** So many entries, each of which says whose it is and of how many. */
  private static Batch batch(long number, int size) {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      changes.add(
          new Change.Noted(
              Entry.of(
                  number,
                  EntryType.HELD,
                  new FaultInstance("a.fault", EntityId.node("n1")),
                  number + " " + size),
              OptionalLong.empty(),
              OptionalLong.empty(),
              Optional.empty()));
    }
    return Batch.of(changes);
  }
}
