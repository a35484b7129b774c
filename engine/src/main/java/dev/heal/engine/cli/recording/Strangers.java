package dev.heal.engine.cli.recording;

import dev.heal.dsl.policy.Site;
import dev.heal.dsl.vocabulary.Vocabulary;
import dev.heal.engine.cli.recording.Complaints.Kind;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.Topology;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Facts about entities that the site does not declare, and signals that nobody knows. They are
 * taken all the same. A site that declares nothing discovers all its entities from the facts.
 */
public final class Strangers {
  private final Topology topology;
  private final Complaints complaints;
  private final boolean declares;
  private final Set<EntityId> declared;
  private final Map<EntityId, Boolean> entities = new HashMap<>();
  private final Map<EntityId, Map<String, Boolean>> signals = new HashMap<>();

  /**
   * Begins with what is declared.
   *
   * @param topology of the site, as declared, before any fact
   */
  public Strangers(Site site, Topology topology, Complaints complaints) {
    this.topology = topology;
    this.complaints = complaints;
    this.declared = new HashSet<>(topology.entities());
    this.declares = !site.nodes().isEmpty() || !site.services().isEmpty();
  }

  /** Looks at a fact that {@code stream} has just given. */
  public void look(Fact fact, FactStream stream) {
    EntityId entity = fact.entity();
    if (declares && !isKnown(entity, stream)) {
      complaints.count(Kind.UNKNOWN_ENTITY, 1);
    }
    if (!signals
        .computeIfAbsent(entity, e -> new HashMap<>())
        .computeIfAbsent(fact.signal(), signal -> isSignal(entity, signal, stream))) {
      complaints.count(Kind.UNKNOWN_SIGNAL, 1);
    }
  }

  private boolean isKnown(EntityId entity, FactStream stream) {
    Boolean known = entities.get(entity);
    if (known == null) {
      known = declared.contains(topology.resolve(entity));
      entities.put(entity, known);
      if (!known) {
        complaints.name(
            Kind.UNKNOWN_ENTITY, place(stream), "the site does not declare %s".formatted(entity));
      }
    }
    return known;
  }

  private boolean isSignal(EntityId entity, String signal, FactStream stream) {
    boolean known =
        signal.startsWith("check.")
            || Vocabulary.standard().signal(entity.kind(), signal).isPresent();
    if (!known) {
      complaints.name(
          Kind.UNKNOWN_SIGNAL,
          place(stream),
          "a %s has no signal or event `%s`".formatted(entity.kind().word(), signal));
    }
    return known;
  }

  private static String place(FactStream stream) {
    return stream.name() + ":" + stream.line();
  }
}
