package dev.heal.engine.cli;

import java.io.IOException;

/**
 * One command of {@code heal}. An implementation is a final class with picocli's {@code @Option}
 * and {@code @Parameters} on its fields and {@code @Command} on itself; {@link Commands} names it.
 * The frame adds {@code --help}, reports usage errors and maps what is thrown to an exit code.
 */
public interface Subcommand {
  /**
   * Runs the command once, its fields filled from the command line.
   *
   * @throws UsageException where the options contradict each other
   * @throws IOException where a file cannot be read or written; its message reaches the operator
   */
  ExitCode run(Console console) throws IOException;

  /** Whose annotated fields are filled from the command line. */
  default Object options() {
    return this;
  }
}
