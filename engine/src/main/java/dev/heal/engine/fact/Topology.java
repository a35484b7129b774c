package dev.heal.engine.fact;

import dev.heal.dsl.policy.Site;
import dev.heal.dsl.vocabulary.EntityKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Who there is, and who is part of whom: as the site declares it, and as facts and discovery add.
 * Not for several threads.
 */
public final class Topology {
  private final NavigableSet<EntityId> entities = new TreeSet<>();
  private final Map<EntityId, Map<String, String>> attributes = new HashMap<>();
  private final Map<EntityId, Map<String, Duration>> intervals = new HashMap<>();

  /** When a site began to declare an interval, of those that it did not declare from the start. */
  private final Map<EntityId, Map<String, Long>> declaredLate = new HashMap<>();

  private final Map<String, EntityId> gpuByAddress = new HashMap<>();
  private final Map<EntityId, Set<EntityId>> gpusOfService = new HashMap<>();
  private final Map<EntityId, NavigableSet<String>> nodesOfJob = new TreeMap<>();
  private final Map<String, EntityId> serviceByName = new HashMap<>();
  private final Set<String> ambiguous = new HashSet<>();
  private final Map<EntityId, String> placeOfService = new HashMap<>();
  private final Map<EntityKind, NavigableSet<EntityId>> byKind = new EnumMap<>(EntityKind.class);
  private final Map<String, NavigableSet<EntityId>> byPlace = new HashMap<>();
  private final NavigableSet<EntityId> unresolved = new TreeSet<>();

  /** All entities, in the order in which they became known. */
  private final List<EntityId> inOrder = new ArrayList<>();

  /** What discovery told: a site that is declared anew does not undo it. */
  private final Map<EntityId, Consumer<Topology>> discovered = new LinkedHashMap<>();

  private long version;

  public Topology(Site site) {
    declare(site);
  }

  /**
   * What is known besides what the site declares, as it was at one moment.
   *
   * @param entities all that are known, declared or not
   * @param declared what the site declares; that of another site is not written into it
   */
  public record Found(
      List<EntityId> entities, List<Consumer<Topology>> discovered, Topology declared) {}

  /** What is known now; the answer does not change any more. */
  public Found found() {
    return new Found(
        Arrays.asList(inOrder.toArray(new EntityId[0])), List.copyOf(discovered.values()), this);
  }

  /** Since when intervals are declared, of those that were not from the start. */
  Map<EntityId, Map<String, Long>> declaredLate() {
    Map<EntityId, Map<String, Long>> copy = new TreeMap<>();
    declaredLate.forEach((entity, signals) -> copy.put(entity, new TreeMap<>(signals)));
    return copy;
  }

  /** Whether anything but facts and the site has told of it. */
  boolean isDiscovered() {
    return !discovered.isEmpty();
  }

  /** The machines of the same site as they were known elsewhere. */
  static Topology of(
      Site site, List<EntityId> known, Map<EntityId, Map<String, Long>> declaredLate) {
    Topology topology = new Topology(site);
    known.forEach(topology::add);
    topology.declaredLate.putAll(declaredLate);
    return topology;
  }

  /**
   * The machines of a site, and what was found under another one before.
   *
   * @param wasHeard whether facts speak of the entity: what was only declared, and is no longer, is
   *     gone
   * @param now nanoseconds since the epoch; what is first declared now is missed from now on
   */
  static Topology following(Site site, Found before, Predicate<EntityId> wasHeard, long now) {
    Topology topology = new Topology(site);
    topology.intervals.forEach(
        (entity, signals) ->
            signals
                .keySet()
                .forEach(signal -> topology.declaredSince(entity, signal, before.declared(), now)));
    for (Consumer<Topology> one : before.discovered()) {
      one.accept(topology);
    }
    before.entities().stream().filter(wasHeard).forEach(topology::add);
    return topology;
  }

  /** Adds what a site declares; also the {@code given} of a test. */
  public void declare(Site site) {
    for (Site.Node node : site.nodes()) {
      EntityId id = EntityId.node(node.name());
      attribute(id, node.attributes());
      node.heartbeat().ifPresent(every -> declareInterval(id, "heartbeat", every));
      node.reference().ifPresent(to -> declareInterval(id, Site.Reference.SIGNAL, to.every()));
      node.scheduling()
          .ifPresent(
              asked ->
                  Site.Scheduling.SIGNALS.forEach(
                      signal -> declareInterval(id, signal, asked.every())));
      for (Site.Gpu gpu : node.gpus()) {
        EntityId gpuId = EntityId.gpu(node.name(), gpu.index());
        attribute(gpuId, gpu.attributes());
        gpu.pci().ifPresent(pci -> setAddress(node.name(), pci, gpuId));
      }
    }
    site.services().forEach(this::declare);
    for (Site.Job job : site.jobs()) {
      EntityId id = EntityId.job(job.name());
      attribute(id, job.attributes());
      setPlaces(id, new TreeSet<>(job.nodes()));
    }
  }

