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
import java.util.Set;

/** One open traceback of one writer, from its first line to what cannot belong to it. */
final class Traceback {
  private static final int MOST_LINES = 1_000;
  private static final Pattern EXCEPTION =
      Pattern.compile("^((?:[A-Za-z_]\\w*\\.)+[A-Za-z_]\\w*|[A-Z_]\\w*)(?:: ?|$)", Pattern.DOTALL);

  /** The further lines of PyTorch's messages. */
  private static final Pattern REST_OF_MESSAGE =
      Pattern.compile(
          "^(?:CUDA kernel errors might be|For debugging consider passing|Compile with `?TORCH_USE_CUDA_DSA"
              + "|Device-side assertion|Exception raised from |frame #\\d+: |ncclUnhandledCudaError|ncclSystemError"
              + "|ncclInternalError|ncclRemoteError|Last error:)");

  private static final Set<String> NO_EXCEPTIONS =
      Set.of("DEBUG", "INFO", "NOTICE", "WARN", "WARNING", "ERROR", "CRITICAL", "FATAL", "TRACE");
  private static final Pattern TIME = Pattern.compile("\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d+)?");

  private final LogLine first;
  private final String writer;
  private final boolean group;
  private String prefix;
  private boolean prefixSure;
  private boolean chained;
  private int lines;
  private Optional<LogLine> ending = Optional.empty();
  private String exception = "";

  /** What a line is to it. */
  enum Answer {
    INSIDE,
    ENDING,
    /** Somebody else's, in between. */
    OTHER,
    /** It was over before this line. */
    OVER
  }

  Traceback(LogLine first, String writer, String prefix, boolean group) {
    this.first = first;
    this.writer = writer;
    this.prefix = prefix;
    this.group = group;
    this.prefixSure = prefix.isEmpty();
  }

  boolean isOf(String other) {
    return writer.equals(other);
  }

  boolean hasPrefix(String other) {
    return other.length() == prefix.length() && fits(other);
  }

  /** Whether a new first line with this prefix is its chained part. */
  boolean goesOn(String other) {
    if (group && other.strip().startsWith("|")) {
      return true;
    }
    if (!hasPrefix(other) || !chained) {
      return false;
    }
    chained = false;
    ending = Optional.empty();
    return true;
  }

  boolean grownOld() {
    return ++lines > MOST_LINES;
  }

  Answer offer(LogLine line) {
    if (grownOld()) {
      return Answer.OVER;
    }
    String message = line.message();
    if (!prefixSure) {
      // a logger's words stand before the first line only
      prefix = message.startsWith("  File ") ? "" : prefix;
      prefixSure = true;
    }
    if (!fits(message)) {
      return message.isBlank() && prefix.isBlank() ? Answer.INSIDE : Answer.OTHER;
    }
    String text = message.substring(prefix.length());
    if (text.isBlank()) {
      return Answer.INSIDE;
    }
    if (group) {
      return inGroup(line, text);
    }
    return ending.isEmpty() ? inStack(line, text) : behind(text);
  }

  private Answer inGroup(LogLine line, String text) {
    String bare = text.strip();
    if (!bare.startsWith("|") && !bare.startsWith("+-")) {
      return Answer.OVER;
    }
    if (ending.isEmpty() && bare.startsWith("| ") && !bare.startsWith("|  ")) {
      return inStack(line, bare.substring(2));
    }
    return Answer.INSIDE;
  }

  private Answer inStack(LogLine line, String text) {
    if (text.startsWith(" ") || text.startsWith("\t")) {
      return Answer.INSIDE;
    }
    Matcher matcher = EXCEPTION.matcher(text);
    if (!matcher.find() || NO_EXCEPTIONS.contains(matcher.group(1))) {
      return Answer.OTHER;
    }
    exception = matcher.group(1);
    ending = Optional.of(line);
    return Answer.ENDING;
  }

  private Answer behind(String text) {
    if (text.startsWith("During handling of the above exception")
        || text.startsWith("The above exception was the direct cause")) {
      chained = true;
      return Answer.INSIDE;
    }
    return REST_OF_MESSAGE.matcher(text).find() ? Answer.INSIDE : Answer.OVER;
  }

  /** The prefix, with any time of day where it has one. */
  private boolean fits(String message) {
    if (message.startsWith(prefix)) {
      return true;
    }
    if (message.length() < prefix.length() || prefix.isEmpty()) {
      return false;
    }
    Matcher time = TIME.matcher(prefix);
    if (!time.find()) {
      return false;
    }
    for (int i = 0; i < prefix.length(); i++) {
      boolean digits =
          i >= time.start()
              && i < time.end()
              && Character.isDigit(prefix.charAt(i))
              && Character.isDigit(message.charAt(i));
      if (!digits && prefix.charAt(i) != message.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** The event of the whole; its exception is missing where the log ends before it. */
  Optional<LogEvent> event() {
    if (ending.isEmpty() && lines > MOST_LINES && exception.isEmpty()) {
      return Optional.empty();
    }
    Map<String, FieldValue> fields = new LinkedHashMap<>();
    if (!exception.isEmpty()) {
      fields.put("exception", new FieldValue.Text(exception));
    }
    LogLine line = ending.orElse(first);
    LogEvent event =
        new Finding("python_traceback", Subject.SERVICE, fields, Severity.ERROR, Action.RESTART_APP)
            .at(line);
    return Optional.of(event);
  }
}
