package dev.heal.engine.journal.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files {@code NNNNNN.jsonl.gz} of a folder; numbers grow, the oldest goes first. */
final class Segments {
  private static final Pattern NAME = Pattern.compile("(\\d{6,18})\\.jsonl\\.gz");

  /** One file. */
  record Segment(long number, Path file) {}

  private final Path folder;

  Segments(Path state) {
    this.folder = state.resolve("recording");
  }

  Path folder() {
    return folder;
  }

  /** All of them, the oldest first; none where there is no folder. */
  List<Segment> list() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .flatMap(Segments::segment)
          .sorted((a, b) -> Long.compare(a.number(), b.number()))
          .toList();
    }
  }

  private static Stream<Segment> segment(Path file) {
    Matcher name = NAME.matcher(file.getFileName().toString());
    return name.matches()
        ? Stream.of(new Segment(Long.parseLong(name.group(1)), file))
        : Stream.empty();
  }

  /** The file of the number that comes next. */
  Path next() throws IOException {
    List<Segment> all = list();
    long last = all.isEmpty() ? 0 : all.get(all.size() - 1).number();
    return folder.resolve("%06d.jsonl.gz".formatted(last + 1));
  }

  /** Deletes the oldest while all of them together are larger; never the last. */
  void bound(long most) throws IOException {
    List<Segment> all = list();
    long total = 0;
    for (Segment segment : all) {
      total += Files.size(segment.file());
    }
    for (Segment oldest : all.subList(0, Math.max(0, all.size() - 1))) {
      if (total <= most) {
        return;
      }
      total -= Files.size(oldest.file());
      Files.delete(oldest.file());
    }
  }
}
