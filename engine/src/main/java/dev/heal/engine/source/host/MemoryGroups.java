package dev.heal.engine.source.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Control groups that count memory, of version 1 and 2, whichever is there. */
final class MemoryGroups {
  private static final List<String> COUNTERS = List.of("memory.events", "memory.oom_control");
  private static final String KILLS = "oom_kill ";
  private static final int DEPTH = 16;

  private MemoryGroups() {}

  /**
   * The folder of the group.
   *
   * @param mounts {@code /proc/self/mountinfo}
   * @param groups {@code /proc/PID/cgroup}: {@code 4:memory:/x} or {@code 0::/x}
   */
  static Optional<Path> find(List<String> mounts, List<String> groups) {
    Optional<Path> first = Optional.empty(); // of version 1: where both are there, it counts memory
    Optional<Path> second = Optional.empty();
    for (String group : groups) {
      String[] fields = group.split(":", 3);
      if (fields.length == 3 && List.of(fields[1].split(",", -1)).contains("memory")) {
        first = folder(mounts, "cgroup", "memory", fields[2]);
      } else if (fields.length == 3 && fields[0].equals("0") && fields[1].isEmpty()) {
        second = folder(mounts, "cgroup2", "", fields[2]);
      }
    }
    Optional<Path> unified = second;
    return first.filter(MemoryGroups::counts).or(() -> unified.filter(MemoryGroups::counts));
  }

  private static boolean counts(Path folder) {
    return kills(folder).isPresent();
  }

  private static Optional<Path> folder(
      List<String> mounts, String type, String controller, String group) {
    for (String mount : mounts) {
      String[] halves = mount.split(" - ", 2);
      String[] first = halves[0].split(" ", -1);
      String[] second = halves.length == 2 ? halves[1].split(" ", -1) : new String[0];
      if (first.length >= 5
          && second.length >= 3
          && second[0].equals(type)
          && (controller.isEmpty() || List.of(second[2].split(",", -1)).contains(controller))) {
        Optional<Path> below = below(first[3], group);
        if (below.isPresent()) {
          return Optional.of(Path.of(first[4]).resolve(below.get()));
        }
      }
    }
    return Optional.empty();
  }

  /** The group, seen from the root of a mount; empty where it is not below that. */
  private static Optional<Path> below(String root, String group) {
    Path top = Path.of(root).normalize();
    Path whole = Path.of(group).normalize();
    return whole.startsWith(top) && !group.contains("/..")
        ? Optional.of(top.relativize(whole))
        : Optional.empty();
  }

  /** Those of the group and of all groups within; fewer where one is taken away meanwhile. */
  static List<Long> processes(Path folder) {
    List<Long> processes = new ArrayList<>();
    try (Stream<Path> folders = Files.find(folder, DEPTH, (path, about) -> about.isDirectory())) {
      for (Path group : (Iterable<Path>) folders::iterator) {
        for (String line :
            Files.readAllLines(group.resolve("cgroup.procs"), StandardCharsets.ISO_8859_1)) {
          processes.add(HostFiles.number(line));
        }
      }
    } catch (IOException | UncheckedIOException gone) {
      return processes;
    }
    return processes;
  }

  static OptionalLong kills(Path folder) {
    for (String file : COUNTERS) {
      try {
        for (String line : Files.readAllLines(folder.resolve(file), StandardCharsets.ISO_8859_1)) {
          if (line.startsWith(KILLS)) {
            return OptionalLong.of(HostFiles.number(line.substring(KILLS.length()).trim()));
          }
        }
      } catch (IOException notThere) {
        // the other version, or the group is gone
      }
    }
    return OptionalLong.empty();
  }
}
