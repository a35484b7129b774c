package dev.heal.engine.cli.control;

import picocli.CommandLine.Command;

/** {@code heal approve}. */
@Command(name = "approve", description = "Lets a repair begin that waits for your approval.")
public final class ApproveOptions extends RepairOptions {
  public ApproveOptions() {
    super("approve");
  }
}
