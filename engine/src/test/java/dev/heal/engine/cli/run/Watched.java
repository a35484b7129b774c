package dev.heal.engine.cli.run;

import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import dev.heal.engine.source.inbox.Drops;
import dev.heal.nvml.fake.FakeMachine;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.Assertions;

/** What an engine tells; nothing may be dropped or fail. */
public class Watched implements Daemon.Observer {
  public final List<Entry> entries = new CopyOnWriteArrayList<>();
  public final List<String> told = new CopyOnWriteArrayList<>();

  @Override
  public void entry(Entry entry, OptionalLong incident) {
    entries.add(entry);
  }

  @Override
  public void journalFailed(String why) {
    Assertions.fail(why);
  }

  @Override
  public void dropped(List<Drops> drops) {
    Assertions.fail(drops.toString());
  }

  @Override
  public void told(String source, String text) {
    told.add(source + ": " + text);
  }

  @Override
  public void failed(String source, RuntimeException bug) {
    throw bug;
  }

  /** How many entries of a type there are on a fault. */
  public long count(EntryType type, String fault) {
    return entries.stream()
        .filter(
            e -> e.type() == type && e.instance().filter(i -> i.fault().equals(fault)).isPresent())
        .count();
  }

  /** Waits for an entry of a type on a fault. */
  public void await(EntryType type, String fault) {
    FakeMachine.await(() -> count(type, fault) > 0);
  }
}
