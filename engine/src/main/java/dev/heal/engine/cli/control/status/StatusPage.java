package dev.heal.engine.cli.control.status;

import dev.heal.engine.decide.Halt;
import dev.heal.engine.loop.live.LoopView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A running engine, as it is to be shown.
 *
 * @param about who it is
 * @param policies what decides
 * @param loop how all stands
 */
public record StatusPage(About about, PoliciesInForce policies, LoopView loop) {
  /**
   * Who an engine is.
   *
   * @param since when it began, nanoseconds since the epoch
   */
  public record About(String version, String node, long process, Path state, long since) {}

  /** What it may do now; the most important is said first. */
  public enum Mode {
    /** The journal takes nothing, and so nothing is touched. */
    JOURNAL_NOT_WRITABLE,
    PAUSED,
    BREAKER_OPEN,
    MAINTENANCE,
    /** No policy acts. */
    OBSERVING,
    ENFORCING;

    /** {@code breaker_open}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** All that holds, the most important first; never empty. */
  public List<Mode> modes() {
    List<Mode> modes = new ArrayList<>();
    if (loop.journalProblem().isPresent()) {
      modes.add(Mode.JOURNAL_NOT_WRITABLE);
    }
    add(Mode.PAUSED, Halt.Kind.PAUSE, modes);
    add(Mode.BREAKER_OPEN, Halt.Kind.BREAKER, modes);
    add(Mode.MAINTENANCE, Halt.Kind.MAINTENANCE, modes);
    if (!modes.contains(Mode.MAINTENANCE) && !loop.engine().windows().isEmpty()) {
      modes.add(Mode.MAINTENANCE);
    }
    modes.add(policies.act() ? Mode.ENFORCING : Mode.OBSERVING);
    return modes;
  }

  private void add(Mode mode, Halt.Kind kind, List<Mode> modes) {
    if (loop.engine().halts().stream().anyMatch(halt -> halt.kind() == kind)) {
      modes.add(mode);
    }
  }

  /** One line for a service manager: {@code paused; 3 faults, 1 repair, 1 waits for approval}. */
  public String line() {
    long waiting = loop.engine().repairs().stream().filter(r -> r.waitsForApproval()).count();
    return "%s; faults: %d, repairs: %d, waiting for approval: %d"
        .formatted(
            modes().get(0).word().replace('_', ' '),
            loop.engine().faults().size(),
            loop.engine().repairs().size(),
            waiting);
  }
}
