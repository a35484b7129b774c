package dev.heal.engine.source.scheduling;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The line of {@code scontrol show node NAME --oneliner}: {@code State=IDLE+DRAIN … Reason=heal:
 * hot (r1-7) [root@2026-11-27T20:11:05]}. The states and flags are those of the manual pages of
 * scontrol and sinfo; older versions write some flags as a character behind the state.
 */
final class SlurmNode {
  private static final Pattern NAME = Pattern.compile("NodeName=(\\S+) .*");
  private static final Pattern STATE =
      Pattern.compile(" State=([A-Z_]+)([^ A-Z+]*)((?:\\+[A-Z_]+\\S?)*)(?= |$)");
  private static final Pattern WHO =
      Pattern.compile("\\[([^\\s\\[\\]@,]+)@\\d{4}-\\d\\d-\\d\\dT[\\d:]+](?=$| Comment=| Extra=)");
  private static final String REASON = " Reason=";

  /** Somebody has said that nothing is to be placed there. */
  private static final Set<String> DRAINED = Set.of("DRAIN", "DRAINING", "DRAINED");

  /** Works, and takes work. */
  private static final Set<String> UP = Set.of("IDLE", "ALLOCATED", "MIXED", "COMPLETING");

  /** Does not; {@code UNKNOWN} is no state. */
  private static final Set<String> NOT_UP =
      Set.of("DOWN", "ERROR", "FAIL", "FAILING", "FUTURE", "INVAL", "MAINT", "REBOOT");

  /** With these it takes work all the same, of some at least; with any other it does not. */
  private static final Set<String> HARMLESS =
      Set.of("CLOUD", "COMPLETING", "DYNAMIC_NORM", "PLANNED", "RESERVED");

  /** Behind the state: planned for a job. All others say that nothing can be placed there now. */
  private static final String HARMLESS_SIGN = "-";

  private SlurmNode() {}

  /**
   * @param name what Slurm calls the node
   * @param said what scontrol has said
   */
  static StateAnswer read(String name, List<String> said) {
    String line = said.stream().filter(one -> !one.isBlank()).findFirst().orElse("").strip();
    Matcher named = NAME.matcher(line);
    int reason = line.indexOf(REASON);
    Matcher state = STATE.matcher(reason < 0 ? line : line.substring(0, reason));
    if (!named.matches() || !named.group(1).equals(name) || !state.find()) {
      return new StateAnswer.Trouble(
          "scontrol has said nothing about the state of `%s`".formatted(name));
    }
    Set<String> flags = new HashSet<>(List.of(state.group(3).split("\\+", -1)));
    flags.remove("");
    String base = state.group(1);
    if (DRAINED.contains(base) || flags.removeIf(DRAINED::contains)) {
      return new StateAnswer.Known(
          NodeState.cordoned(reason < 0 ? Optional.empty() : who(line.substring(reason))));
    }
    if (!UP.contains(base) && !NOT_UP.contains(base)) {
      return new StateAnswer.Trouble(
          "Slurm says that `%s` is %s: that is no state".formatted(name, base));
    }
    boolean takesWork =
        UP.contains(base)
            && HARMLESS.containsAll(flags)
            && (state.group(2).isEmpty() || state.group(2).equals(HARMLESS_SIGN));
    return new StateAnswer.Known(takesWork ? NodeState.SCHEDULABLE : NodeState.DOWN);
  }

  /** Slurm puts it behind the reason; a reason may hold anything, and other texts may follow. */
  private static Optional<String> who(String reason) {
    Matcher who = WHO.matcher(reason);
    return who.find() ? Optional.of(who.group(1)) : Optional.empty();
  }
}
