package dev.heal.engine.decide;

import dev.heal.engine.fact.EntityId;
import java.util.Collection;
import java.util.NavigableSet;
import java.util.TreeSet;

/** The cordons that are ours: only these are undone. */
public final class Cordons {
  private final NavigableSet<EntityId> ours;

  /** These are ours already. */
  public Cordons(Collection<EntityId> ours) {
    this.ours = new TreeSet<>(ours);
  }

  /** An order was done, or the facts have confirmed that it was. */
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

  /** The node is heard to be cordoned no longer: whoever cordons it next, it is their cordon. */
  public void lifted(EntityId node) {
    ours.remove(node);
  }

  public boolean isOurs(EntityId node) {
    return ours.contains(node);
  }
}
