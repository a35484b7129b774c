package dev.heal.engine.cli.run.policy;

import dev.heal.dsl.diagnostic.Diagnostic;
import java.io.IOException;
import java.util.List;

/** There are no policies that an engine could begin with. */
public final class RefusedPolicies extends IOException {
  private static final long serialVersionUID = 1L;

  private final String help;
  private final transient List<Diagnostic> errors;

  RefusedPolicies(String text, String help, List<Diagnostic> diagnostics) {
    super(text);
    this.help = help;
    this.errors = diagnostics.stream().filter(Diagnostic::isError).toList();
  }

  /** Why: lower case, no full stop. */
  public String text() {
    return String.valueOf(getMessage());
  }

  /** What to do about it; may be empty. */
  public String help() {
    return help;
  }

  /** What the check found; empty where it did not come so far. */
  public List<Diagnostic> errors() {
    return errors == null ? List.of() : errors;
  }
}
