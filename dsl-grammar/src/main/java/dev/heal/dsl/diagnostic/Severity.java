package dev.heal.dsl.diagnostic;

/** How bad a diagnostic is: an error keeps a file from being used, a warning does not. */
public enum Severity {
  ERROR,
  WARNING
}
