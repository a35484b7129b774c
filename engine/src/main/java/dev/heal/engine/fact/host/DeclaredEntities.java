package dev.heal.engine.fact.host;

import dev.heal.dsl.policy.Site;
import dev.heal.dsl.text.Nearest;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.engine.fact.EntityId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whom a stranger may speak of: the nodes, GPUs, services and jobs that the site declares, and this
 * host. The GPUs of a node that declares none are found by NVML there, so any index will do.
 */
public final class DeclaredEntities {
  private static final int MOST_GPUS = 1024;
  private static final String SHORT = "`%s` is no entity: write node:n1, service:n1/llm or job:j7";

  private final Set<EntityId> declared = new HashSet<>();
  private final Set<String> nodesWithoutGpus = new HashSet<>();
  private final Map<String, EntityId> serviceByName = new HashMap<>();
  private final Set<String> ambiguous = new HashSet<>();

  /** An entity, or why it is none; exactly one is there. */
  public record Found(Optional<EntityId> entity, String problem) {
    public Found {
      Objects.requireNonNull(problem);
    }

    private static Found of(EntityId entity) {
      return new Found(Optional.of(entity), "");
    }
  }

  /**
   * @param node this host
   */
  public DeclaredEntities(Site site, String node) {
    nodesWithoutGpus.add(node);
    declared.add(EntityId.node(node));
    for (Site.Node other : site.nodes()) {
      declared.add(EntityId.node(other.name()));
      if (other.gpus().isEmpty()) {
        nodesWithoutGpus.add(other.name());
      } else {
        nodesWithoutGpus.remove(other.name());
      }
      other.gpus().forEach(gpu -> declared.add(EntityId.gpu(other.name(), gpu.index())));
    }
    for (Site.Service service : site.services()) {
      EntityId id =
          service
              .node()
              .map(place -> EntityId.service(place, service.name()))
              .orElseGet(() -> new EntityId(EntityKind.SERVICE, service.name()));
      declared.add(id);
      if (serviceByName.putIfAbsent(service.name(), id) != null) {
        ambiguous.add(service.name());
      }
    }
    site.jobs().forEach(job -> declared.add(EntityId.job(job.name())));
  }

  /** Whether the site declares it. */
  public boolean has(EntityId entity) {
    return declared.contains(entity) || isFoundByNvml(entity);
  }

  private boolean isFoundByNvml(EntityId entity) {
    return entity.kind() == EntityKind.GPU
        && entity.host().filter(nodesWithoutGpus::contains).isPresent()
        && isIndex(entity.name().substring(entity.name().indexOf('/') + 1));
  }

  private static boolean isIndex(String text) {
    return text.matches("0|[1-9]\\d{0,3}") && Integer.parseInt(text) < MOST_GPUS;
  }

  /** The service of that name, where the site has just one. */
  public Optional<EntityId> service(String name) {
    return ambiguous.contains(name)
        ? Optional.empty()
        : Optional.ofNullable(serviceByName.get(name));
  }

  /** Whom a text names: {@code service:n1/llm}, or {@code service:llm} where there is just one. */
  public Found find(String text) {
    Optional<EntityId> named = EntityId.parse(text);
    if (named.isEmpty()) {
      return new Found(Optional.empty(), SHORT.formatted(shown(text)));
    }
    EntityId entity = named.get();
    if (has(entity)) {
      return Found.of(entity);
    }
    if (entity.kind() == EntityKind.SERVICE && ambiguous.contains(entity.name())) {
      return new Found(
          Optional.empty(),
          "`%s` is on several nodes: write service:NODE/%s".formatted(text, entity.name()));
    }
    if (entity.kind() == EntityKind.SERVICE && service(entity.name()).isPresent()) {
      return Found.of(service(entity.name()).get());
    }
    return new Found(Optional.empty(), unknown(text));
  }

  private String unknown(String text) {
    Set<String> known = new TreeSet<>();
    declared.forEach(entity -> known.add(entity.toString()));
    String meant = Nearest.to(text, known).map("; did you mean `%s`?"::formatted).orElse("");
    return "the site declares no `%s`".formatted(shown(text)) + meant;
  }

  private static String shown(String text) {
    int most = 80;
    String printable = text.replaceAll("\\p{Cntrl}", "?");
    return printable.length() <= most ? printable : printable.substring(0, most) + "…";
  }
}
