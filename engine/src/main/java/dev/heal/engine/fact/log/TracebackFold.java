package dev.heal.engine.fact.log;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.heal.engine.fact.log.LogEvent.Action;
import dev.heal.engine.fact.log.LogEvent.FieldValue;
import dev.heal.engine.fact.log.LogEvent.Severity;
import dev.heal.engine.fact.log.LogEvent.Subject;
import dev.heal.engine.source.log.LogLine;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Folds a Python traceback, chained ones included, into one event with its last exception. */
final class TracebackFold {
  static final String START = "Traceback (most recent call last):";
  private static final Pattern EXCEPTION =
      Pattern.compile("^([A-Za-z_][\\w.]*)(?::|$)\\s?(.*)$", Pattern.DOTALL);
  private static final int MOST_LINES = 1_000;

  private boolean open;
  private boolean inStack;
  private String prefix = "";
  private int lines;
  private Optional<LogLine> ending = Optional.empty();
  private String exception = "";

  boolean open() {
    return open;
  }

  /** Whether the line is part of a traceback. Call {@link #flush} first where it is not. */
  boolean offer(LogLine line) {
    String message = line.message();
    int start = message.indexOf(START);
    if (start >= 0) {
      open = true;
      inStack = true;
      lines = 0;
      prefix = message.substring(0, start);
      return true;
    }
    if (!open || ++lines > MOST_LINES) {
      return false;
    }
    if (!message.startsWith(prefix)) {
      return (!inStack || prefix.isBlank()) && message.isBlank();
    }
    String text = message.substring(prefix.length());
    if (text.isBlank()) {
      return true;
    }
    if (inStack) {
      if (!text.startsWith(" ") && !text.startsWith("\t")) {
        Matcher matcher = EXCEPTION.matcher(text);
        exception = matcher.find() ? matcher.group(1) : "";
        ending = Optional.of(line);
        inStack = false;
      }
      return true;
    }
    return text.startsWith("During handling of the above exception")
        || text.startsWith("The above exception was the direct cause");
  }

  /** The exception's line is looked at as any other line too; this says that it just came. */
  boolean justEnded(LogLine line) {
    return ending.isPresent() && ending.get().number() == line.number();
  }

  /** Whether another line can change nothing but begin a chained traceback. */
  boolean waiting() {
    return open && (!inStack || lines > MOST_LINES);
  }

  /** Ends the traceback; empty where its exception never came. */
  Optional<LogEvent> flush() {
    Optional<LogEvent> event =
        ending.map(
            line -> {
              Map<String, FieldValue> fields = new LinkedHashMap<>();
              fields.put("exception", new FieldValue.Text(exception));
              return new Finding(
                      "python_traceback",
                      Subject.SERVICE,
                      fields,
                      Severity.ERROR,
                      Action.RESTART_APP)
                  .at(line);
            });
    open = false;
    inStack = false;
    ending = Optional.empty();
    return event;
  }
}
