package dev.heal.engine.source.scheduling;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The one line of a command of the site. */
final class StateLine {
  private static final int SHOWN = 80;
  private static final Pattern CORDONED =
      Pattern.compile("cordoned(?: by ([^\\s,\\p{Cntrl}]{1,64}))?");
  private static final String WORDS =
      "it says `schedulable`, `cordoned`, `cordoned by NAME` or `down`, in one line";

  private StateLine() {}

  /**
   * @param program what has said it
   * @param said all lines of its stdout
   */
  static StateAnswer read(String program, List<String> said) {
    if (said.size() != 1) {
      return trouble(program, said.isEmpty() ? "nothing" : "more than one line");
    }
    String line = said.get(0).strip();
    if (line.equals("schedulable")) {
      return new StateAnswer.Known(NodeState.SCHEDULABLE);
    }
    if (line.equals("down")) {
      return new StateAnswer.Known(NodeState.DOWN);
    }
    Matcher cordoned = CORDONED.matcher(line);
    return cordoned.matches()
        ? new StateAnswer.Known(NodeState.cordoned(Optional.ofNullable(cordoned.group(1))))
        : trouble(program, "`" + line.substring(0, Math.min(SHOWN, line.length())) + "`");
  }

  private static StateAnswer trouble(String program, String what) {
    return new StateAnswer.Trouble("`%s` has said %s: %s".formatted(program, what, WORDS));
  }
}
