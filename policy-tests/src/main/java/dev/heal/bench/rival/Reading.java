package dev.heal.bench.rival;

import dev.heal.engine.fact.EntityId;

/** The last value of one signal of one entity, updated in place, as users of rule engines do. */
public final class Reading {
  private final EntityId entity;
  private final String signal;
  private double value;
  private long at;

  Reading(EntityId entity, String signal, double value, long at) {
    this.entity = entity;
    this.signal = signal;
    this.value = value;
    this.at = at;
  }

  void set(double newValue, long newAt) {
    value = newValue;
    at = newAt;
  }

  public EntityId getEntity() {
    return entity;
  }

  public String getSignal() {
    return signal;
  }

  public double getValue() {
    return value;
  }

  public long getAt() {
    return at;
  }
}
