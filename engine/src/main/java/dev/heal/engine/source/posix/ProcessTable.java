package dev.heal.engine.source.posix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What {@code /proc} says about processes. */
public final class ProcessTable {
  private static final Path PROC = Path.of("/proc");
  private static final Pattern SPACE = Pattern.compile(" ");
  private static final int PAGE_BYTES = Posix.LIBC.getpagesize();

  private ProcessTable() {}

  /**
   * A process.
   *
   * @param group the number of its process group
   * @param ended whether it is a zombie: it has ended and was not reaped
   * @param startTicks when it started, in clock ticks since boot: with the pid it names a process
   *     for ever
   * @param residentBytes memory in use, pages shared with others included
   */
  public record Entry(int pid, int group, boolean ended, long startTicks, long residentBytes) {}

  /** All processes. One that ends while this looks may be left out. */
  public static List<Entry> all() throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        find(Integer.parseInt(process.getFileName().toString())).ifPresent(entries::add);
      }
    }
    return entries;
  }

  /** Empty where there is no such process. */
  public static Optional<Entry> find(int pid) {
    byte[] stat;
    try {
      stat = Files.readAllBytes(PROC.resolve(pid + "/stat"));
    } catch (IOException gone) {
      return Optional.empty(); // it ended, before the file was opened or while it was read
    }
    String text = new String(stat, StandardCharsets.ISO_8859_1);
    // the name, in parentheses, may contain anything
    List<String> fields =
        SPACE.splitAsStream(text.substring(text.lastIndexOf(')') + 2).strip()).toList();
    return Optional.of(
        new Entry(
            pid,
            Integer.parseInt(fields.get(2)),
            fields.get(0).equals("Z") || fields.get(0).equals("X"),
            Long.parseLong(fields.get(19)),
            Math.multiplyExact(Long.parseLong(fields.get(21)), (long) PAGE_BYTES)));
  }
}
