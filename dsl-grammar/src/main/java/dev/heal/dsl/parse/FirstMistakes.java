package dev.heal.dsl.parse;

import dev.heal.dsl.diagnostic.Diagnostic;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;

/**
 * The mistakes of a file, up to a number that no person reads to the end: a file of another kind
 * may have one in each of its million characters.
 */
final class FirstMistakes extends AbstractList<Diagnostic> {
  static final int MOST = 1_000;

  private final List<Diagnostic> kept = new ArrayList<>();

  /** Whether enough was found; what comes behind is not looked at. */
  static boolean areEnough(List<Diagnostic> diagnostics) {
    return diagnostics.size() >= MOST;
  }

  @Override
  public boolean add(Diagnostic diagnostic) {
    return kept.size() < MOST && kept.add(diagnostic);
  }

  @Override
  public Diagnostic get(int index) {
    return kept.get(index);
  }

  @Override
  public Diagnostic set(int index, Diagnostic diagnostic) {
    return kept.set(index, diagnostic);
  }

  @Override
  public int size() {
    return kept.size();
  }
}
