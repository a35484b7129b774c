package dev.heal.engine.source.follow;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The files that are followed now, and those that were rotated away and may still be written to.
 */
final class Followed {
  /** After so many looks without a line, a file that was rotated away is left. */
  static final int QUIET_LOOKS = 30;

  private final List<Glob> globs;
  private final FollowSink sink;
  private final Past past;
  private final Map<Path, Tail> current = new TreeMap<>();
  private final List<Tail> leaving = new ArrayList<>();

  Followed(FollowOptions options, Collection<FilePosition> saved, FollowSink sink) {
    this.globs = options.globs().stream().map(Glob::new).toList();
    this.sink = sink;
    this.past = new Past(options.firstSight(), saved, sink);
  }

  /**
   * Looks at all names, and reads what there is.
   *
   * @param directories are given those in which names could appear
   * @return whether there is more to read now
   */
  boolean look(Set<Path> directories) {
    Map<Path, FileId> seen = seen(directories);
    leaveRenamed(seen);
    seen.forEach(this::follow);
    past.nowWasSeen(current.keySet(), leaving);
    boolean more = false;
    for (Path name : List.copyOf(current.keySet())) {
      more |= read(name);
    }
    readLeaving();
    return more;
  }

  /**
   * Reads one file, where it is followed.
   *
   * @return whether there is more to read now
   */
  boolean read(Path name) {
    Tail tail = current.get(name);
    if (tail == null) {
      return false;
    }
    try {
      if (tail.wasTruncated()) {
        past.startAgain(tail, tail.position());
      }
      return tail.read(sink);
    } catch (IOException e) {
      current.remove(name);
      lose(tail, e);
      return false;
    }
  }

  void close() {
    leaving.addAll(current.values());
    current.clear();
    leaving.forEach(Past::close);
    leaving.clear();
  }

  private Map<Path, FileId> seen(Set<Path> directories) {
    Set<Path> files = new TreeSet<>();
    globs.forEach(glob -> glob.expand(files, directories));
    Map<Path, FileId> seen = new TreeMap<>();
    Set<FileId> taken = new HashSet<>();
    for (Path file : files) {
      if (!Rotation.isCompressed(file) && !Rotation.isRotated(file, files)) {
        // of two names for one file, the first
        past.idOf(file).filter(taken::add).ifPresent(id -> seen.put(file, id));
      }
    }
    return seen;
  }

  /**
   * What is now behind another name, or behind none, is read to its end before what replaced it.
   */
  private void leaveRenamed(Map<Path, FileId> seen) {
    for (Map.Entry<Path, Tail> entry : List.copyOf(current.entrySet())) {
      Tail tail = entry.getValue();
      if (!tail.id().equals(seen.get(entry.getKey()))) {
        current.remove(entry.getKey());
        try {
          tail.drain(sink);
          leaving.add(tail);
        } catch (IOException e) {
          lose(tail, e);
        }
      }
    }
  }

  private void follow(Path name, FileId id) {
    if (current.containsKey(name)) {
      return;
    }
    Optional<Tail> renamed = leaving.stream().filter(tail -> tail.id().equals(id)).findFirst();
    if (renamed.isPresent()) {
      leaving.remove(renamed.get());
      renamed.get().isNowCalled(name);
      current.put(name, renamed.get());
      return;
    }
    try {
      Tail tail = past.open(name, leaving);
      tail.announce(sink);
      current.put(name, tail);
    } catch (IOException e) {
      // it is being rotated, or may not be read: the next look tries again
      past.refused(name, e);
    }
  }

  private void readLeaving() {
    for (Iterator<Tail> all = leaving.iterator(); all.hasNext(); ) {
      Tail tail = all.next();
      try {
        boolean unused = tail.read(sink);
        if (tail.quiet() > QUIET_LOOKS) {
          all.remove();
          past.end(tail);
        }
      } catch (IOException e) {
        all.remove();
        lose(tail, e);
      }
    }
  }

  private void lose(Tail tail, IOException why) {
    sink.gap(tail.file(), "cannot be read any more: " + why.getMessage());
    past.end(tail);
  }
}
