package dev.heal.engine.fact.log;

import dev.heal.engine.source.log.StampRules;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * What a log does not say about itself. Immutable; the same log with the same options gives the
 * same facts always.
 *
 * @param node the host of lines that do not name it
 * @param service the service of lines that do not name it
 * @param stamps how times are completed
 * @param driverBranch the first number of the driver's version. Where it is not given, the log's
 *     own lines tell it; until then registers are read as of the newest driver, or as of the one
 *     before R575 where only that gives the unit that the line names.
 */
public record LogOptions(String node, String service, StampRules stamps, OptionalInt driverBranch) {
  public LogOptions {
    Objects.requireNonNull(stamps);
    Objects.requireNonNull(driverBranch);
    if (node.isBlank() || service.isBlank()) {
      throw new IllegalArgumentException("a node and a service need names");
    }
  }

  /** Nothing is known. */
  public static LogOptions none() {
    return new LogOptions("localhost", "service", StampRules.NONE, OptionalInt.empty());
  }

  /** The same with other rules for times. */
  public LogOptions with(StampRules other) {
    return new LogOptions(node, service, other, driverBranch);
  }
}
