package dev.heal.engine.reload.files;

import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.check.Checker;
import dev.heal.dsl.check.ImportResolver;
import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.text.SourceFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A whole set of texts, as it was at one moment. The same digest, the same texts.
 *
 * @param sources in the order in which they are checked
 * @param unreadable those that are there and are no texts
 * @param imports finds what they import, as it was at that moment too
 * @param digest {@code sha256:…} of all that a check may read of them
 * @param origin where they come from, in the operator's words
 */
public record PolicyTexts(
    List<SourceFile> sources,
    List<Diagnostic> unreadable,
    ImportResolver imports,
    String digest,
    String origin) {
  public PolicyTexts {
    sources = List.copyOf(sources);
    unreadable = List.copyOf(unreadable);
  }

  /** Checks them as one whole, with whatever kept one of them from being read. */
  public CheckResult check() {
    return check(Map.of());
  }

  /**
   * The same, with other values for some tunes.
   *
   * @param tuned values as a file would spell them, by the names of the tunes
   */
  public CheckResult check(Map<String, String> tuned) {
    CheckResult result = Checker.check(sources, imports, tuned);
    if (unreadable.isEmpty()) {
      return result;
    }
    List<Diagnostic> all = new ArrayList<>(unreadable);
    all.addAll(result.diagnostics());
    return new CheckResult(all, Optional.empty(), result.tunes());
  }
}