  private void declare(Site.Service service) {
    EntityId id =
        service
            .node()
            .map(node -> EntityId.service(node, service.name()))
            .orElseGet(() -> new EntityId(EntityKind.SERVICE, service.name()));
    attribute(id, service.attributes());
    service.intervals().forEach((signal, every) -> declareInterval(id, signal, every));
    service
        .node()
        .ifPresent(
            node -> {
              Set<EntityId> gpus = new TreeSet<>();
              service.gpus().forEach(index -> gpus.add(EntityId.gpu(node, index)));
              gpusOfService.put(id, gpus);
              version++;
            });
  }

  private void attribute(EntityId id, Map<String, String> values) {
    add(id);
    attributes.computeIfAbsent(id, e -> new TreeMap<>()).putAll(values);
  }

  /** How often a signal is expected; an entity that declares it is missed from the start on. */
  public void declareInterval(EntityId entity, String signal, Duration every) {
    intervals.computeIfAbsent(entity, e -> new HashMap<>()).put(signal, every);
  }

  /** A kernel line names its GPU by {@code 0000:3b:00}. */
  public void gpuAddress(String node, String pci, EntityId gpu) {
    setAddress(node, pci, gpu);
    EntityId address = new EntityId(EntityKind.GPU, node + "/" + pci);
    discover(address, topology -> topology.gpuAddress(node, pci, gpu));
  }

  private void discover(EntityId of, Consumer<Topology> told) {
    discovered.remove(of); // the last word counts, and its place among the others
    discovered.put(of, told);
  }

  private void setAddress(String node, String pci, EntityId gpu) {
    // the kernel's lines leave the function out; NVML and nvidia-smi do not
    gpuByAddress.put(node + "/" + pci.replaceFirst("\\.[0-7]$", ""), gpu);
    add(gpu);
  }

  /** Where a job runs now. */
  public void placeJob(EntityId job, NavigableSet<String> nodes) {
    NavigableSet<String> copy = Collections.unmodifiableNavigableSet(new TreeSet<>(nodes));
    setPlaces(job, copy);
    discover(job, topology -> topology.placeJob(job, copy));
  }

  private void setPlaces(EntityId job, NavigableSet<String> nodes) {
    add(job);
    version++;
    places(job).forEach(place -> at(place).remove(job));
    nodesOfJob.put(job, new TreeSet<>(nodes));
    nodes.forEach(place -> at(place).add(job));
  }

  /** A service keeps its identity when it moves; its place changes. */
  public void placeService(EntityId service, String node, Set<Integer> gpus) {
    Set<Integer> copy = Set.copyOf(gpus);
    setPlace(service, node, copy);
    discover(service, topology -> topology.placeService(service, node, copy));
  }

  private void setPlace(EntityId service, String node, Set<Integer> gpus) {
    add(service);
    version++;
    places(service).forEach(place -> at(place).remove(service));
    placeOfService.put(service, node);
    at(node).add(service);
    Set<EntityId> there = new TreeSet<>();
    gpus.forEach(index -> there.add(EntityId.gpu(node, index)));
    gpusOfService.put(service, there);
  }

  /**
   * @return whether the entity was not known before
   */
  public boolean add(EntityId entity) {
    if (!entities.add(entity)) {
      return false;
    }
    version++;
    inOrder.add(entity);
    byKind.computeIfAbsent(entity.kind(), k -> new TreeSet<>()).add(entity);
    places(entity).forEach(place -> at(place).add(entity));
    if (entity.kind() == EntityKind.SERVICE) {
      String name = entity.name().substring(entity.name().indexOf('/') + 1);
      EntityId other = serviceByName.putIfAbsent(name, entity);
      if (other != null) {
        ambiguous.add(name);
      }
    }
    return true;
  }

  /**
   * The entity that a name in a fact means: a GPU by its PCI address, a service without its host.
   * What cannot be resolved keeps its own name and is listed by {@link #unresolved}.
   */
  public EntityId resolve(EntityId named) {
    if (entities.contains(named)) {
      return named;
    }
    if (named.kind() == EntityKind.GPU && named.name().indexOf(':') > 0) {
      EntityId gpu = gpuByAddress.get(named.name());
      if (gpu != null) {
        return gpu;
      }
      unresolved.add(named);
    }
    if (named.kind() == EntityKind.SERVICE && named.host().isEmpty()) {
      EntityId service = serviceByName.get(named.name());
      if (service != null && !ambiguous.contains(named.name())) {
        return service;
      }
      unresolved.add(named);
    }
    return named;
  }

