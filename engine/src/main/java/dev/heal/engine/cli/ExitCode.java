package dev.heal.engine.cli;

/** What {@code heal} tells the shell. The numbers are part of the interface: they never change. */
public enum ExitCode {
  FINE(0, "fine"),
  TOOL_FAILED(
      1, "the tool failed: facts cannot be read, a file cannot be written, or an internal error"),
  USAGE(2, "the command line is wrong"),
  POLICY_ERRORS(
      3, "errors in policies, or one cannot be read; with fmt --check: a file would change"),
  POLICY_WARNINGS(4, "warnings in policies, with --deny-warnings"),
  TESTS_FAILED(5, "tests failed"),
  PROPERTY_VIOLATED(6, "a checked property does not hold"),
  ENGINE_REFUSED(7, "the running engine refused: nothing of that name or number, or not allowed"),
  /** What a shell reports for any tool that writes into a closed pipe: 128 + SIGPIPE. */
  READER_GONE(141, "whoever read the output went away, as in `heal … | head`");

  private final int number;
  private final String meaning;

  ExitCode(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  /** The process exit status. */
  public int number() {
    return number;
  }

  /** One line, for {@code --help}. */
  public String meaning() {
    return meaning;
  }
}
