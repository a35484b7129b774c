package dev.heal.engine.actuate.reach;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The control groups of this host that limit CPU time: version 1 ({@code cpu.cfs_quota_us}) where
 * the controller is mounted there, else version 2 ({@code cpu.max}). Facts: cgroups(7), the
 * kernel's {@code admin-guide/cgroup-v2.rst} and {@code scheduler/sched-bwc.rst}.
 */
public final class CpuGroups {
  private static final String QUOTA_1 = "cpu.cfs_quota_us";
  private static final String PERIOD_1 = "cpu.cfs_period_us";
  private static final String MAX_2 = "cpu.max";
  private static final String MEMBERS = "cgroup.procs";
  private static final String CONTROL_2 = "cgroup.subtree_control";

  /** Where systemd puts the engine itself, so that the group of its unit may have others. */
  private static final String ENGINE_ITSELF = "engine";

  /** The kernel takes no less: microseconds in a period. */
  private static final long LEAST_QUOTA = 1000;

  private final Path proc;

  /**
   * @param proc {@code /proc}
   */
  public CpuGroups(Path proc) {
    this.proc = proc;
  }

  /** A group: its folder, and which version of the files it has. */
  public record Group(Path folder, boolean first) {
    /** What limits it now, in a form to be kept; {@code none} where nothing does. */
    public String limit() throws IOException {
      String limit = read(folder.resolve(first ? QUOTA_1 : MAX_2));
      return limit.equals("-1") || limit.startsWith("max") ? "none" : limit;
    }

    /** The share of one CPU that it may use now. */
    public Optional<Double> cpus() throws IOException {
      String limit = limit();
      if (limit.equals("none")) {
        return Optional.empty();
      }
      double quota = Double.parseDouble(limit.replaceFirst(" .*", ""));
      return Optional.of(quota / period());
    }

    private long period() throws IOException {
      return first
          ? Long.parseLong(read(folder.resolve(PERIOD_1)))
          : Long.parseLong(read(folder.resolve(MAX_2)).replaceFirst(".* ", ""));
    }

    /** From now on it may use so many CPUs, 0.5 for half of one. */
    public void allow(double cpus) throws IOException {
      long period = period();
      long quota = Math.max(LEAST_QUOTA, Math.round(cpus * period));
      write(
          folder.resolve(first ? QUOTA_1 : MAX_2),
          first ? Long.toString(quota) : quota + " " + period);
    }

    /** Puts back what {@link #limit} told. */
    public void restore(String limit) throws IOException {
      write(
          folder.resolve(first ? QUOTA_1 : MAX_2),
          limit.equals("none") ? (first ? "-1" : "max") : limit);
    }

    /** Moves a process into it; one that is gone is no matter. */
    public void add(long pid) throws IOException {
      try {
        write(folder.resolve(MEMBERS), Long.toString(pid));
      } catch (IOException refused) {
        if (ProcessHandle.of(pid).isPresent()) {
          throw refused;
        }
      }
    }

    /** Its processes. */
    public List<Long> members() throws IOException {
      return Files.readAllLines(folder.resolve(MEMBERS), StandardCharsets.UTF_8).stream()
          .filter(line -> !line.isBlank())
          .map(line -> Long.parseLong(line.strip()))
          .toList();
    }
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8).strip();
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardCharsets.UTF_8);
  }

  /** How many CPUs are online; the engine's own limits are not theirs. */
  public int online() throws IOException {
    return (int)
        Files.readAllLines(proc.resolve("stat"), StandardCharsets.UTF_8).stream()
            .filter(line -> line.matches("cpu\\d+ .*"))
            .count();
  }

  /**
   * The group of a process.
   *
   * @param process a number, or {@code self}
   * @throws IOException where it is gone, or no controller is mounted
   */
  public Group of(String process) throws IOException {
    String unified = "";
    for (String line : Files.readAllLines(proc.resolve(process).resolve("cgroup"))) {
      String[] parts = line.split(":", 3);
      if (parts.length == 3 && List.of(parts[1].split(",", -1)).contains("cpu")) {
        return new Group(folder("cgroup", "cpu", parts[2]), true);
      }
      unified = parts.length == 3 && parts[1].isEmpty() ? parts[2] : unified;
    }
    return new Group(folder("cgroup2", "", unified), false);
  }

  /** Where a group of a hierarchy is mounted. */
  private Path folder(String type, String controller, String path) throws IOException {
    for (String line : Files.readAllLines(proc.resolve("self/mountinfo"))) {
      List<String> fields = List.of(line.split(" ", -1));
      int dash = fields.indexOf("-");
      if (dash < 0 || !fields.get(dash + 1).equals(type)) {
        continue;
      }
      List<String> options = List.of(fields.get(fields.size() - 1).split(",", -1));
      String root = fields.get(3);
      if ((controller.isEmpty() || options.contains(controller)) && path.startsWith(root)) {
        String below = path.substring(root.equals("/") ? 0 : root.length());
        return Path.of(fields.get(4) + (below.equals("/") ? "" : below));
      }
    }
    throw new IOException("no control groups for CPU time are mounted");
  }

  /** The group of a folder. */
  public Group at(Path folder) {
    return new Group(folder, Files.exists(folder.resolve(QUOTA_1)));
  }

  /** The group of the engine's own for a service of its, where there is one. */
  public Optional<Group> existing(String name) throws IOException {
    Group base = base();
    Path folder = base.folder().resolve(name);
    return Files.isDirectory(folder)
        ? Optional.of(new Group(folder, base.first()))
        : Optional.empty();
  }

  private Group base() throws IOException {
    Group own = of("self");
    return !own.first() && own.folder().endsWith(ENGINE_ITSELF)
        ? new Group(Optional.ofNullable(own.folder().getParent()).orElse(own.folder()), false)
        : own;
  }

  /** Makes a group of the engine's own. */
  public Group make(String name) throws IOException {
    Group base = base();
    if (!base.first()) {
      write(base.folder().resolve(CONTROL_2), "+cpu");
    }
    Path folder = base.folder().resolve(name);
    Files.createDirectories(folder);
    return new Group(folder, base.first());
  }

  /** Moves its processes to where the engine is, and takes it away. */
  public void remove(Group group) throws IOException {
    Group own = of("self");
    List<Long> members = new ArrayList<>(group.members());
    while (!members.isEmpty()) { // one that forks meanwhile has a child to be moved too
      for (long pid : members) {
        own.add(pid);
      }
      members = new ArrayList<>(group.members());
    }
    Files.deleteIfExists(group.folder());
  }
}
