package dev.heal.engine.source.journald;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What to read.
 *
 * @param program {@code journalctl}, and what is to stand behind it
 * @param units whose entries
 * @param kernel whether the kernel's, too
 * @param after the cursor of the last entry that was taken; empty to begin with what is new
 */
public record JournalOptions(
    List<String> program, Set<String> units, boolean kernel, Optional<String> after) {
  /** The program of this host. */
  public static final List<String> JOURNALCTL = List.of("journalctl");

  public JournalOptions {
    program = List.copyOf(program);
    units = Set.copyOf(units);
    if (program.isEmpty() || (units.isEmpty() && !kernel)) {
      throw new IllegalArgumentException("nothing to read");
    }
  }

  JournalOptions goingOnAfter(Optional<String> cursor) {
    return new JournalOptions(program, units, kernel, cursor);
  }

  /** The command. Matches of different fields are joined by {@code +}, which means or. */
  List<String> argv() {
    List<String> argv = new ArrayList<>(program);
    argv.addAll(
        List.of(
            "--follow",
            "--quiet",
            "--output=json",
            "--all", // or what is longer than 4 KiB is left out
            // without the host: it is this one, whatever it calls itself
            "--output-fields=MESSAGE,PRIORITY,SYSLOG_IDENTIFIER,_COMM,_PID,_SYSTEMD_UNIT,_TRANSPORT"));
    if (after.isPresent()) {
      argv.add("--no-tail");
      argv.add("--after-cursor=" + after.get());
    } else {
      // not `--lines=0`, which never shows anything of a unit that has written nothing before
      argv.add("--since=now");
    }
    new TreeSet<>(units).forEach(unit -> argv.add("_SYSTEMD_UNIT=" + unit));
    if (kernel) {
      if (!units.isEmpty()) {
        argv.add("+");
      }
      argv.add("_TRANSPORT=kernel");
    }
    return argv;
  }
}
