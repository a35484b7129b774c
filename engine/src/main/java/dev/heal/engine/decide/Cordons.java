package dev.heal.engine.decide;

import dev.heal.engine.fact.EntityId;
import java.util.NavigableSet;
import java.util.TreeSet;

/** The cordons that are ours: only these are undone. */
public final class Cordons {
  private final NavigableSet<EntityId> ours = new TreeSet<>();

  /** An order was done. */
  public void done(String verb, EntityId target) {
    if (verb.equals("cordon") || verb.equals("drain")) {
      ours.add(target);
    } else if (verb.equals("uncordon")) {
      ours.remove(target);
    }
  }

  /** All that are ours. */
  public NavigableSet<EntityId> kept() {
    return new TreeSet<>(ours);
  }

  /** Goes on from what was kept elsewhere. */
  public void goOnWith(NavigableSet<EntityId> kept) {
    ours.addAll(kept);
  }

  public boolean isOurs(EntityId node) {
    return ours.contains(node);
  }
}
