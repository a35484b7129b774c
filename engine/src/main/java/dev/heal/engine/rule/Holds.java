package dev.heal.engine.rule;

import dev.heal.engine.fact.EntityId;

/** In the session while the {@code where} of a policy holds on the entity. */
public final class Holds {
  private final String policy;
  private final EntityId entity;

  public Holds(String policy, EntityId entity) {
    this.policy = policy;
    this.entity = entity;
  }

  public String getPolicy() {
    return policy;
  }

  public EntityId getEntity() {
    return entity;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Holds that && policy.equals(that.policy) && entity.equals(that.entity);
  }

  @Override
  public int hashCode() {
    return policy.hashCode() * 31 + entity.hashCode();
  }
}
