package dev.heal.engine.cli.run.feed;

import dev.heal.engine.journal.Change;
import dev.heal.engine.loop.live.Intake;
import dev.heal.engine.source.follow.FileId;
import dev.heal.engine.source.follow.FilePosition;
import dev.heal.engine.source.follow.FollowOptions;
import dev.heal.engine.source.follow.FollowSink;
import dev.heal.engine.source.follow.Follower;
import dev.heal.engine.source.follow.LineBatch;
import dev.heal.engine.source.inbox.Importance;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The log files of one service. How far each was read is kept with what was decided on its lines:
 * over a restart of the engine no line is lost, and none is taken twice that has decided something.
 */
public final class LogFileFeed implements Feed {
  private static final Duration RELOOK = Duration.ofSeconds(5);
  private static final int FIELDS = 6;

  private final String name;
  private final List<String> globs;
  private final ServiceLog log;
  private final Intake intake;
  private final Reporter reporter;
  private final List<FilePosition> saved = new ArrayList<>();
  private Optional<Follower> follower = Optional.empty();

  /**
   * @param service its name
   * @param globs absolute paths with wildcards
   * @param kept what the journal has kept
   */
  public LogFileFeed(
      String service,
      List<String> globs,
      ServiceLog log,
      Map<String, String> kept,
      Intake intake,
      Reporter reporter) {
    this.name = "log " + service;
    this.globs = List.copyOf(globs);
    this.log = log;
    this.intake = intake;
    this.reporter = reporter;
    kept.forEach(
        (key, value) -> {
          if (key.startsWith(name + " ")) {
            position(value).ifPresent(saved::add);
          }
        });
  }

  /** {@code device inode offset headBytes headHash path}. */
  private static Optional<FilePosition> position(String text) {
    String[] fields = text.split(" ", FIELDS);
    try {
      return Optional.of(
          new FilePosition(
              Path.of(fields[5]),
              new FileId(Long.parseLong(fields[0]), Long.parseLong(fields[1])),
              Long.parseLong(fields[2]),
              Integer.parseInt(fields[3]),
              Long.parseLong(fields[4])));
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException ofAnotherVersion) {
      return Optional.empty(); // as if it had never been read
    }
  }

  private Change.Kept kept(FilePosition position, boolean stays) {
    String text =
        "%d %d %d %d %d %s"
            .formatted(
                position.id().device(),
                position.id().inode(),
                position.offset(),
                position.headBytes(),
                position.headHash(),
                position.file());
    return new Change.Kept(
        "%s %d:%d %s"
            .formatted(name, position.id().device(), position.id().inode(), position.file()),
        stays ? Optional.of(text) : Optional.empty());
  }

  @Override
  public void start() {
    try {
      follower =
          Optional.of(
              new Follower(
                  new FollowOptions(globs, FollowOptions.FirstSight.END, RELOOK),
                  saved,
                  new Lines()));
    } catch (IOException e) {
      reporter.lost(name, "log files are not followed: " + e.getMessage());
    }
  }

  private final class Lines implements FollowSink {
    @Override
    public void lines(LineBatch batch) {
      for (LineBatch.FollowedLine line : batch.lines()) {
        log.line(name, line.text(), () -> List.of(kept(behind(line, batch), true)));
      }
      keep(kept(batch.after(), true));
    }

    private FilePosition behind(LineBatch.FollowedLine line, LineBatch batch) {
      FilePosition before = batch.before();
      return new FilePosition(
          before.file(), before.id(), line.end(), before.headBytes(), before.headHash());
    }

    @Override
    public void done(FilePosition last) {
      keep(kept(last, false));
    }

    @Override
    public void gap(Path file, String reason) {
      reporter.lost(name, "lines of `%s` may be missing: %s".formatted(file, reason));
    }

    private void keep(Change.Kept place) {
      intake.heard(Importance.CONTROL, name, stamp -> List.of(), 0, List.of(place));
    }
  }

  @Override
  public void close() {
    try {
      if (follower.isPresent()) {
        follower.get().close();
      }
    } catch (IOException e) {
      reporter.lost(name, "it was not closed in order: " + e.getMessage());
    }
  }
}
