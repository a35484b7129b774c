package dev.heal.engine.cli.run.feed;

import com.sun.net.httpserver.HttpHandler;
import dev.heal.dsl.policy.Site;
import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.dsl.vocabulary.Vocabulary;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.host.AlertFacts;
import dev.heal.engine.fact.host.DeclaredEntities;
import dev.heal.engine.fact.host.TrainingFacts;
import dev.heal.engine.loop.live.Intake;
import dev.heal.engine.source.alert.Alert;
import dev.heal.engine.source.alert.Notification;
import dev.heal.engine.source.inbox.Importance;
import dev.heal.engine.source.ingest.HeartbeatDatagrams;
import dev.heal.engine.source.ingest.IngestServer;
import dev.heal.engine.source.ingest.IngestSink;
import dev.heal.engine.source.ingest.Reply;
import dev.heal.engine.source.training.Figures;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What others tell this engine: heartbeats (HTTP and UDP on one port), training metrics and alerts.
 * Whom the site does not declare is counted and named, and changes nothing.
 */
public final class IngestFeed implements Feed {
  private static final String HEARTBEATS = "heartbeats";
  private static final String TRAINING = "training metrics over HTTP";
  private static final String ALERTS = "alerts";
  private static final String REQUESTS = "requests";
  private static final String UNKNOWN = "of unknown";

  private final InetSocketAddress address;
  private final String node;
  private volatile DeclaredEntities entities;
  private final Map<String, HttpHandler> gives;
  private final Intake intake;
  private final Sources sources;
  private Optional<IngestServer> server = Optional.empty();
  private Optional<HeartbeatDatagrams> datagrams = Optional.empty();

  /**
   * @param node the node of the site that this host is
   * @param address of the loopback; port 0 is any
   * @param gives what others can have there, by its path
   */
  public IngestFeed(
      Site site,
      String node,
      InetSocketAddress address,
      Map<String, HttpHandler> gives,
      Intake intake,
      SourceObserver observer) {
    this.gives = Map.copyOf(gives);
    this.address = address;
    this.node = node;
    this.entities = new DeclaredEntities(site, node);
    this.intake = intake;
    this.sources = new Sources(observer);
    List.of(HEARTBEATS, TRAINING, ALERTS).forEach(sources::add);
  }

  /** From here on, those are known whom this site declares. */
  public void follow(Site site) {
    entities = new DeclaredEntities(site, node);
  }

  @Override
  public void start() throws IOException {
    Sink sink = new Sink();
    IngestServer listening = new IngestServer(address, sink, gives);
    server = Optional.of(listening);
    datagrams = Optional.of(new HeartbeatDatagrams(listening.address(), sink));
  }

  /** Where it listens, once it was started. */
  public Optional<InetSocketAddress> address() {
    return server.map(IngestServer::address);
  }

  @Override
  public List<SourceStatus> status() {
    return sources.status();
  }

  @Override
  public void close() {
    server.ifPresent(IngestServer::close);
    datagrams.ifPresent(HeartbeatDatagrams::close);
  }

  private final class Sink implements IngestSink {
    @Override
    public Reply heartbeat(String name) {
      DeclaredEntities.Found found = entities.find(name);
      if (found.entity().isEmpty()) {
        return unknown(HEARTBEATS, name, found.problem());
      }
      EntityId entity = found.entity().get();
      if (Vocabulary.standard().signal(entity.kind(), "heartbeat").isEmpty()) {
        String why = "a %s has no heartbeat".formatted(entity.kind().word());
        sources.countNamed(HEARTBEATS, "without heartbeat", name, why);
        return Reply.refused(422, why);
      }
      sources.count(HEARTBEATS, "heard", 1);
      intake.heard(
          Importance.HEALTH,
          HEARTBEATS,
          stamp -> List.of(new Fact.Event(stamp, entity, "heartbeat", Map.of())));
      return Reply.accepted(1);
    }

    private Reply unknown(String source, String name, String why) {
      sources.countNamed(source, UNKNOWN, shortened(name), why);
      return Reply.refused(404, why);
    }

    private static String shortened(String name) {
      int most = 80;
      return name.length() <= most ? name : name.substring(0, most) + "…";
    }

    @Override
    public Reply figures(String name, List<Figures> figures) {
      DeclaredEntities.Found found = entities.find(name);
      if (found.entity().isEmpty()) {
        return unknown(TRAINING, name, found.problem());
      }
      EntityId job = found.entity().get();
      if (job.kind() != EntityKind.JOB) {
        sources.count(TRAINING, "refused", 1);
        return Reply.refused(404, "only jobs have training metrics: post to /v1/metrics/job/NAME");
      }
      Optional<String> impossible =
          figures.stream().flatMap(one -> TrainingFacts.impossible(one).stream()).findFirst();
      if (impossible.isPresent()) {
        sources.count(TRAINING, "refused", 1);
        return Reply.refused(400, impossible.get());
      }
      sources.count(TRAINING, "heard", figures.size());
      for (Figures step : figures) {
        intake.heard(Importance.SAMPLE, TRAINING, stamp -> TrainingFacts.facts(job, step, stamp));
      }
      return Reply.accepted(figures.size());
    }

    @Override
    public Reply alerts(Notification notification) {
      List<String> problems = new ArrayList<>();
      int accepted = 0;
      AlertFacts alerts = new AlertFacts(entities);
      for (Alert alert : notification.alerts()) {
        Optional<EntityId> about = alerts.about(alert);
        if (about.isPresent()) {
          accepted++;
          intake.heard(
              Importance.FAULT,
              ALERTS,
              stamp -> List.of(AlertFacts.fact(about.get(), alert, stamp)));
        } else {
          String why =
              "alert `%s` names nobody that the site declares, by node, instance, gpu, service or job"
                  .formatted(shortened(alert.name()));
          sources.countNamed(ALERTS, UNKNOWN, shortened(alert.name()), why);
          problems.add(why);
        }
      }
      sources.count(ALERTS, "heard", accepted);
      sources.count(ALERTS, "left out by Alertmanager", notification.truncated());
      int status = accepted > 0 || problems.isEmpty() ? 200 : 422;
      return new Reply(status, accepted, problems);
    }

    @Override
    public void refused(String why) {
      sources.count(REQUESTS, "refused", 1);
    }
  }
}
