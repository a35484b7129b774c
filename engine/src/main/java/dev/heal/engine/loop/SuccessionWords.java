package dev.heal.engine.loop;

import dev.heal.engine.fact.Succession;
import dev.heal.engine.fact.Succession.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What a generation changes, in a line for operators. */
final class SuccessionWords {
  /** More than so many are counted, not named. */
  private static final int MOST_NAMED = 3;

  private SuccessionWords() {}

  /** {@code fault `hot` has other numbers; 12 policies are new}; {@code nothing means another}. */
  static String of(Succession succession) {
    List<String> parts = new ArrayList<>();
    add(parts, "fault", "faults", succession.faults(Kind.NUMBERS), " with other numbers");
    add(parts, "fault", "faults", succession.faults(Kind.CONDITION), " with another condition");
    add(parts, "fault", "faults", succession.faults(Kind.RENAMED), " renamed");
    add(parts, "fault", "faults", succession.faults(Kind.NEW), " new");
    add(parts, "fault", "faults", gone(succession), " gone");
    add(parts, "policy", "policies", succession.changedPolicies(), " changed");
    add(parts, "policy", "policies", succession.newPolicies(), " new");
    add(parts, "policy", "policies", succession.gonePolicies(), " gone");
    if (!succession.isSameSite()) {
      parts.add("the site changed");
    }
    return parts.isEmpty() ? "all means what it meant before" : String.join("; ", parts);
  }

  /** Those that are only called otherwise are not gone. */
  private static List<String> gone(Succession succession) {
    return succession.faults(Kind.GONE).stream()
        .filter(name -> succession.fate(name).other().isEmpty())
        .toList();
  }

  private static void add(
      List<String> parts, String one, String many, Collection<String> names, String what) {
    if (names.isEmpty()) {
      return;
    }
    parts.add(
        names.size() > MOST_NAMED
            ? names.size() + " " + many + what
            : (names.size() == 1 ? one : many) + " `" + String.join("`, `", names) + "`" + what);
  }
}
