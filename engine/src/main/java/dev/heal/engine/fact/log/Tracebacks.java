package dev.heal.engine.fact.log;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.heal.engine.source.log.LogLine;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * Folds Python tracebacks, chained and interleaved ones included, into one event each: one open
 * traceback for each writer and prefix ({@code [rank3]: }), at most {@value #MOST_OPEN}.
 */
final class Tracebacks {
  private static final int MOST_OPEN = 64;
  private static final String START = "Traceback (most recent call last):";
  private static final Pattern GROUP = Pattern.compile("^(.*?) *\\+ Exception Group $");

  private final List<Traceback> open = new ArrayList<>();

  /** What a line is to the open tracebacks. */
  enum Part {
    NONE,
    /** Nothing else is to be looked for in it. */
    INSIDE,
    /** The exception: what it says is looked at like any other line. */
    ENDING
  }

  boolean open() {
    return !open.isEmpty();
  }

  /** Takes the line in; tracebacks that it ends are given. */
  Part offer(LogLine line, Consumer<LogEvent> sink) {
    String writer = line.host().orElse("") + ' ' + line.origin().identifier().orElse("");
    int start = line.message().indexOf(START);
    if (start >= 0) {
      begin(line, writer, line.message().substring(0, start), sink);
      int end = line.message().indexOf('\n', start);
      return end < 0 ? Part.INSIDE : inOneLine(line, line.message().substring(end + 1), sink);
    }
    Part part = Part.NONE;
    for (Iterator<Traceback> each = open.iterator(); each.hasNext(); ) {
      Traceback traceback = each.next();
      if (part != Part.NONE || !traceback.isOf(writer)) {
        if (traceback.grownOld()) {
          traceback.event().ifPresent(sink);
          each.remove();
        }
        continue;
      }
      switch (traceback.offer(line)) {
        case INSIDE -> part = Part.INSIDE;
        case ENDING -> part = Part.ENDING;
        case OTHER -> {}
        case OVER -> {
          traceback.event().ifPresent(sink);
          each.remove();
        }
      }
    }
    return part;
  }

  /** journald and JSON loggers keep a whole traceback in one message. */
  private Part inOneLine(LogLine line, String rest, Consumer<LogEvent> sink) {
    Traceback whole = open.remove(open.size() - 1);
    rest.lines().forEach(part -> whole.offer(line.saying(part)));
    whole.event().map(event -> event.saying(line.message())).ifPresent(sink);
    return Part.ENDING;
  }

  private void begin(LogLine line, String writer, String prefix, Consumer<LogEvent> sink) {
    for (int i = 0; i < open.size(); i++) {
      if (open.get(i).isOf(writer) && open.get(i).goesOn(prefix)) {
        open.add(open.remove(i));
        return;
      }
    }
    // the same prefix begins again without a word between: the one before is over
    open.removeIf(
        traceback -> {
          boolean over = traceback.isOf(writer) && traceback.hasPrefix(prefix);
          if (over) {
            traceback.event().ifPresent(sink);
          }
          return over;
        });
    if (open.size() >= MOST_OPEN) {
      open.remove(0).event().ifPresent(sink);
    }
    Matcher group = GROUP.matcher(prefix);
    open.add(
        group.find()
            ? new Traceback(line, writer, group.group(1), true)
            : new Traceback(line, writer, prefix, false));
  }

  /** The end of the log. */
  void flush(Consumer<LogEvent> sink) {
    open.forEach(traceback -> traceback.event().ifPresent(sink));
    open.clear();
  }
}
