package dev.heal.engine.cli.run.feed;

import dev.heal.engine.source.follow.FileId;
import dev.heal.engine.source.follow.FilePosition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Positions in files as keys and places: {@code 2049:131 /var/log/x} and {@code 4711 1024 beef}.
 */
final class FilePlaces {
  private static final Pattern KEY = Pattern.compile("(\\d{1,19}):(\\d{1,19}) (/.*)");
  private static final Pattern PLACE = Pattern.compile("(\\d{1,18}) (\\d{1,4}) ([0-9a-f]{1,15})");

  private FilePlaces() {}

  static String key(FilePosition position) {
    return "%s:%s %s"
        .formatted(
            Long.toUnsignedString(position.id().device()),
            Long.toUnsignedString(position.id().inode()),
            position.file());
  }

  static String place(FilePosition position) {
    return "%d %d %x".formatted(position.offset(), position.headBytes(), position.headHash());
  }

  /** What cannot be read any more is left out: its file is then read as one never seen. */
  static List<FilePosition> read(Map<String, String> kept) {
    List<FilePosition> positions = new ArrayList<>();
    kept.forEach(
        (keyText, placeText) -> {
          Matcher key = KEY.matcher(keyText);
          Matcher place = PLACE.matcher(placeText);
          if (key.matches() && place.matches()) {
            positions.add(
                new FilePosition(
                    Path.of(key.group(3)),
                    new FileId(
                        Long.parseUnsignedLong(key.group(1)), Long.parseUnsignedLong(key.group(2))),
                    Long.parseLong(place.group(1)),
                    Integer.parseInt(place.group(2)),
                    Long.parseLong(place.group(3), 16)));
          }
        });
    return positions;
  }
}
