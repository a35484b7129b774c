package dev.heal.engine.rule;

import dev.heal.engine.fact.EntityId;
import java.util.Objects;

/**
 * In the session while an entity has to do with another: a job with each of its nodes, an entity
 * with itself. Two entities share a node, say, when both are related to the same one.
 */
public final class Related {
  private final EntityId entity;
  private final EntityId to;

  public Related(EntityId entity, EntityId to) {
    this.entity = entity;
    this.to = to;
  }

  public EntityId getEntity() {
    return entity;
  }

  /** The kind of the other, as the language spells it. */
  public String getKind() {
    return to.kind().word();
  }

  public EntityId getTo() {
    return to;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Related that && entity.equals(that.entity) && to.equals(that.to);
  }

  @Override
  public int hashCode() {
    return Objects.hash(entity, to);
  }
}
