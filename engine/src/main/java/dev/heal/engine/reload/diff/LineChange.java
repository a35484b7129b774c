package dev.heal.engine.reload.diff;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is different in a line: of a list each entry, of a condition each number where it can be.
 */
record LineChange(String field, Optional<String> before, Optional<String> after) {

  static List<LineChange> of(
      String field, Optional<Facets.Facet> before, Optional<Facets.Facet> after) {
    if (before.isPresent() && after.isPresent()) {
      Facets.Facet was = before.get();
      Facets.Facet is = after.get();
      if (was.condition().isPresent() && is.condition().isPresent()) {
        Optional<List<Thresholds.Moved>> moved =
            Thresholds.between(was.condition().get(), is.condition().get());
        if (moved.isPresent()) {
          return numbers(field, moved.get());
        }
      }
      if (was.entries().isPresent() && is.entries().isPresent()) {
        List<LineChange> entries = entries(field, was.entries().get(), is.entries().get());
        if (!entries.isEmpty()) {
          return entries;
        }
      }
    }
    return List.of(
        new LineChange(field, before.map(Facets.Facet::text), after.map(Facets.Facet::text)));
  }

  private static List<LineChange> numbers(String field, List<Thresholds.Moved> moved) {
    return moved.stream()
        .map(
            m ->
                new LineChange(
                    field + " " + m.field(), Optional.of(m.before()), Optional.of(m.after())))
        .toList();
  }

  /** None where both hold the same in another order. */
  private static List<LineChange> entries(String field, List<String> before, List<String> after) {
    List<String> gone = new ArrayList<>(before);
    after.forEach(gone::remove);
    List<String> fresh = new ArrayList<>(after);
    before.forEach(fresh::remove);
    if (gone.size() == 1 && fresh.size() == 1) {
      return List.of(new LineChange(field, Optional.of(gone.get(0)), Optional.of(fresh.get(0))));
    }
    List<LineChange> changes = new ArrayList<>();
    gone.forEach(entry -> changes.add(new LineChange(field, Optional.of(entry), Optional.empty())));
    fresh.forEach(
        entry -> changes.add(new LineChange(field, Optional.empty(), Optional.of(entry))));
    return changes;
  }
}
