package dev.heal.engine.rule;

import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;

/**
 * In the session while the fault is raised on the entity. A class with getters: DRL text names it.
 */
public final class RaisedFault {
  private final String fault;
  private final EntityId entity;

  public RaisedFault(String fault, EntityId entity) {
    this.fault = fault;
    this.entity = entity;
  }

  public String getFault() {
    return fault;
  }

  public EntityId getEntity() {
    return entity;
  }

  FaultInstance instance() {
    return new FaultInstance(fault, entity);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RaisedFault that
        && fault.equals(that.fault)
        && entity.equals(that.entity);
  }

  @Override
  public int hashCode() {
    return fault.hashCode() * 31 + entity.hashCode();
  }
}
