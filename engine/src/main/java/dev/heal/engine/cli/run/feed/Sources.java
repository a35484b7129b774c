package dev.heal.engine.cli.run.feed;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What is known of the sources of a feed. May be used by many threads. */
final class Sources {
  /** Names from outside are kept up to here; what comes beyond is counted under {@link #OTHERS}. */
  private static final int MOST_NAMED = 64;

  private static final String OTHERS = "others";

  private static final class Known {
    private Optional<String> trouble = Optional.empty();
    private final Map<String, Long> counts = new TreeMap<>();
    private final Set<String> told = new HashSet<>();
  }

  private final SourceObserver observer;
  private final Map<String, Known> known = new TreeMap<>();

  Sources(SourceObserver observer) {
    this.observer = observer;
  }

  /** It is there, and nothing is known against it. */
  synchronized void add(String source) {
    boolean unused = of(source).counts.isEmpty();
  }

  /** It is there no longer. */
  synchronized void remove(String source) {
    known.remove(source);
  }

  synchronized void count(String source, String what, long more) {
    if (more > 0) {
      of(source).counts.merge(what, more, Long::sum);
    }
  }

  /**
   * Counts what has a name of its own, given by a stranger, and tells of each name once.
   *
   * @param text is told
   */
  void countNamed(String source, String what, String name, String text) {
    boolean first;
    synchronized (this) {
      Map<String, Long> counts = of(source).counts;
      String key = what + " `" + name + "`";
      boolean full =
          counts.keySet().stream().filter(one -> one.startsWith(what + " ")).count() >= MOST_NAMED;
      first = !counts.containsKey(key) && !full;
      counts.merge(counts.containsKey(key) || first ? key : what + " " + OTHERS, 1L, Long::sum);
    }
    if (first) {
      observer.told(source, text);
    }
  }

  /** Counts, and tells why: of each reason once, as long as there are not too many. */
  void countTold(String source, String what, String why) {
    boolean first;
    synchronized (this) {
      Known one = of(source);
      one.counts.merge(what, 1L, Long::sum);
      first = one.told.size() < MOST_NAMED && one.told.add(why);
    }
    if (first) {
      observer.told(source, why);
    }
  }

  /** Nothing is heard of it, because of this: told where it was well before. */
  void trouble(String source, String why) {
    boolean fresh;
    synchronized (this) {
      Known one = of(source);
      fresh = one.trouble.isEmpty();
      one.trouble = Optional.of(why);
    }
    if (fresh) {
      observer.told(source, why);
    }
  }

  /** It is heard: told where it was not before. */
  void well(String source) {
    boolean again;
    synchronized (this) {
      Known one = of(source);
      again = one.trouble.isPresent();
      one.trouble = Optional.empty();
    }
    if (again) {
      observer.told(source, "is heard again");
    }
  }

  void tell(String source, String text) {
    observer.told(source, text);
  }

  /** One look of a source; where it fails, the next one is taken all the same. */
  interface Look {
    void look() throws IOException;
  }

  /** Takes a look. What cannot be read is counted and told; a mistake of ours is told as that. */
  void look(String source, Look look) {
    try {
      look.look();
    } catch (IOException unreadable) {
      countTold(source, "failed looks", "cannot be read: " + unreadable.getMessage());
    } catch (RuntimeException bug) {
      observer.failed(source, bug);
    }
  }

  synchronized List<SourceStatus> status() {
    List<SourceStatus> status = new ArrayList<>();
    known.forEach((source, one) -> status.add(new SourceStatus(source, one.trouble, one.counts)));
    return status;
  }

  private Known of(String source) {
    return known.computeIfAbsent(source, s -> new Known());
  }
}
