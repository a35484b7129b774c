package dev.heal.engine.cli.run.feed;

import dev.heal.engine.journal.Appended;
import dev.heal.engine.journal.Batch;
import dev.heal.engine.journal.Change;
import dev.heal.engine.journal.store.Journal;
import dev.heal.engine.source.child.Children;
import dev.heal.engine.source.child.ProcessId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Writes down which processes run, so that the next engine finds them. */
public final class ChildLedger implements Children.Ledger {
  private static final int FIELDS = 3;

  private final Journal journal;
  private final String boot;

  /**
   * @param boot names this boot of the host: process numbers are of one boot
   */
  public ChildLedger(Journal journal, String boot) {
    this.journal = journal;
    this.boot = boot;
  }

  private static String name(String child) {
    return "child " + child;
  }

  /** The process that an engine before this one has written down, where it is of this boot. */
  Optional<ProcessId> former(String child) {
    String[] fields = journal.recovery().kept().getOrDefault(name(child), "").split(" ", -1);
    if (fields.length != FIELDS || !fields[0].equals(boot)) {
      return Optional.empty();
    }
    return Optional.of(new ProcessId(Integer.parseInt(fields[1]), Long.parseLong(fields[2])));
  }

  @Override
  public void started(String child, ProcessId process) throws IOException {
    String text = "%s %d %d".formatted(boot, process.pid(), process.startTicks());
    Appended written =
        journal
            .append(Batch.withReserve(List.of(new Change.Kept(name(child), Optional.of(text)))))
            .join();
    if (!written.isWritten()) {
      throw new IOException("the journal does not take it: " + written);
    }
  }

  @Override
  public void gone(String child, ProcessId process) {
    var unused =
        journal.append(Batch.withReserve(List.of(new Change.Kept(name(child), Optional.empty()))));
  }
}
