package dev.heal.engine.source.systemd;

import dev.heal.engine.source.hosted.HostedEvent;
import dev.heal.engine.source.posix.WaitStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One unit, as its properties come in: what has happened between two states of them. systemd sends
 * all that may have changed at once, so no end is missed unless it has begun and ended a process
 * between two messages; then the end is told, without how.
 */
final class UnitTrack {
  /** {@code ExecMainCode}: CLD_EXITED of waitid(2); killed and dumped are 2 and 3. */
  private static final int EXITED = 1;

  private static final String EXIT_TIME = "ExecMainExitTimestampMonotonic";
  private static final String OOM = "oom-kill";

  private final String unit;
  private final Map<String, Object> properties = new HashMap<>();
  private boolean known;

  UnitTrack(String unit) {
    this.unit = unit;
  }

  /** Takes what has changed, or all; tells what that means, the state last. */
  List<HostedEvent> take(Map<String, Object> changed) {
    long exitBefore = number(EXIT_TIME);
    long pidBefore = number("ExecMainPID");
    boolean ranBefore = running();
    String resultBefore = text("Result");
    properties.putAll(changed);
    List<HostedEvent> events = new ArrayList<>();
    if (known) {
      if (text("Result").equals(OOM) && !resultBefore.equals(OOM)) {
        events.add(new HostedEvent.OomKilled(unit));
      }
      if (number(EXIT_TIME) > exitBefore) {
        events.add(exit());
      } else if (ranBefore && pidBefore != 0 && number("ExecMainPID") != pidBefore) {
        events.add(new HostedEvent.Exited(unit, OptionalInt.empty(), Optional.empty()));
      }
    }
    known = true;
    events.add(state());
    return events;
  }

  /** How it is now, as far as systemd has said. */
  HostedEvent state() {
    return new HostedEvent.State(
        unit,
        running(),
        properties.containsKey("NRestarts")
            ? OptionalLong.of(number("NRestarts"))
            : OptionalLong.empty());
  }

  /** {@code not-found}, {@code masked}: it cannot run, whatever is done. */
  Optional<String> unloaded() {
    String load = text("LoadState");
    return load.isEmpty() || load.equals("loaded") ? Optional.empty() : Optional.of(load);
  }

  /**
   * Its main process is alive; of a unit that has none, whether systemd calls it running. (The word
   * comes in another message than the process, and may be older.)
   */
  boolean running() {
    boolean hasMain = number("ExecMainPID") != 0;
    return number("MainPID") != 0 || (!hasMain && text("SubState").equals("running"));
  }

  private HostedEvent exit() {
    int status = (int) number("ExecMainStatus");
    return number("ExecMainCode") == EXITED
        ? new HostedEvent.Exited(unit, OptionalInt.of(status), Optional.empty())
        : new HostedEvent.Exited(unit, OptionalInt.empty(), Optional.of(WaitStatus.name(status)));
  }

  private long number(String property) {
    return properties.get(property) instanceof Number number ? number.longValue() : 0;
  }

  private String text(String property) {
    return properties.get(property) instanceof String text ? text : "";
  }
}
