package dev.heal.engine.source.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads what the kernel tells of this host: the door of this package.
 *
 * @param proc where its process file system is: {@code /proc}
 */
public record HostFiles(Path proc) {
  /** Of the host that this process is on. */
  public static final HostFiles OF_THIS_HOST = new HostFiles(Path.of("/proc"));

  private static final long KIB = 1024;
  private static final int CPU_FIELDS = 8; // user to steal; guests are counted under user

  /**
   * Time of all CPUs since boot, in ticks.
   *
   * @param idle including that in which a disk was waited for
   */
  public record CpuTime(long idle, long total) {
    /** The share of the time since then that was used; empty where none has passed. */
    public Optional<Double> usedSince(CpuTime before) {
      long passed = total - before.total;
      long idled = idle - before.idle;
      return passed <= 0 || idled < 0 || idled > passed
          ? Optional.empty()
          : Optional.of(1.0 - (double) idled / passed);
    }
  }

  /** {@code /proc/stat}. */
  public CpuTime cpu() throws IOException {
    for (String line : lines("stat")) {
      String[] fields = line.split("\\s+", -1);
      if (fields[0].equals("cpu") && fields.length >= 5) {
        long total = 0;
        for (int i = 1; i <= CPU_FIELDS && i < fields.length; i++) {
          total += number(fields[i]);
        }
        long waiting = fields.length > 5 ? number(fields[5]) : 0;
        return new CpuTime(number(fields[4]) + waiting, total);
      }
    }
    throw new IOException("`%s` has no line `cpu`".formatted(proc.resolve("stat")));
  }

  /**
   * {@code /proc/meminfo}: the share of memory that cannot be had without swapping, 0..1. Where a
   * kernel before 3.14 does not say what is available, what is free or cached counts as that.
   */
  public double memoryUsed() throws IOException {
    Map<String, Long> bytes = new HashMap<>();
    for (String line : lines("meminfo")) {
      String[] fields = line.split("[:\\s]+", -1);
      if (fields.length >= 2) {
        bytes.put(fields[0], number(fields[1]) * KIB);
      }
    }
    Optional<Long> total = Optional.ofNullable(bytes.get("MemTotal"));
    Optional<Long> available =
        Optional.ofNullable(bytes.get("MemAvailable"))
            .or(
                () ->
                    Optional.ofNullable(bytes.get("MemFree"))
                        .map(
                            free ->
                                free
                                    + bytes.getOrDefault("Buffers", 0L)
                                    + bytes.getOrDefault("Cached", 0L)));
    if (total.filter(all -> all > 0).isEmpty() || available.isEmpty()) {
      throw new IOException(
          "`%s` does not say how much memory there is".formatted(proc.resolve("meminfo")));
    }
    return Math.max(0, Math.min(1, 1.0 - (double) available.get() / total.get()));
  }

  /**
   * Segments of TCP since boot.
   *
   * @param sent without those that were sent again
   */
  public record Segments(long sent, long sentAgain) {}

  /** {@code /proc/net/snmp} of this network namespace. */
  public Segments tcp() throws IOException {
    List<String> tcp = lines("net/snmp").stream().filter(line -> line.startsWith("Tcp:")).toList();
    if (tcp.size() == 2) {
      List<String> names = List.of(tcp.get(0).split("\\s+", -1));
      String[] values = tcp.get(1).split("\\s+", -1);
      int sent = names.indexOf("OutSegs");
      int again = names.indexOf("RetransSegs");
      if (sent > 0 && again > 0 && Math.max(sent, again) < values.length) {
        return new Segments(number(values[sent]), number(values[again]));
      }
    }
    throw new IOException("`%s` does not count segments".formatted(proc.resolve("net/snmp")));
  }

  /** The disk file systems that are mounted and can be written to. */
  public List<Disk> disks() throws IOException {
    return Disk.of(lines("self/mountinfo"));
  }

  /** How the control group of a process counts its kills; empty where it cannot be found. */
  public Optional<Path> memoryGroup(long pid) {
    try {
      return MemoryGroups.find(lines("self/mountinfo"), lines(pid + "/cgroup"));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /**
   * The processes in the control group of a process and in the groups within; none where it is
   * gone, or its group is not one of its own.
   *
   * @param name stands in the name of a group of its own: the id of a container
   */
  public List<Long> groupProcesses(long pid, String name) {
    return memoryGroup(pid)
        .filter(group -> group.toString().contains(name))
        .map(MemoryGroups::processes)
        .orElse(List.of());
  }

  /** How often the kernel killed a process in this group for memory; empty where it is gone. */
  public static OptionalLong kills(Path group) {
    return MemoryGroups.kills(group);
  }

  /** Resident memory of a process in bytes; empty where it is gone. */
  public OptionalLong residentBytes(long pid) {
    try {
      for (String line : lines(pid + "/status")) {
        if (line.startsWith("VmRSS:")) {
          return OptionalLong.of(number(line.split("\\s+", -1)[1]) * KIB);
        }
      }
    } catch (IOException gone) {
      return OptionalLong.empty();
    }
    return OptionalLong.empty(); // a kernel thread, or one that has ended and was not reaped
  }

  private List<String> lines(String file) throws IOException {
    return Files.readAllLines(proc.resolve(file), StandardCharsets.ISO_8859_1);
  }

  static long number(String text) throws IOException {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IOException("`%s` is no number".formatted(text), e);
    }
  }
}
