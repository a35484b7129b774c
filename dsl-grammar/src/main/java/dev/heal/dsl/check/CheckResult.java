package dev.heal.dsl.check;

import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.policy.CheckedPolicy;
import java.util.List;
import java.util.Optional;

/**
 * What a check found.
 *
 * @param policy there if and only if no diagnostic is an error
 */
public record CheckResult(List<Diagnostic> diagnostics, Optional<CheckedPolicy> policy) {
  public CheckResult {
    diagnostics = List.copyOf(diagnostics);
  }
}
