package dev.heal.engine.decide;

import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.engine.fact.EntityId;
import java.util.NavigableSet;
import java.util.Optional;

/** The machines as the deciding stages see them: who there is, and who is part of whom. */
public interface Estate {
  /** All known entities of a kind. */
  NavigableSet<EntityId> all(EntityKind kind);

  /**
   * The entities of {@code kind} around or inside {@code entity}; itself where it is of that kind.
   */
  NavigableSet<EntityId> related(EntityId entity, EntityKind kind);

  /** Everything that a repair of {@code entity} touches: itself and what is inside it. */
  NavigableSet<EntityId> inside(EntityId entity);

  /** An attribute that the site declares. */
  Optional<String> attribute(EntityId entity, String name);
}
