package dev.heal.engine.decide;

import dev.heal.dsl.policy.Site;
import dev.heal.engine.fact.EntityId;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Too much fails at once: stop acting. Counts distinct entities with a root fault; needs three;
 * stays open until {@link #reset}.
 */
public final class Breaker {
  private static final int LEAST_ENTITIES = 3;

  private record Raised(long at, EntityId entity) {}

  private final Site.Breaker declared;
  private final Estate estate;
  private final List<Raised> recent = new ArrayList<>();
  private Optional<String> tripped = Optional.empty();

  public Breaker(Site.Breaker declared, Estate estate) {
    this.declared = declared;
    this.estate = estate;
  }

  public Site.Breaker declared() {
    return declared;
  }

  /** Why it is open; empty while it is closed. */
  public Optional<String> tripped() {
    return tripped;
  }

  /** An operator closed it. */
  public void reset() {
    tripped = Optional.empty();
    recent.clear();
  }

  /** A root fault was raised; says whether this trips it. */
  public boolean raised(long at, EntityId entity) {
    recent.removeIf(r -> r.at() <= at - declared.over().toNanos());
    recent.add(new Raised(at, entity));
    if (tripped.isPresent()) {
      return false;
    }
    NavigableSet<EntityId> faulty = new TreeSet<>();
    for (Raised raised : recent) {
      if (raised.entity().kind() == declared.subject()) {
        faulty.add(raised.entity());
      }
    }
    int known = estate.all(declared.subject()).size();
    if (faulty.size() < LEAST_ENTITIES || faulty.size() < declared.share() * known) {
      return false;
    }
    tripped =
        Optional.of(
            "breaker `%s`: %d of %d %s faulty within %s"
                .formatted(
                    declared.name(),
                    faulty.size(),
                    known,
                    declared.subject().plural(),
                    Times.words(declared.over())));
    return true;
  }
}
