package dev.heal.engine.cli.run.feed;

import dev.heal.dsl.policy.Site;
import dev.heal.dsl.policy.Way;
import dev.heal.engine.fact.host.HostFacts;
import dev.heal.engine.loop.live.Intake;
import dev.heal.engine.source.inbox.Importance;
import dev.heal.engine.source.scheduling.NodeState;
import dev.heal.engine.source.scheduling.NodeWatch;
import dev.heal.engine.source.scheduling.Question;
import dev.heal.engine.source.scheduling.StateAnswer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code cordoned}, {@code schedulable} and {@code cordoned_by} of the node that this host is.
 * Where nobody says how it stands, that is silence.
 */
public final class NodeStateFeed implements Feed {
  private static final String SOURCE = "node state";

  /** They may be bound to different names; the first of these counts. */
  private static final List<String> VERBS =
      List.of("cordon", "uncordon", "drain", "restart", "requeue", "migrate");

  private final HostFacts facts;
  private final Optional<Question> question;
  private final Intake intake;
  private final Sources sources;
  private Optional<NodeWatch> watch = Optional.empty();

  /**
   * Asks nobody where the site has no {@code scheduling} for this host's node, and binds no verb of
   * it to Slurm.
   *
   * @param node the node of the site that this host is
   * @param scontrol a name on the PATH, or a path
   */
  public NodeStateFeed(
      Site site, String node, String scontrol, Intake intake, SourceObserver observer) {
    this.facts = new HostFacts(node);
    this.question =
        site.nodes().stream()
            .filter(one -> one.name().equals(node))
            .flatMap(one -> question(one, scontrol).stream())
            .findFirst();
    this.intake = intake;
    this.sources = new Sources(observer);
    question.ifPresent(asked -> sources.add(SOURCE));
  }

  private static Optional<Question> question(Site.Node node, String scontrol) {
    return node.scheduling()
        .map(asked -> Question.command(asked.argv(), asked.every()))
        .or(() -> ofSlurm(node).map(name -> Question.slurm(scontrol, name)));
  }

  /** What Slurm calls the node, where a verb is bound to Slurm. */
  private static Optional<String> ofSlurm(Site.Node node) {
    return VERBS.stream()
        .flatMap(verb -> Stream.ofNullable(node.bindings().get(verb)))
        .flatMap(
            bound -> bound.way() instanceof Way.Slurm slurm ? Stream.of(slurm.name()) : Stream.of())
        .findFirst();
  }

  @Override
  public void start() {
    question.ifPresent(
        asked -> {
          intake.expects(SOURCE, asked.every());
          watch = Optional.of(new NodeWatch(asked, System.getenv(), this::answered));
        });
  }

  private void answered(StateAnswer answer) {
    boolean unused = answer.match(this::known, this::trouble);
  }

  private boolean known(NodeState state) {
    intake.heard(Importance.HEALTH, SOURCE, stamp -> facts.state(state, stamp));
    sources.well(SOURCE);
    return true;
  }

  private boolean trouble(String why) {
    sources.count(SOURCE, "not answered", 1);
    sources.trouble(SOURCE, why);
    return false;
  }

  /** Something was done to the node; what is heard from here on was asked after it. */
  public void acted() {
    watch.ifPresent(NodeWatch::acted);
  }

  @Override
  public List<SourceStatus> status() {
    return sources.status();
  }

  @Override
  public void close() {
    watch.ifPresent(NodeWatch::close);
  }
}
