package dev.heal.engine.cli.run.feed;

import dev.heal.engine.loop.live.Intake;
import dev.heal.engine.source.follow.FilePosition;
import dev.heal.engine.source.follow.FollowOptions;
import dev.heal.engine.source.follow.FollowSink;
import dev.heal.engine.source.follow.Follower;
import dev.heal.engine.source.follow.LineBatch;
import dev.heal.engine.source.inbox.Importance;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The log files of one service. How far each was read is kept with what was decided on its lines:
 * over a restart of the engine no line is lost, and none is taken twice that has decided something.
 */
public final class LogFileFeed implements Feed {
  private static final Duration RELOOK = Duration.ofSeconds(5);

  private final String name;
  private final List<String> globs;
  private final ServiceLog log;
  private final Intake intake;
  private final Places places;
  private final Sources sources;
  private Optional<Follower> follower = Optional.empty();

  /**
   * @param service its name
   * @param globs absolute paths with wildcards
   */
  public LogFileFeed(
      String service,
      List<String> globs,
      ServiceLog log,
      Intake intake,
      Places places,
      SourceObserver observer) {
    this.name = "log " + service;
    this.globs = List.copyOf(globs);
    this.log = log;
    this.intake = intake;
    this.places = places;
    this.sources = new Sources(observer);
    sources.add(name);
  }

  @Override
  public void start() throws IOException {
    follower =
        Optional.of(
            new Follower(
                new FollowOptions(globs, FollowOptions.FirstSight.END, RELOOK),
                FilePlaces.read(places.of(name)),
                new Lines()));
  }

  @Override
  public List<SourceStatus> status() {
    return sources.status();
  }

  private final class Lines implements FollowSink {
    @Override
    public void lines(LineBatch batch) {
      sources.count(name, "lines", batch.lines().size());
      for (LineBatch.FollowedLine line : batch.lines()) {
        log.line(name, line.text(), () -> keep(behind(line, batch)));
      }
      behindAll(() -> keep(batch.after()));
    }

    private FilePosition behind(LineBatch.FollowedLine line, LineBatch batch) {
      FilePosition before = batch.before();
      return new FilePosition(
          before.file(), before.id(), line.end(), before.headBytes(), before.headHash());
    }

    private void keep(FilePosition place) {
      places.keep(name, FilePlaces.key(place), FilePlaces.place(place));
    }

    @Override
    public void done(FilePosition last) {
      behindAll(() -> places.drop(name, FilePlaces.key(last)));
    }

    /** In its turn behind the lines, whatever of them was dropped. */
    private void behindAll(Runnable work) {
      intake.heard(
          Importance.CONTROL,
          name,
          stamp -> {
            work.run();
            return List.of();
          });
    }

    @Override
    public void gap(Path file, String reason) {
      sources.countTold(name, "gaps", "lines of `%s` may be missing: %s".formatted(file, reason));
    }
  }

  @Override
  public void close() {
    follower.ifPresent(open -> sources.look(name, open::close));
  }
}
