package dev.heal.engine.fact;

import java.util.ArrayList;
import java.util.List;

/** Collects what changed, in the order in which it came about. */
final class Changes {
  /** Where nothing is looked at, nothing changes. */
  static final Changes NONE = new Changes();

  private final List<FactChange> all = new ArrayList<>();

  void add(FactChange change) {
    all.add(change);
  }

  List<FactChange> toList() {
    return List.copyOf(all);
  }
}
