package dev.heal.engine.rule;

import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import java.util.Objects;

/**
 * In the session while a raised fault suppresses its children by one of its {@code suppresses}: its
 * repair is due, running or confirmed, or it is within its {@code within}.
 */
public final class Suppressing {
  private final String fault;
  private final int statement;
  private final EntityId entity;

  /**
   * @param statement which {@code suppresses} of the fault, from 1
   */
  public Suppressing(String fault, int statement, EntityId entity) {
    if (statement < 1) {
      throw new IllegalArgumentException("statement " + statement);
    }
    this.fault = fault;
    this.statement = statement;
    this.entity = entity;
  }

  public String getFault() {
    return fault;
  }

  public int getStatement() {
    return statement;
  }

  public EntityId getEntity() {
    return entity;
  }

  FaultInstance instance() {
    return new FaultInstance(fault, entity);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Suppressing that
        && fault.equals(that.fault)
        && statement == that.statement
        && entity.equals(that.entity);
  }

  @Override
  public int hashCode() {
    return Objects.hash(fault, statement, entity);
  }
}
