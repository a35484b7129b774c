package dev.heal.engine.fact.host;

import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.source.alert.Alert;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Alerts of an Alertmanager as events {@code alert} of what their labels name: the GPU of a node,
 * else a service, else a job that the site declares, else the node. Labels of Prometheus' own and
 * of the usual exporters are understood: {@code instance} is {@code n1:9400}, {@code Hostname} that
 * of dcgm-exporter, and {@code job} is mostly the name of a scrape and then means nothing here.
 */
public final class AlertFacts {
  private static final List<String> NODE_LABELS =
      List.of("node", "Hostname", "hostname", "host", "nodename", "instance");
  private static final List<String> GPU_LABELS = List.of("gpu", "gpu_index", "gpu_id");
  private static final List<String> TEXTS = List.of("summary", "description", "message");

  private final DeclaredEntities entities;

  public AlertFacts(DeclaredEntities entities) {
    this.entities = entities;
  }

  /** Whom an alert is about; empty where the site declares nobody of that name. */
  public Optional<EntityId> about(Alert alert) {
    Map<String, String> labels = alert.labels();
    Optional<EntityId> node = node(labels);
    return gpu(labels, node)
        .or(() -> service(labels, node))
        .or(
            () ->
                Optional.ofNullable(labels.get("job"))
                    .filter(name -> !name.isEmpty())
                    .map(EntityId::job)
                    .filter(entities::has))
        .or(() -> node);
  }

  private Optional<EntityId> node(Map<String, String> labels) {
    for (String label : NODE_LABELS) {
      String name = labels.getOrDefault(label, "");
      Optional<EntityId> found =
          known(name).or(() -> known(withoutPort(name))).or(() -> known(withoutDomain(name)));
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private Optional<EntityId> known(String name) {
    return Optional.of(name)
        .filter(text -> !text.isEmpty())
        .map(EntityId::node)
        .filter(entities::has);
  }

  private static String withoutPort(String instance) {
    return instance.replaceFirst(":\\d+$", "");
  }

  /** {@code n1} of {@code n1.example.org:9100}. */
  private static String withoutDomain(String instance) {
    String host = withoutPort(instance);
    int dot = host.indexOf('.');
    return dot > 0 ? host.substring(0, dot) : host;
  }

  private Optional<EntityId> gpu(Map<String, String> labels, Optional<EntityId> node) {
    return GPU_LABELS.stream()
        .flatMap(label -> Optional.ofNullable(labels.get(label)).stream())
        .filter(index -> !index.isEmpty())
        .flatMap(
            index -> node.map(n -> new EntityId(EntityKind.GPU, n.name() + "/" + index)).stream())
        .filter(entities::has)
        .findFirst();
  }

  private Optional<EntityId> service(Map<String, String> labels, Optional<EntityId> node) {
    Optional<String> name =
        Optional.ofNullable(labels.get("service")).filter(text -> !text.isEmpty());
    return name.flatMap(
        text ->
            node.map(n -> EntityId.service(n.name(), text))
                .filter(entities::has)
                .or(() -> entities.service(text)));
  }

  /** The alert as an event of that entity. */
  public static Fact fact(EntityId entity, Alert alert, long at) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("name", alert.name());
    fields.put("status", alert.status());
    Optional.ofNullable(alert.labels().get("severity"))
        .ifPresent(severity -> fields.put("severity", severity));
    TEXTS.stream()
        .map(alert.annotations()::get)
        .filter(Objects::nonNull)
        .findFirst()
        .ifPresent(text -> fields.put("line", text));
    return new Fact.Event(at, entity, "alert", fields);
  }
}
