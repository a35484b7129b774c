package dev.heal.engine.actuate.restart;

import dev.heal.engine.actuate.restart.Holders.Holder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** Who holds the GPUs of a service that is restarted; what it left behind is killed. */
final class GpuCheck {
  private static final long LOOK_EVERY_NANOS = 20_000_000L;
  private static final int LOOKS = 250;

  /** It holds GPUs for others, and outlives them. */
  private static final String SHARING = "nvidia-cuda-mps";

  private final Runner runner;
  private final Optional<Holders> gpus;

  GpuCheck(Runner runner, Optional<Holders> gpus) {
    this.runner = runner;
    this.gpus = gpus;
  }

  /** Those that are not the service's, where nobody else has a right to be. */
  Optional<String> strangers(List<String> said) throws InterruptedException {
    if (gpus.isEmpty() || gpus.get().shared()) {
      return Optional.empty();
    }
    List<Holder> strangers = new ArrayList<>();
    Holders.Look look = gpus.get().look();
    look.untold().ifPresent(why -> said.add("who holds its GPUs is not known: " + why));
    for (Holder holder : look.holders()) {
      if (!isSharing(holder) && !runner.owns(holder.pid())) {
        strangers.add(holder);
      }
    }
    return strangers.isEmpty()
        ? Optional.empty()
        : Optional.of(names(strangers) + " and is not of this service");
  }

  private static boolean isSharing(Holder holder) {
    return holder.name().filter(name -> name.startsWith(SHARING)).isPresent();
  }

  private static String names(List<Holder> holders) {
    return holders.stream().map(Holder::toString).collect(Collectors.joining(", "));
  }

  /** Kills what the stopped service left on its GPUs, and waits until it is gone. */
  Optional<String> clear(List<String> said) throws InterruptedException {
    if (gpus.isEmpty()) {
      return Optional.empty();
    }
    List<Holder> left = left();
    if (!left.isEmpty()) {
      said.add("left behind, and killed: " + names(left));
    }
    for (int i = 0; i < LOOKS && !left.isEmpty(); i++) {
      left.forEach(
          holder -> ProcessHandle.of(holder.pid()).ifPresent(ProcessHandle::destroyForcibly));
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
      if (Thread.interrupted()) {
        throw new InterruptedException("while a GPU was freed");
      }
      left = left();
    }
    return left.isEmpty()
        ? Optional.empty()
        : Optional.of(names(left) + ", was killed and does not end");
  }

  private List<Holder> left() throws InterruptedException {
    List<Holder> left = new ArrayList<>();
    for (Holder holder : gpus.orElseThrow().look().holders()) {
      if (runner.owns(holder.pid())) {
        left.add(holder);
      }
    }
    return left;
  }
}
