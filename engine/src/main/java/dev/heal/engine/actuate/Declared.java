package dev.heal.engine.actuate;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Means;
import dev.heal.dsl.policy.Means.Launch;
import dev.heal.dsl.policy.Queue;
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
 * @param queue of a service
 * @param holding the GPUs of a service
 */
record Declared(
    Map<String, Way.Binding> bindings,
    Means means,
    Optional<String> pci,
    Optional<Queue> queue,
    Holding holding) {
  /** Of which nothing is declared. */
  static final Declared NOTHING =
      new Declared(Map.of(), Means.NONE, Optional.empty(), Optional.empty(), Holding.NONE);

  /**
   * The GPUs that a service uses.
   *
   * @param gpus with the addresses that the site declares
   * @param shared whether other work uses one of them too
   */
  record Holding(Map<EntityId, Optional<String>> gpus, boolean shared) {
    static final Holding NONE = new Holding(Map.of(), false);

    Holding {
      gpus = Map.copyOf(gpus);
    }

    static Holding of(Site site, Site.Service service) {
      Map<EntityId, Optional<String>> gpus = new HashMap<>();
      String node = service.node().orElse("");
      for (int index : service.gpus()) {
        gpus.put(
            EntityId.gpu(node, index),
            site.nodes().stream()
                .filter(n -> n.name().equals(node))
                .flatMap(n -> n.gpus().stream())
                .filter(gpu -> gpu.index() == index)
                .findFirst()
                .flatMap(Site.Gpu::pci));
      }
      boolean shared =
          site.jobs().stream().anyMatch(job -> job.nodes().contains(node))
              || site.services().stream()
                  .filter(other -> !other.name().equals(service.name()))
                  .filter(other -> other.node().equals(service.node()))
                  .anyMatch(other -> other.gpus().stream().anyMatch(service.gpus()::contains));
      return new Holding(gpus, shared);
    }
  }

  private static final Set<String> OF_SLURM = Set.of("restart", "requeue", "migrate");

  /** By entity; one that is not declared is not in it. */
  static Map<EntityId, Declared> all(CheckedPolicy policy) {
    Map<EntityId, Declared> all = new HashMap<>();
    Site site = policy.site();
    for (Site.Node node : site.nodes()) {
      all.put(
          EntityId.node(node.name()),
          new Declared(
              node.bindings(), Means.NONE, Optional.empty(), Optional.empty(), Holding.NONE));
      for (Site.Gpu gpu : node.gpus()) {
        all.put(
            EntityId.gpu(node.name(), gpu.index()),
            new Declared(gpu.bindings(), Means.NONE, gpu.pci(), Optional.empty(), Holding.NONE));
      }
    }
    for (Site.Service service : site.services()) {
      EntityId id =
          service
              .node()
              .map(node -> EntityId.service(node, service.name()))
              .orElseGet(() -> new EntityId(EntityKind.SERVICE, service.name()));
      all.put(
          id,
          new Declared(
              service.means().bindings(),
              service.means(),
              Optional.empty(),
              service.queue(),
              Holding.of(site, service)));
    }
    site.jobs().forEach(job -> all.put(EntityId.job(job.name()), of(job.means())));
    return all;
  }

  private static Declared of(Means means) {
    return new Declared(means.bindings(), means, Optional.empty(), Optional.empty(), Holding.NONE);
  }

  /**
   * The way that the site binds, or the one that follows from what started it.
   *
   * @param undo whether it is to be taken back
   */
  Optional<Way> way(String verb, boolean undo) {
    return Optional.ofNullable(bindings.get(verb))
        .map(binding -> undo ? binding.undo().orElse(binding.way()) : binding.way())
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
