package dev.heal.engine.source.follow;

import java.nio.file.Path;

/** Takes what the follower reads, on the follower's thread. */
public interface FollowSink {
  /**
   * Whoever keeps {@link LineBatch#after} together with the lines gets each line once. One place is
   * kept for each name and {@link FileId}: while a log is rotated there are two.
   */
  void lines(LineBatch batch);

  /** No more will come of this file: its place need not be kept. */
  void done(FilePosition last);

  /**
   * Lines of this file may be lost.
   *
   * @param reason for the operator
   */
  void gap(Path file, String reason);
}
