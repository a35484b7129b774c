package dev.heal.engine.cli.run.feed;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Means;
import dev.heal.dsl.policy.Site;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.host.MetricFacts;
import dev.heal.engine.fact.host.TrainingFacts;
import dev.heal.engine.loop.live.Intake;
import dev.heal.engine.source.follow.FilePosition;
import dev.heal.engine.source.follow.FollowOptions;
import dev.heal.engine.source.follow.FollowSink;
import dev.heal.engine.source.follow.Follower;
import dev.heal.engine.source.follow.LineBatch;
import dev.heal.engine.source.inbox.Importance;
import dev.heal.engine.source.probe.MetricSample;
import dev.heal.engine.source.training.Figures;
import dev.heal.engine.source.training.FiguresReader;
import dev.heal.engine.source.training.FiguresReader.OtherFields;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code metrics file "….jsonl"} of the jobs and services of this host: JSON Lines, followed as
 * logs are, over rotation and over a restart of the engine.
 */
public final class MetricsFileFeed implements Feed {
  private static final Duration RELOOK = Duration.ofSeconds(1);

  /** What becomes of the figures of one line. */
  private interface Meaning {
    List<Fact> facts(Figures figures, long at);
  }

  private record File(String source, Path path, FiguresReader reader, Meaning meaning) {}

  private final Intake intake;
  private final Places places;
  private final Sources sources;
  private final List<File> files = new ArrayList<>();
  private final List<Follower> followers = new ArrayList<>();

  /**
   * @param node the node of the site that this host is
   */
  public MetricsFileFeed(
      CheckedPolicy policies, String node, Intake intake, Places places, SourceObserver observer) {
    this.intake = intake;
    this.places = places;
    this.sources = new Sources(observer);
    for (Site.Job job : policies.site().jobs()) {
      EntityId id = EntityId.job(job.name());
      if (job.nodes().contains(node)) {
        add(
            id,
            job.means(),
            TrainingFacts.names(),
            (figures, at) -> TrainingFacts.facts(id, figures, at));
      }
    }
    MetricFacts metrics = MetricFacts.of(EntityKind.SERVICE, policies);
    for (Site.Service service : policies.site().services()) {
      EntityId id = EntityId.service(node, service.name());
      if (service.node().filter(node::equals).isPresent()) {
        add(
            id,
            service.means(),
            metrics.names(),
            (figures, at) -> metrics.facts(id, samples(figures), at));
      }
    }
  }

  private static List<MetricSample> samples(Figures figures) {
    List<MetricSample> samples = new ArrayList<>();
    figures
        .values()
        .forEach((name, value) -> samples.add(new MetricSample(name, Map.of(), value, false)));
    return samples;
  }

  private void add(EntityId entity, Means means, Set<String> names, Meaning meaning) {
    if (means.metrics().orElse(null) instanceof Means.Metrics.File file && !names.isEmpty()) {
      String source = "metrics file of " + entity;
      sources.add(source);
      files.add(
          new File(
              source,
              Path.of(file.path()).toAbsolutePath().normalize(),
              new FiguresReader(names, Set.of(), OtherFields.LEFT_OUT),
              meaning));
    }
  }

  @Override
  public void start() throws IOException {
    for (File file : files) {
      followers.add(
          new Follower(
              new FollowOptions(
                  List.of(file.path().toString()), FollowOptions.FirstSight.END, RELOOK),
              FilePlaces.read(places.of(file.source())),
              new Sink(file)));
    }
  }

  @Override
  public List<SourceStatus> status() {
    return sources.status();
  }

  @Override
  public void close() {
    for (Follower follower : followers) {
      try {
        follower.close();
      } catch (IOException e) {
        sources.tell("metrics files", "cannot be closed: " + e.getMessage());
      }
    }
  }

  private final class Sink implements FollowSink {
    private final File file;

    Sink(File file) {
      this.file = file;
    }

    @Override
    public void lines(LineBatch batch) {
      List<Figures> heard = new ArrayList<>();
      for (LineBatch.FollowedLine line : batch.lines()) {
        if (!line.text().isBlank()) {
          take(line, heard);
        }
      }
      sources.count(file.source(), "heard", heard.size());
      FilePosition after = batch.after();
      intake.heard(
          Importance.SAMPLE,
          file.source(),
          stamp -> {
            places.keep(file.source(), FilePlaces.key(after), FilePlaces.place(after));
            List<Fact> facts = new ArrayList<>();
            heard.forEach(figures -> facts.addAll(file.meaning().facts(figures, stamp)));
            return facts;
          });
    }

    private void take(LineBatch.FollowedLine line, List<Figures> heard) {
      FiguresReader.Result read = file.reader().read(line.text());
      Optional<String> problem =
          line.cut() ? Optional.of("it is longer than 64 KiB") : read.problem();
      for (Figures figures : read.figures()) {
        Optional<String> impossible = TrainingFacts.impossible(figures);
        if (impossible.isPresent()) {
          problem = impossible;
        } else {
          heard.add(figures);
        }
      }
      problem.ifPresent(
          why ->
              sources.countTold(
                  file.source(),
                  "malformed lines",
                  "a line cannot be read: " + why.replaceFirst("^line 1: ", "")));
    }

    @Override
    public void done(FilePosition last) {
      intake.heard(
          Importance.SAMPLE,
          file.source(),
          stamp -> {
            places.drop(file.source(), FilePlaces.key(last));
            return List.of();
          });
    }

    @Override
    public void gap(Path path, String reason) {
      sources.count(file.source(), "gaps", 1);
      sources.tell(file.source(), "`%s` %s".formatted(path, reason));
    }
  }
}
