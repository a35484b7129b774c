package dev.heal.engine.source.journald;

import dev.heal.engine.source.log.LineCutter;
import dev.heal.engine.source.retry.Backoff;
import dev.heal.engine.source.retry.Turns;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Follows the journal by {@code journalctl --follow}: the door of this package. Where that ends, it
 * is started again behind the last entry, with growing pauses.
 */
public final class JournalFollower implements AutoCloseable {
  private static final long SETTLED_SECONDS = 1;
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final int LAST_WORDS = 3;
  private static final String NO_CURSOR = "Failed to seek to cursor";

  private final JournalSink sink;
  private final Backoff backoff;
  private final Turns turns;
  private int failures;
  private JournalOptions options;

  /** Starts to follow. */
  public JournalFollower(JournalOptions options, JournalSink sink, Backoff backoff) {
    this.options = options;
    this.sink = sink;
    this.backoff = backoff;
    this.turns = new Turns("heal-journald", this::follow);
    turns.start();
  }

  /** Ends; when this returns, nothing more is given. */
  @Override
  public void close() {
    turns.close();
  }

  private Duration follow() throws InterruptedException {
    Run run = new Run(options);
    String why = run.toItsEnd();
    failures = run.settled ? 1 : failures + 1;
    options = options.goingOnAfter(run.last);
    if (why.contains(NO_CURSOR) && options.after().isPresent()) {
      options = options.goingOnAfter(Optional.empty());
      sink.gap("the place up to which it was read is not in the journal any more");
    }
    sink.lost(why);
    return backoff.after(failures);
  }

  /** One life of journalctl. */
  private final class Run {
    private final JournalOptions from;
    private final Deque<String> lastWords = new ArrayDeque<>();
    private volatile Optional<String> last;
    private boolean settled;

    Run(JournalOptions from) {
      this.from = from;
      this.last = from.after();
    }

    /** Why it has ended. */
    String toItsEnd() throws InterruptedException {
      Process process;
      try {
        process =
            new ProcessBuilder(from.argv())
                .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                .start();
      } catch (IOException cannotRun) {
        return "`%s` cannot be run: %s".formatted(from.program().get(0), cannotRun.getMessage());
      }
      Thread entries = thread("heal-journald-entries", () -> entries(process.getInputStream()));
      Thread words = thread("heal-journald-words", () -> words(process));
      try {
        settled = !process.waitFor(SETTLED_SECONDS, TimeUnit.SECONDS);
        if (settled) {
          sink.found();
        }
        int code = process.waitFor();
        entries.join();
        words.join();
        return why(code);
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        entries.join();
        words.join();
      }
    }

    private Thread thread(String name, Runnable work) {
      Thread made = new Thread(work, name);
      made.setDaemon(true);
      made.start();
      return made;
    }

    private void entries(InputStream output) {
      LineCutter lines = new LineCutter();
      byte[] buffer = new byte[BUFFER_BYTES];
      try (output) {
        for (int count = output.read(buffer); count >= 0; count = output.read(buffer)) {
          Optional<String> before = last;
          lines.feed(buffer, count, this::line);
          last.filter(cursor -> !last.equals(before)).ifPresent(sink::upTo);
        }
      } catch (IOException closed) {
        return; // it was ended; the entry that was not whole is read again
      }
    }

    private void line(String text, boolean cut, long end) {
      Optional<JournalEntry> entry = cut ? Optional.empty() : EntryReader.read(text);
      if (entry.isEmpty()) {
        sink.unreadable(text);
        return;
      }
      last = Optional.of(entry.get().cursor());
      sink.entry(entry.get());
    }

    private void words(Process process) {
      try (BufferedReader reader = process.errorReader()) {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          synchronized (lastWords) {
            lastWords.addLast(line);
            if (lastWords.size() > LAST_WORDS) {
              lastWords.removeFirst();
            }
          }
          sink.said(line);
        }
      } catch (IOException closed) {
        return; // it was ended
      }
    }

    private String why(int code) {
      synchronized (lastWords) {
        String words = String.join(" / ", List.copyOf(lastWords));
        return "journalctl ended with %d%s".formatted(code, words.isEmpty() ? "" : ": " + words);
      }
    }
  }
}
