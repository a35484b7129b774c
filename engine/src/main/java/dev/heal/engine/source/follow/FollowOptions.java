package dev.heal.engine.source.follow;

import java.time.Duration;
import java.util.List;

/**
 * What to follow.
 *
 * @param globs absolute paths; {@code *}, {@code ?}, {@code [a-z]} and {@code {a,b}} within a name,
 *     also of a directory. Compressed files and the rotated forms of a file that is followed
 *     ({@code app.log.1}, {@code app.log-20250223}) are left out.
 * @param firstSight where to begin in files that are there when nothing of their directory was ever
 *     followed. All others are read from their start.
 * @param relook how often all names are looked at, besides the notices of the kernel
 */
public record FollowOptions(List<String> globs, FirstSight firstSight, Duration relook) {
  /** Where to begin. */
  public enum FirstSight {
    /** What was written before is old news. */
    END,
    /** Take all there is. */
    BEGINNING
  }

  public FollowOptions {
    globs = List.copyOf(globs);
    globs.forEach(Glob::new);
    if (relook.isNegative() || relook.isZero()) {
      throw new IllegalArgumentException("a look every " + relook);
    }
  }
}
