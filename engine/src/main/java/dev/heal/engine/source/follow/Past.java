package dev.heal.engine.source.follow;

import dev.heal.engine.source.follow.FollowOptions.FirstSight;
import dev.heal.engine.source.follow.Rotation.Rotated;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What was read before: decides where a file that comes into sight begins, and finds the lines that
 * were written while nobody looked, also where the file was rotated since.
 */
final class Past {
  private final FirstSight firstSight;
  private final FollowSink sink;
  private final Map<FileId, FilePosition> saved = new HashMap<>();
  private final Set<Path> directories = new HashSet<>(); // in which something was followed
  private final Set<Path> refused = new HashSet<>();
  private boolean atFirst = true;

  Past(FirstSight firstSight, Collection<FilePosition> saved, FollowSink sink) {
    this.firstSight = firstSight;
    this.sink = sink;
    for (FilePosition position : saved) {
      this.saved.put(position.id(), position);
      directories.add(directory(position.file()));
    }
  }

  /**
   * All that is there was opened; what comes into sight later is new. Reads what was rotated away
   * from names that nothing has now.
   */
  void nowWasSeen(Set<Path> present, List<Tail> leaving) {
    Set<Path> absent = new TreeSet<>();
    leaving.forEach(tail -> absent.add(tail.name()));
    if (atFirst) {
      saved.values().forEach(position -> absent.add(position.file()));
    }
    atFirst = false;
    absent.removeAll(present);
    for (Path name : absent) {
      try {
        if (Rotation.of(name).stream().anyMatch(rotated -> isKnown(rotated.id(), leaving))) {
          catchUp(name, false, leaving);
        }
      } catch (IOException e) {
        refused(name, e); // it is tried again when something has the name
      }
    }
  }

  private boolean isKnown(FileId id, List<Tail> leaving) {
    return saved.containsKey(id) || leaving.stream().anyMatch(tail -> tail.id().equals(id));
  }

  /** Empty where it is gone. */
  Optional<FileId> idOf(Path file) {
    try {
      return Optional.of(FileId.of(file));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Opens a file that came into sight, at its place. What was rotated away from its name and not
   * read to its end is read now, and goes to {@code leaving}.
   */
  Tail open(Path name, List<Tail> leaving) throws IOException {
    Tail tail = Tail.open(name, name, 0);
    Optional<FilePosition> own = Optional.ofNullable(saved.remove(tail.id()));
    try {
      refused.remove(name);
      catchUp(name, own.isPresent(), leaving);
      if (own.isPresent()) {
        goOn(tail, own.get());
      } else if (isOldNews(name)) {
        tail.goTo(tail.size());
      }
      return tail;
    } catch (IOException e) {
      own.ifPresent(position -> saved.put(position.id(), position));
      tail.close();
      throw e;
    }
  }

  private void goOn(Tail tail, FilePosition position) throws IOException {
    if (tail.continues(position)) {
      tail.goTo(position.offset());
    } else {
      startAgain(tail, position);
    }
  }

  private boolean isOldNews(Path name) {
    return atFirst && firstSight == FirstSight.END && !directories.contains(directory(name));
  }

  /** The files that had this name before, in the order in which they had it. */
  private void catchUp(Path name, boolean nowIsKnown, List<Tail> leaving) throws IOException {
    Map<FileId, FilePosition> unread = new HashMap<>();
    saved.values().stream()
        .filter(position -> position.file().equals(name))
        .forEach(position -> unread.put(position.id(), position));
    saved.keySet().removeAll(unread.keySet());
    Set<FileId> open = new HashSet<>();
    leaving.forEach(tail -> open.add(tail.id()));
    boolean behindOne = false; // everything younger than a file that was read was not read yet
    for (Rotated rotated : Rotation.of(name)) {
      Optional<FilePosition> place = Optional.ofNullable(unread.remove(rotated.id()));
      boolean missed = behindOne && !nowIsKnown;
      if (open.contains(rotated.id())) {
        behindOne = true;
      } else if (place.isPresent() || missed) {
        behindOne = true;
        Tail tail = Tail.open(name, rotated.file(), 0);
        if (place.isPresent()) {
          goOn(tail, place.get());
        }
        tail.drain(sink);
        leaving.add(tail);
      }
    }
    for (FilePosition lost : unread.values()) {
      sink.gap(
          name,
          "was rotated and is gone or compressed: lines behind byte %d of the former file may be"
                  .formatted(lost.offset())
              + " lost");
      sink.done(lost);
    }
  }

  /**
   * The file was emptied, behind this place: goes on in the copies that were made of it, if any,
   * and then at the start. What was written and copied away before anything of it was read cannot
   * be told from what was read long ago.
   */
  void startAgain(Tail tail, FilePosition position) throws IOException {
    List<FilePosition> copies = rescue(position);
    tail.startAgain();
    // in this order: an engine that dies in between does not read a copy twice
    tail.announce(sink);
    copies.forEach(sink::done);
  }

  private List<FilePosition> rescue(FilePosition position) throws IOException {
    List<FilePosition> read = new ArrayList<>();
    List<Rotated> rotated =
        Rotation.of(position.file()).stream()
            .filter(copy -> !copy.id().equals(position.id()))
            .toList();
    for (int i = rotated.size() - 1; i >= 0 && position.headBytes() > 0; i--) {
      if (readCopy(position.file(), rotated.get(i), Optional.of(position), read)) {
        for (Rotated younger : rotated.subList(i + 1, rotated.size())) {
          boolean unused = readCopy(position.file(), younger, Optional.empty(), read);
        }
        return read;
      }
    }
    sink.gap(
        position.file(),
        "was truncated: lines behind byte %d may be lost".formatted(position.offset()));
    return read;
  }

  /**
   * @param position the place in the original; empty where nothing of it was read
   * @return whether it is the copy of that
   */
  private boolean readCopy(
      Path name, Rotated rotated, Optional<FilePosition> position, List<FilePosition> read)
      throws IOException {
    try (Tail copy = Tail.open(name, rotated.file(), 0)) {
      if (position.isPresent() && !copy.continues(position.get())) {
        return false;
      }
      // an engine before this one may have been at it
      long own = Optional.ofNullable(saved.remove(copy.id())).map(FilePosition::offset).orElse(0L);
      copy.goTo(Math.max(position.map(FilePosition::offset).orElse(0L), own));
      copy.drain(sink);
      copy.finish(sink);
      read.add(copy.position());
      return true;
    }
  }

  /** Gives the last line, and closes. */
  void end(Tail tail) {
    tail.finish(sink);
    sink.done(tail.position());
    close(tail);
  }

  /** Says once that a file cannot be opened. */
  void refused(Path name, IOException why) {
    if (refused.add(name)) {
      sink.gap(name, "cannot be read: " + why.getMessage());
    }
  }

  static void close(Tail tail) {
    try {
      tail.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path directory(Path file) {
    return Objects.requireNonNull(file.getParent());
  }
}
