package dev.heal.nvml.session;

import com.sun.jna.Pointer;
import dev.heal.nvml.answer.Answer;
import dev.heal.nvml.answer.Problem;
import dev.heal.nvml.binding.Device;
import dev.heal.nvml.binding.NvmlLibrary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** All GPUs ever seen, and the handle of each, if it has one now. */
final class Registry {
  private record Seen(Gpu gpu, Answer<Device> device) {}

  private volatile Map<Gpu, Seen> seen = Map.of();
  private final AtomicLong version = new AtomicLong();

  /** Asks NVML which GPUs there are. One that it no longer lists stays, as lost. */
  synchronized boolean update(NvmlLibrary library) {
    Answer<Enumeration> listed = Enumeration.of(library);
    if (listed.problem().isPresent()) {
      forgetDevices(listed.problem().get());
      return false;
    }
    Map<Gpu, Seen> next = new LinkedHashMap<>();
    seen.keySet().forEach(gpu -> next.put(gpu, new Seen(gpu, Answer.none(Enumeration.gone()))));
    List<Integer> unreachable = new ArrayList<>();
    Map<Integer, Problem> problems = new HashMap<>();
    listed
        .value()
        .orElseThrow()
        .handles()
        .forEach(
            (index, handle) ->
                handle.match(
                    pointer -> {
                      Device found = new Device(library, pointer);
                      Gpu gpu = known(next, Enumeration.identity(index, found));
                      next.put(gpu, new Seen(gpu, Answer.of(sameOr(library, found))));
                      return true;
                    },
                    problem -> {
                      problems.put(index, problem);
                      return unreachable.add(index);
                    }));
    for (int index : unreachable) {
      Gpu gpu = silent(next, index);
      next.put(gpu, new Seen(gpu, Answer.none(Objects.requireNonNull(problems.get(index)))));
    }
    replace(next);
    return true;
  }

  private void replace(Map<Gpu, Seen> next) {
    if (!handles(next).equals(handles(seen))) {
      version.incrementAndGet();
    }
    seen = next;
  }

  private static Map<Gpu, Optional<Device>> handles(Map<Gpu, Seen> of) {
    Map<Gpu, Optional<Device>> handles = new HashMap<>();
    of.forEach((gpu, s) -> handles.put(gpu, s.device().value()));
    return handles;
  }

  long version() {
    return version.get();
  }

  /** The device that is known by this handle already: events are registered for it. */
  private Device sameOr(NvmlLibrary library, Device found) {
    return seen.values().stream()
        .flatMap(s -> s.device().value().stream())
        .filter(device -> device.handle().equals(found.handle()) && device.isOf(library))
        .findFirst()
        .orElse(found);
  }

  /** The one that was seen before with this UUID; a new one has an index that is not taken. */
  private static Gpu known(Map<Gpu, Seen> next, Gpu found) {
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
        .orElseGet(() -> known(next, Gpu.unseen(index)));
  }

  synchronized void forgetDevices(Problem why) {
    Map<Gpu, Seen> next = new LinkedHashMap<>();
    seen.keySet().forEach(gpu -> next.put(gpu, new Seen(gpu, Answer.none(why))));
    replace(next);
  }

  List<Gpu> gpus() {
    return seen.keySet().stream().sorted(Comparator.comparingInt(Gpu::index)).toList();
  }

  Answer<Device> device(Gpu gpu) {
    return Optional.ofNullable(seen.get(gpu))
        .or(() -> onceUnseen(gpu))
        .map(Seen::device)
        .orElseGet(() -> Answer.none(Enumeration.gone()));
  }

  /** A GPU that was lost from the start is another one, with a UUID, when it answers at last. */
  private Optional<Seen> onceUnseen(Gpu gpu) {
    return seen.values().stream()
        .filter(s -> gpu.uuid().isEmpty() && s.gpu().index() == gpu.index())
        .findFirst();
  }

  /** Whether one of them has no handle now. */
  boolean isAnyLost() {
    return seen.values().stream().anyMatch(s -> s.device().problem().isPresent());
  }

  Optional<Gpu> gpuOf(Pointer handle) {
    return seen.values().stream()
        .filter(s -> s.device().value().filter(d -> d.handle().equals(handle)).isPresent())
        .map(Seen::gpu)
        .findFirst();
  }
}
