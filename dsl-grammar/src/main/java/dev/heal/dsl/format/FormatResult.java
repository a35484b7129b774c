package dev.heal.dsl.format;

import dev.heal.dsl.diagnostic.Diagnostic;
import java.util.List;
import java.util.Optional;

/**
 * A file in canonical form, or why it was left alone.
 *
 * @param text empty where the file has syntax errors
 * @param diagnostics of the file's syntax, warnings too
 */
public record FormatResult(Optional<String> text, List<Diagnostic> diagnostics) {
  public FormatResult {
    diagnostics = List.copyOf(diagnostics);
  }
}
