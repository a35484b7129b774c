package dev.heal.engine.actuate.queue;

/**
 * What is to be taken back from dead consumers, and why.
 *
 * @param order the idempotency key: what was done under it is not done again
 * @param reason why a request that is laid aside was, for whoever reads the dead letters
 * @param incident the number of the incident, or what went wrong and where
 * @param crash whether what was in flight may be what ended them; of a planned restart it may not
 * @param skipPoison whether a request that was in flight at too many crashes is laid aside
 */
public record TakeBack(
    String order, String reason, String incident, Dead dead, boolean crash, boolean skipPoison) {
  /** Which of the service's consumers are dead. */
  public enum Dead {
    /** All: nothing of the service runs. */
    ALL,
    /** Those that were not seen for as long as the site says: nobody can look at the processes. */
    NOT_SEEN
  }
}
