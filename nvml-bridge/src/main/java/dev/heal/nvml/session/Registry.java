package dev.heal.nvml.session;

import com.sun.jna.Pointer;
import dev.heal.nvml.answer.Answer;
import dev.heal.nvml.answer.Problem;
import dev.heal.nvml.binding.Device;
import dev.heal.nvml.binding.NvmlLibrary;
import dev.heal.nvml.binding.Symbol;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/** All GPUs ever seen, and the handle of each, if it has one now. */
final class Registry {
  private record Seen(Gpu gpu, Answer<Device> device) {}

  /** What is known at one time. */
  private record Known(Map<Gpu, Seen> seen, List<Gpu> gpus, boolean isAnyLost) {
    static Known of(Map<Gpu, Seen> seen) {
      return new Known(
          seen,
          seen.keySet().stream().sorted(Comparator.comparingInt(Gpu::index)).toList(),
          seen.values().stream().anyMatch(s -> s.device().problem().isPresent()));
    }

    Map<Gpu, Optional<Device>> handles() {
      Map<Gpu, Optional<Device>> handles = new HashMap<>();
      seen.forEach((gpu, s) -> handles.put(gpu, s.device().value()));
      return handles;
    }
  }

  private final AtomicLong version = new AtomicLong();
  private final ReentrantLock looking = new ReentrantLock();
  private volatile Known known = Known.of(Map.of());

  /**
   * Asks NVML which GPUs there are. One that it no longer lists stays, as lost. Nothing is done
   * while another thread asks: that one may hang in the driver.
   */
  boolean update(NvmlLibrary library) {
    if (!looking.tryLock()) {
      return false;
    }
    try {
      Answer<Enumeration> listed = Enumeration.of(library);
      replace(listed.match(now -> listed(library, now.handles()), this::withoutDevices));
      return listed.value().isPresent();
    } finally {
      looking.unlock();
    }
  }

  private Map<Gpu, Seen> listed(NvmlLibrary library, Map<Integer, Answer<Pointer>> handles) {
    Map<Gpu, Seen> next = withoutDevices(Enumeration.gone());
    Map<Integer, Problem> unreachable = new TreeMap<>();
    handles.forEach(
        (index, handle) -> {
          Answer<Seen> seen =
              handle.then(pointer -> identified(next, index, new Device(library, pointer)));
          seen.value().ifPresent(found -> next.put(found.gpu(), found));
          seen.problem().ifPresent(why -> unreachable.put(index, why));
        });
    unreachable.forEach(
        (index, why) -> {
          Gpu gpu = silent(next, index);
          next.put(gpu, new Seen(gpu, Answer.none(why)));
        });
    return next;
  }

  /**
   * Which GPU it is; the rest of its identity is read only where this handle was another one's.
   *
   * @param found of its own: others may be reading the device that is known by this handle
   */
  private Answer<Seen> identified(Map<Gpu, Seen> next, int index, Device found) {
    Answer<String> uuid = found.text(Symbol.UUID);
    if (uuid.problem().filter(p -> p.kind() != Problem.Kind.NOT_SUPPORTED).isPresent()) {
      return uuid.map(none -> new Seen(Gpu.unseen(index), Answer.of(found)));
    }
    Gpu gpu =
        gpuOf(found.handle())
            .filter(before -> before.uuid().isPresent() && before.uuid().equals(uuid.value()))
            .orElseGet(() -> knownOrNew(next, Enumeration.identity(index, found, uuid.value())));
    return Answer.of(new Seen(gpu, Answer.of(sameOr(found))));
  }

  /** The device that is known by this handle already: events are registered for it. */
  private Device sameOr(Device found) {
    return known.seen().values().stream()
        .flatMap(s -> s.device().value().stream())
        .filter(device -> device.isSameAs(found))
        .findFirst()
        .orElse(found);
  }

  private void replace(Map<Gpu, Seen> seen) {
    Known next = Known.of(seen);
    if (!next.handles().equals(known.handles())) {
      version.incrementAndGet();
    }
    known = next;
  }

  long version() {
    return version.get();
  }

  /** The one that was seen before with this UUID; a new one has an index that is not taken. */
  private static Gpu knownOrNew(Map<Gpu, Seen> next, Gpu found) {
    Optional<Gpu> before =
        next.keySet().stream()
            .filter(gpu -> gpu.uuid().isPresent() && gpu.uuid().equals(found.uuid()))
            .findFirst();
    if (before.isPresent()) {
      return before.get();
    }
    next.keySet()
        .removeIf(gpu -> gpu.uuid().isEmpty() && gpu.index() == found.index()); // it answers now
    int index = found.index();
    while (isTaken(next, index)) {
      index++;
    }
    return new Gpu(index, found.uuid(), found.pci(), found.name(), found.serial(), found.minor());
  }

  private static boolean isTaken(Map<Gpu, Seen> next, int index) {
    return next.keySet().stream().anyMatch(gpu -> gpu.index() == index);
  }

  /** The one that was seen at this index and does not answer; else a GPU never seen. */
  private static Gpu silent(Map<Gpu, Seen> next, int index) {
    return next.values().stream()
        .filter(s -> s.gpu().index() == index && s.device().problem().isPresent())
        .map(Seen::gpu)
        .findFirst()
        .orElseGet(() -> knownOrNew(next, Gpu.unseen(index)));
  }

  private Map<Gpu, Seen> withoutDevices(Problem why) {
    Map<Gpu, Seen> all = new LinkedHashMap<>();
    known.seen().keySet().forEach(gpu -> all.put(gpu, new Seen(gpu, Answer.none(why))));
    return all;
  }

  /** Not while another thread asks which there are. */
  void forgetDevices(Problem why) {
    replace(withoutDevices(why));
  }

  List<Gpu> gpus() {
    return known.gpus();
  }

  Answer<Device> device(Gpu gpu) {
    Map<Gpu, Seen> seen = known.seen();
    return Optional.ofNullable(seen.get(gpu))
        .or(() -> onceUnseen(seen, gpu))
        .map(Seen::device)
        .orElseGet(() -> Answer.none(Enumeration.gone()));
  }

  /** A GPU that was lost from the start is another one, with a UUID, when it answers at last. */
  private static Optional<Seen> onceUnseen(Map<Gpu, Seen> seen, Gpu gpu) {
    return seen.values().stream()
        .filter(s -> gpu.uuid().isEmpty() && s.gpu().index() == gpu.index())
        .findFirst();
  }

  /** Whether one of them has no handle now. */
  boolean isAnyLost() {
    return known.isAnyLost();
  }

  Optional<Gpu> gpuOf(Pointer handle) {
    return known.seen().values().stream()
        .filter(s -> s.device().value().filter(d -> d.handle().equals(handle)).isPresent())
        .map(Seen::gpu)
        .findFirst();
  }
}
