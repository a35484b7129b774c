package dev.heal.engine.source.host;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file system of this host, at one of the places where it is mounted. */
public record Disk(Path at) {
  /** On no device that has a name of its own, and yet on a disk. */
  private static final Set<String> WITHOUT_DEVICE = Set.of("overlay", "zfs", "btrfs", "bcachefs");

  /** Always full. */
  private static final Set<String> IMAGES = Set.of("squashfs", "iso9660", "erofs", "udf", "cramfs");

  private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");

  /**
   * From {@code /proc/self/mountinfo}, each file system once: {@code 36 35 8:1 / /mnt rw,noatime
   * master:1 - ext4 /dev/sda1 rw}.
   */
  static List<Disk> of(List<String> mounts) {
    List<Disk> disks = new ArrayList<>();
    Set<String> devices = new HashSet<>();
    for (String mount : mounts) {
      String[] halves = mount.split(" - ", 2);
      String[] first = halves[0].split(" ", -1);
      String[] second = halves.length == 2 ? halves[1].split(" ", -1) : new String[0];
      if (first.length >= 6
          && second.length >= 2
          && isDisk(second[0], second[1])
          && !List.of(first[5].split(",", -1)).contains("ro")
          && devices.add(first[2])) {
        disks.add(new Disk(Path.of(unescaped(first[4]))));
      }
    }
    return disks;
  }

  private static boolean isDisk(String type, String device) {
    return !IMAGES.contains(type) && (WITHOUT_DEVICE.contains(type) || device.startsWith("/dev/"));
  }

  private static String unescaped(String text) {
    byte[] bytes =
        OCTAL
            .matcher(text)
            .replaceAll(
                found ->
                    Matcher.quoteReplacement(
                        Character.toString((char) Integer.parseInt(found.group(1), 8))))
            .getBytes(StandardCharsets.ISO_8859_1);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /**
   * The share of it that is used, 0..1, as {@code df} shows it: of what others than root may use.
   * Waits for the disk. Empty where it is gone.
   */
  public Optional<Double> used() {
    long total = at.toFile().getTotalSpace();
    long taken = total - at.toFile().getFreeSpace();
    long usable = at.toFile().getUsableSpace();
    return total <= 0 || taken + usable <= 0
        ? Optional.empty()
        : Optional.of((double) taken / (taken + usable));
  }
}
