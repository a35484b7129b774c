package dev.heal.engine.cli.run.policy;

import dev.heal.engine.reload.PolicyLoader;
import java.util.List;
import java.util.Optional;

/**
 * What an engine begins with.
 *
 * @param loaded policies that were not refused
 * @param notes what an operator must know of them, a line each: that the files were refused, and
 *     what is in force instead
 * @param kept whether it is a generation of before, whatever lies in the files
 * @param withdrawn the digest of files that were rolled back, and still lie there
 */
record Start(
    PolicyLoader.Loaded loaded, List<String> notes, boolean kept, Optional<String> withdrawn) {
  Start {
    notes = List.copyOf(notes);
  }
}