  /** Names in facts that the site does not explain. */
  public NavigableSet<EntityId> unresolved() {
    return Collections.unmodifiableNavigableSet(unresolved);
  }

  private void declaredSince(EntityId entity, String signal, Topology before, long now) {
    OptionalLong since =
        before.interval(entity, signal).isPresent()
            ? before.declaredLate(entity, signal)
            : OptionalLong.of(now);
    since.ifPresent(
        at -> declaredLate.computeIfAbsent(entity, e -> new HashMap<>()).put(signal, at));
  }

  /** Since when the interval of the signal is declared; empty: from the start, or it is not. */
  OptionalLong declaredLate(EntityId entity, String signal) {
    Long at = declaredLate.getOrDefault(entity, Map.of()).get(signal);
    return at == null ? OptionalLong.empty() : OptionalLong.of(at);
  }

  public NavigableSet<EntityId> all(EntityKind kind) {
    return new TreeSet<>(byKind.getOrDefault(kind, new TreeSet<>()));
  }

  public NavigableSet<EntityId> entities() {
    return Collections.unmodifiableNavigableSet(entities);
  }

  public Optional<String> attribute(EntityId entity, String name) {
    return Optional.ofNullable(attributes.getOrDefault(entity, Map.of()).get(name));
  }

  public Optional<Duration> interval(EntityId entity, String signal) {
    String declared = signal.startsWith(Site.Service.METRICS) ? Site.Service.METRICS : signal;
    return Optional.ofNullable(intervals.getOrDefault(entity, Map.of()).get(declared));
  }

  /** Who is on a node; empty sets of unknown places are kept, which costs next to nothing. */
  private NavigableSet<EntityId> at(String place) {
    return byPlace.computeIfAbsent(place, p -> new TreeSet<>());
  }

  /** The nodes on which an entity is: one, but for a job; none where that is not known. */
  private NavigableSet<String> places(EntityId entity) {
    NavigableSet<String> places = new TreeSet<>();
    if (entity.kind() == EntityKind.JOB) {
      places.addAll(nodesOfJob.getOrDefault(entity, new TreeSet<>()));
    } else if (placeOfService.containsKey(entity)) {
      places.add(placeOfService.getOrDefault(entity, ""));
    } else {
      entity.host().ifPresent(places::add);
    }
    return places;
  }

  /**
   * The entities of {@code kind} around or inside {@code entity}; itself where it is of that kind.
   */
  public NavigableSet<EntityId> related(EntityId entity, EntityKind kind) {
    NavigableSet<EntityId> found = new TreeSet<>();
    if (entity.kind() == kind) {
      found.add(entity);
      return found;
    }
    NavigableSet<String> places = places(entity);
    if (kind == EntityKind.NODE) {
      places.forEach(place -> found.add(EntityId.node(place)));
      return found;
    }
    for (String place : places) {
      for (EntityId other : at(place)) {
        if (other.kind() == kind && sharesGpu(entity, other)) {
          found.add(other);
        }
      }
    }
    return found;
  }

  /** Between a service and a GPU of one node: whether the service uses it; otherwise yes. */
  private boolean sharesGpu(EntityId one, EntityId other) {
    if (one.kind() == EntityKind.SERVICE && other.kind() == EntityKind.GPU) {
      return gpusOfService.getOrDefault(one, Set.of()).contains(other);
    }
    if (one.kind() == EntityKind.GPU && other.kind() == EntityKind.SERVICE) {
      return sharesGpu(other, one);
    }
    return true;
  }

  /** Grows whenever an entity came or moved: {@link #related} may answer otherwise than before. */
  public long version() {
    return version;
  }

  /**
   * What a repair of the entity touches: itself; of a node also its GPUs, its services and the jobs
   * on it; of a GPU also the services that hold it.
   */
  public NavigableSet<EntityId> inside(EntityId entity) {
    NavigableSet<EntityId> found = new TreeSet<>();
    found.add(entity);
    if (entity.kind() == EntityKind.NODE) {
      found.addAll(related(entity, EntityKind.GPU));
      found.addAll(related(entity, EntityKind.SERVICE));
      found.addAll(related(entity, EntityKind.JOB));
    } else if (entity.kind() == EntityKind.GPU) {
      found.addAll(related(entity, EntityKind.SERVICE));
    }
    return found;
  }
}
