package dev.heal.engine.fact;

/**
 * A fault on an entity: the key of dedup, cooldown, suppression and state carry-over.
 *
 * @param fault qualified name
 */
public record FaultInstance(String fault, EntityId entity) implements Comparable<FaultInstance> {
  @Override
  public int compareTo(FaultInstance other) {
    int byFault = fault.compareTo(other.fault);
    return byFault != 0 ? byFault : entity.compareTo(other.entity);
  }

  @Override
  public String toString() {
    return fault + " on " + entity;
  }
}
