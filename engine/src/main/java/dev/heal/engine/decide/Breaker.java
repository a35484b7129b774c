package dev.heal.engine.decide;

import dev.heal.dsl.policy.Site;
import dev.heal.engine.fact.EntityId;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Too much fails at once: stop acting. Counts distinct entities with a root fault; needs three.
 * Once tripped it is a {@link Halt}, and stays one until an operator resets it.
 */
public final class Breaker {
  private static final int LEAST_ENTITIES = 3;

  record Raised(long at, EntityId entity) {}

  private final Site.Breaker declared;
  private final Estate estate;
  private final Halts halts;
  private final List<Raised> recent = new ArrayList<>();

  Breaker(Site.Breaker declared, Estate estate, Halts halts) {
    this.declared = declared;
    this.estate = estate;
    this.halts = halts;
  }

  /** What was counted by the breaker of a name. */
  public record Kept(String name, List<Raised> recent) {
    public Kept {
      recent = List.copyOf(recent);
    }
  }

  public Kept kept() {
    return new Kept(declared.name(), recent);
  }

  /** Goes on from what was kept elsewhere. */
  public void goOnWith(Kept kept) {
    recent.addAll(kept.recent());
  }

  /** Goes on from what another one has counted: a reload neither trips nor resets anything. */
  void after(Breaker before) {
    recent.addAll(before.recent);
  }

  public Site.Breaker declared() {
    return declared;
  }

  /** An operator closed it: what failed before that no longer counts. */
  public void reset() {
    recent.clear();
  }

  /** A root fault was raised; why this trips it, where it does. */
  public Optional<String> raised(long at, EntityId entity) {
    recent.removeIf(r -> r.at() <= at - declared.over().toNanos());
    recent.add(new Raised(at, entity));
    if (halts.find(Halt.Kind.BREAKER, declared.name()).isPresent()) {
      return Optional.empty();
    }
    NavigableSet<EntityId> faulty = new TreeSet<>();
    for (Raised raised : recent) {
      if (raised.entity().kind() == declared.subject()) {
        faulty.add(raised.entity());
      }
    }
    int known = estate.all(declared.subject()).size();
    if (faulty.size() < LEAST_ENTITIES || faulty.size() < declared.share() * known) {
      return Optional.empty();
    }
    String because =
        "breaker `%s`: %d of %d %s faulty within %s"
            .formatted(
                declared.name(),
                faulty.size(),
                known,
                declared.subject().plural(),
                Times.words(declared.over()));
    halts.trip(declared.name(), at, because);
    return Optional.of(because);
  }
}
