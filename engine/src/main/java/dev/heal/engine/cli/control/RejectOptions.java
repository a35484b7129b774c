package dev.heal.engine.cli.control;

import picocli.CommandLine.Command;

/** {@code heal reject}. */
@Command(
    name = "reject",
    description = "Refuses a repair that waits for your approval; its fault is left to you.")
public final class RejectOptions extends RepairOptions {
  public RejectOptions() {
    super("reject");
  }
}
