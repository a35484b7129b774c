package dev.heal.dsl.check;

import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Tune;
import java.util.List;
import java.util.Optional;

/**
 * What a check found.
 *
 * @param policy there if and only if no diagnostic is an error
 * @param tunes the numbers that may be set while an engine runs; those without an error of their
 *     own
 */
public record CheckResult(
    List<Diagnostic> diagnostics, Optional<CheckedPolicy> policy, List<Tune> tunes) {
  public CheckResult {
    diagnostics = List.copyOf(diagnostics);
    tunes = List.copyOf(tunes);
  }

  /** Without tunes. */
  public CheckResult(List<Diagnostic> diagnostics, Optional<CheckedPolicy> policy) {
    this(diagnostics, policy, List.of());
  }
}
