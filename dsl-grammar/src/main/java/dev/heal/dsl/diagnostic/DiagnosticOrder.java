package dev.heal.dsl.diagnostic;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The order in which diagnostics are shown: by file, then by place, then by code. */
public final class DiagnosticOrder {
  private static final Comparator<Diagnostic> BY_PLACE =
      Comparator.comparing((Diagnostic d) -> d.span().file().name())
          .thenComparingInt(d -> d.span().start())
          .thenComparingInt(d -> d.span().end())
          .thenComparing(Diagnostic::code)
          .thenComparing(Diagnostic::message);

  private DiagnosticOrder() {}

  public static List<Diagnostic> sorted(List<Diagnostic> diagnostics) {
    return diagnostics.stream().sorted(BY_PLACE).toList();
  }

  /** How many files the diagnostics are in. */
  static int files(List<Diagnostic> diagnostics) {
    Set<String> names = new LinkedHashSet<>();
    diagnostics.forEach(d -> names.add(d.span().file().name()));
    return names.size();
  }
}
