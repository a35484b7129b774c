package dev.heal.engine.actuate;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Means;
import dev.heal.dsl.policy.Means.Launch;
import dev.heal.dsl.policy.Site;
import dev.heal.dsl.policy.Way;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.engine.fact.EntityId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the site declares of the hands for one entity.
 *
 * @param pci of a GPU, where it is declared
 */
record Declared(Map<String, Way.Binding> bindings, Means means, Optional<String> pci) {
  private static final Set<String> OF_SLURM = Set.of("restart", "requeue", "migrate");

  /** By entity; one that is not declared is not in it. */
  static Map<EntityId, Declared> all(CheckedPolicy policy) {
    Map<EntityId, Declared> all = new HashMap<>();
    Site site = policy.site();
    for (Site.Node node : site.nodes()) {
      all.put(
          EntityId.node(node.name()), new Declared(node.bindings(), Means.NONE, Optional.empty()));
      for (Site.Gpu gpu : node.gpus()) {
        all.put(
            EntityId.gpu(node.name(), gpu.index()),
            new Declared(gpu.bindings(), Means.NONE, gpu.pci()));
      }
    }
    for (Site.Service service : site.services()) {
      EntityId id =
          service
              .node()
              .map(node -> EntityId.service(node, service.name()))
              .orElseGet(() -> new EntityId(EntityKind.SERVICE, service.name()));
      all.put(id, of(service.means()));
    }
    site.jobs().forEach(job -> all.put(EntityId.job(job.name()), of(job.means())));
    return all;
  }

  private static Declared of(Means means) {
    return new Declared(means.bindings(), means, Optional.empty());
  }

  /** The way that the site binds, or the one that follows from what started it. */
  Optional<Way> way(String verb) {
    return Optional.ofNullable(bindings.get(verb))
        .map(Way.Binding::way)
        .or(() -> means.launch().flatMap(launch -> usual(launch, verb)));
  }

  private static Optional<Way> usual(Launch launch, String verb) {
    boolean restart = verb.equals("restart");
    return launch.match(
        new Launch.Cases<Optional<Way>>() {
          @Override
          public Optional<Way> argv(Launch.Argv argv) {
            return restart ? Optional.of(new Way.Supervised()) : Optional.empty();
          }

          @Override
          public Optional<Way> unit(Launch.Unit unit) {
            return restart ? Optional.of(new Way.Systemd(unit.name())) : Optional.empty();
          }

          @Override
          public Optional<Way> container(Launch.Container container) {
            return restart ? Optional.of(new Way.Container(container.name())) : Optional.empty();
          }

          @Override
          public Optional<Way> slurmJob(Launch.SlurmJob job) {
            return OF_SLURM.contains(verb)
                ? Optional.of(new Way.Slurm(job.id()))
                : Optional.empty();
          }
        });
  }
}
