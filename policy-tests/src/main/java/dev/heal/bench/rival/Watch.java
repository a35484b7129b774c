package dev.heal.bench.rival;

import dev.heal.engine.fact.EntityId;

/** How far a rule has come on an entity: idle, its threshold crossed since a time, or fired. */
public final class Watch {
  private static final long NEVER = Long.MAX_VALUE;

  private final String policy;
  private final EntityId entity;
  private long since = NEVER;
  private boolean fired;

  Watch(String policy, EntityId entity) {
    this.policy = policy;
    this.entity = entity;
  }

  public String getPolicy() {
    return policy;
  }

  public EntityId getEntity() {
    return entity;
  }

  public boolean isPending() {
    return since != NEVER;
  }

  public boolean isFired() {
    return fired;
  }

  /** Nanoseconds since the threshold was crossed; from now on where it was not. */
  long heldFor(long now) {
    since = Math.min(since, now);
    return now - since;
  }

  void fire() {
    since = NEVER;
    fired = true;
  }

  void rest() {
    since = NEVER;
    fired = false;
  }
}
