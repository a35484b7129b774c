package dev.heal.engine.cli;

import dev.heal.engine.cli.run.Daemon;
import dev.heal.engine.record.Entry;
import java.util.function.Consumer;

/** The timeline of a running engine, as it happens. */
final class LiveTimeline implements Daemon.Observer {
  private final Console console;
  private final Timeline timeline;
  private final Consumer<Entry> listener;

  /**
   * Begins with an empty screen.
   *
   * @param listener hears each entry too, after it was shown
   */
  LiveTimeline(Console console, Consumer<Entry> listener) {
    this.console = console;
    this.timeline = new Timeline(console.colourAllowed());
    this.listener = listener;
  }

  @Override
  public void entry(Entry entry) {
    console.out().print(timeline.line(entry));
    console.out().flush();
    listener.accept(entry);
  }

  @Override
  public void journalFailed(String why) {
    console.err().println("heal: nothing is done: " + why);
  }

  @Override
  public void sourceFailed(RuntimeException bug) {
    console.err().println("heal: a source failed: " + bug);
    bug.printStackTrace(console.err());
  }
}
