package dev.heal.engine.actuate;

import dev.heal.engine.actuate.reach.ContainerSocket;
import dev.heal.engine.actuate.reach.SystemdBus;
import dev.heal.engine.actuate.restart.Runner;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.schedule.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What services run in on this host. */
final class Runners {
  private Runners() {}

  /** The control groups of a process, one for each hierarchy; none where it is gone. */
  private static List<String> groups(long pid) {
    try (Stream<String> lines =
        Files.lines(Path.of("/proc/" + pid + "/cgroup"), StandardCharsets.UTF_8)) {
      return lines
          .map(line -> line.substring(line.indexOf(':', line.indexOf(':') + 1) + 1))
          .toList();
    } catch (IOException gone) {
      return List.of();
    }
  }

  /** {@code run […]}. */
  record Child(
      Supervisor supervisor,
      EntityId service,
      CpuActs cpu,
      Optional<Map<String, String>> environment)
      implements Runner {
    @Override
    public State state() {
      return supervisor.processes(service).isEmpty() ? State.ENDED : State.RUNS;
    }

    @Override
    public Outcome stop() throws InterruptedException {
      return supervisor.stop(service, Dispatch.GRACE);
    }

    @Override
    public Outcome start(Map<String, String> told) throws InterruptedException {
      Outcome started = supervisor.start(new Supervisor.Start(service, environment, told));
      return started.kind() == Outcome.Kind.DONE
          ? cpu.rejoin(service, supervisor.processes(service))
              .map(words -> new Outcome(started.kind(), started.because() + "; " + words))
              .orElse(started)
          : started;
    }

    @Override
    public boolean canBeTold() {
      return true;
    }

    @Override
    public boolean owns(long pid) {
      return supervisor.owns(service, pid);
    }
  }

  /** {@code unit "llm.service"}. What systemd stops with it is started with it again. */
  static final class Unit implements Runner {
    private static final String TOLD = "51-heal-start.conf";

    private final SystemdBus systemd;
    private final Path units;
    private final String name;
    private boolean changed;
    private String controlGroup = "";
    private List<String> followers = List.of();

    /**
     * @param units where units that last until the next boot are kept
     * @param changed whether files of units were changed
     */
    Unit(SystemdBus systemd, Path units, String name, boolean changed) {
      this.systemd = systemd;
      this.units = units;
      this.name = name;
      this.changed = changed;
    }

    @Override
    public State state() throws InterruptedException {
      SystemdBus.Unit seen = systemd.look(name);
      if (seen.outcome().kind() != Outcome.Kind.DONE) {
        return State.NOBODY_KNOWS;
      }
      return seen.active().equals("inactive") || seen.active().equals("failed")
          ? State.ENDED
          : State.RUNS;
    }

    @Override
    public Outcome stop() throws InterruptedException {
      SystemdBus.Unit seen = systemd.look(name);
      if (seen.outcome().kind() != Outcome.Kind.DONE) {
        return seen.outcome();
      }
      remember(seen);
      followers = seen.followers();
      return systemd.stop(name);
    }

    private void remember(SystemdBus.Unit seen) {
      if (seen.controlGroup().length() > 1) {
        controlGroup = seen.controlGroup();
      }
    }

    @Override
    public Outcome start(Map<String, String> told) throws InterruptedException {
      try {
        changed |= DropIn.write(units, name, TOLD, told);
      } catch (IOException disk) {
        return new Outcome(
            Outcome.Kind.FAILED, "unit `%s` cannot be told how to start: %s".formatted(name, disk));
      }
      Outcome started = systemd.start(name, changed);
      changed = false;
      if (started.kind() != Outcome.Kind.DONE) {
        return started;
      }
      StringBuilder words = new StringBuilder(started.because());
      for (String follower : followers) {
        Outcome followed = systemd.start(follower, false);
        words.append("; ").append(followed.because());
      }
      return new Outcome(Outcome.Kind.DONE, words.toString());
    }

    @Override
    public boolean canBeTold() {
      return true;
    }

    @Override
    public boolean owns(long pid) throws InterruptedException {
      remember(systemd.look(name));
      return !controlGroup.isEmpty()
          && groups(pid).stream()
              .anyMatch(g -> g.equals(controlGroup) || g.startsWith(controlGroup + "/"));
    }
  }

  /** {@code container "llm"}. */
  record Container(ContainerSocket engine, String name) implements Runner {
    @Override
    public State state() throws InterruptedException {
      ContainerSocket.Seen seen = engine.look(name);
      return seen.outcome().kind() != Outcome.Kind.DONE
          ? State.NOBODY_KNOWS
          : seen.running() ? State.RUNS : State.ENDED;
    }

    @Override
    public Outcome stop() throws InterruptedException {
      return engine.stop(name);
    }

    @Override
    public Outcome start(Map<String, String> told) throws InterruptedException {
      return engine.start(name);
    }

    @Override
    public boolean canBeTold() {
      return false;
    }

    @Override
    public boolean owns(long pid) throws InterruptedException {
      String id = engine.look(name).id();
      return !id.isEmpty() && groups(pid).stream().anyMatch(group -> group.contains(id));
    }
  }
}
