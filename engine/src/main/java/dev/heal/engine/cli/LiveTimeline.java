package dev.heal.engine.cli;

import dev.heal.engine.record.Entry;
import dev.heal.engine.source.inbox.Drops;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** The timeline of a running engine, as it happens. */
final class LiveTimeline implements RunLog {
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
  public void entry(Entry entry, OptionalLong incident) {
    console.out().print(timeline.line(entry, incident));
    console.out().flush();
    listener.accept(entry);
  }

  @Override
  public void say(String event, String text) {
    console.err().println("heal: " + text);
  }

  @Override
  public void journalFailed(String why) {
    console.err().println("heal: nothing is done: " + why);
  }

  @Override
  public void dropped(List<Drops> drops) {
    for (Drops drop : drops) {
      console
          .err()
          .println(
              "heal: %,d of %s were dropped (%s): more came than could be looked at"
                  .formatted(
                      drop.count(),
                      drop.source(),
                      drop.importance().name().toLowerCase(Locale.ROOT)));
    }
  }

  @Override
  public void told(String source, String text) {
    console.err().println("heal: %s: %s".formatted(source, text));
  }

  @Override
  public void failed(String source, RuntimeException bug) {
    console.err().println("heal: %s failed: %s".formatted(source, bug));
    bug.printStackTrace(console.err());
  }
}
