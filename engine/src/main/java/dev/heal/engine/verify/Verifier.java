package dev.heal.engine.verify;

import dev.heal.engine.decide.Times;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Truth;
import dev.heal.engine.schedule.Confirmation;
import dev.heal.engine.schedule.Evidence;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Watches what steps are to bring about.
 *
 * <p>Where {@code assumeUnheard} is set, as in a simulation, a condition on signals that were never
 * heard is taken to hold, and the proof says so.
 */
public final class Verifier {
  private final Evidence evidence;
  private final boolean assumeUnheard;
  private final Map<Long, Confirmation> open = new TreeMap<>();
  private final Map<Long, Long> assumedAt = new TreeMap<>();

  public Verifier(Evidence evidence, boolean assumeUnheard) {
    this.evidence = evidence;
    this.assumeUnheard = assumeUnheard;
  }

  /**
   * What is watched.
   *
   * @param assumedAt when those are taken to hold of which nothing was heard, by ladder
   */
  public record Kept(List<Confirmation> open, Map<Long, Long> assumedAt) {
    public Kept {
      open = List.copyOf(open);
      assumedAt = Map.copyOf(assumedAt);
    }
  }

  public Kept kept() {
    return new Kept(List.copyOf(open.values()), assumedAt);
  }

  /** Goes on from what was kept elsewhere; the facts know what they watch. */
  public Verifier(Evidence evidence, boolean assumeUnheard, Kept kept) {
    this(evidence, assumeUnheard);
    kept.open().forEach(one -> open.put(one.ladder(), one));
    assumedAt.putAll(kept.assumedAt());
  }

  private static String key(long ladder) {
    return "confirm:" + ladder;
  }

  /** Begins to watch; the answer comes from {@link #turn}. */
  public void begin(Confirmation confirmation) {
    withdraw(confirmation.ladder());
    open.put(confirmation.ladder(), confirmation);
    boolean unheard =
        confirmation.on().stream()
            .noneMatch(entity -> evidence.heard(confirmation.condition(), entity));
    if (assumeUnheard && unheard) {
      assumedAt.put(
          confirmation.ladder(),
          Times.after(confirmation.from(), Confirmation.heldFor(confirmation.condition())));
    } else {
      for (EntityId entity : confirmation.on()) {
        evidence.watch(
            key(confirmation.ladder()), confirmation.condition(), entity, confirmation.from());
      }
    }
  }

  /** The ladder no longer asks. */
  public void withdraw(long ladder) {
    Confirmation confirmation = open.remove(ladder);
    assumedAt.remove(ladder);
    if (confirmation != null) {
      confirmation.on().forEach(entity -> evidence.unwatch(key(ladder), entity));
    }
  }

  /** The proofs that stand at {@code now}; each is given once. */
  public List<Confirmation.Proof> turn(long now) {
    List<Confirmation.Proof> proofs = new ArrayList<>();
    for (Iterator<Confirmation> each = open.values().iterator(); each.hasNext(); ) {
      Confirmation confirmation = each.next();
      long ladder = confirmation.ladder();
      Long assumed = assumedAt.get(ladder);
      if (assumed != null ? assumed <= now : holds(confirmation)) {
        proofs.add(
            new Confirmation.Proof(
                ladder,
                true,
                assumed != null,
                assumed != null ? "assumed: the facts do not speak of it" : "it holds"));
      } else if (confirmation.until() <= now) {
        proofs.add(new Confirmation.Proof(ladder, false, false, "not confirmed in time"));
      } else {
        continue;
      }
      each.remove();
      assumedAt.remove(ladder);
      confirmation.on().forEach(entity -> evidence.unwatch(key(ladder), entity));
    }
    return proofs;
  }

  private boolean holds(Confirmation confirmation) {
    return confirmation.on().stream()
        .allMatch(e -> evidence.truth(key(confirmation.ladder()), e) == Truth.TRUE);
  }

  /** When {@link #turn} has something to say at the latest. */
  public long nextAt() {
    long next = Times.NEVER;
    for (Confirmation confirmation : open.values()) {
      next = Math.min(next, confirmation.until());
    }
    for (long at : assumedAt.values()) {
      next = Math.min(next, at);
    }
    return next;
  }
}
