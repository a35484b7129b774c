package dev.heal.engine.cli.run.feed;

import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.nvml.NvmlFacts;
import dev.heal.engine.loop.live.Intake;
import dev.heal.engine.source.inbox.Importance;
import dev.heal.nvml.NvmlBridge;
import dev.heal.nvml.answer.Problem;
import dev.heal.nvml.event.Notice;
import dev.heal.nvml.metric.Cadence;
import dev.heal.nvml.metric.Poll;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** The GPUs of this host, as NVML has them: cheap figures each second, dear ones each tenth. */
public final class GpuFeed implements Feed {
  private static final String NAME = "nvml";
  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final int SLOW_TURNS = 10;

  private final NvmlBridge bridge;
  private final NvmlFacts facts;
  private final XidFacts xids;
  private final Ticker ticker;
  private final Intake intake;
  private final Sources sources;
  private final BooleanSupplier declared;
  private long turn;

  /** Whether its silence says something; of the polls. */
  private volatile boolean expected;

  /**
   * Joins a bridge that somebody else closes.
   *
   * @param declared whether this host is to have GPUs: else there is nothing to miss
   */
  public GpuFeed(
      String node,
      BooleanSupplier declared,
      NvmlBridge bridge,
      XidFacts xids,
      Ticker ticker,
      Intake intake,
      SourceObserver observer) {
    this.declared = declared;
    this.bridge = bridge;
    this.facts = new NvmlFacts(node);
    this.xids = xids;
    this.ticker = ticker;
    this.intake = intake;
    this.sources = new Sources(observer);
    sources.add(NAME);
  }

  @Override
  public void start() {
    bridge.listen(this::notice);
    ticker.every(PERIOD, NAME, this::poll);
  }

  private void poll() {
    Set<Cadence> cadences =
        turn++ % SLOW_TURNS == 0 ? EnumSet.allOf(Cadence.class) : EnumSet.of(Cadence.FAST);
    Poll poll = bridge.poll(cadences);
    List<Fact> read = facts.facts(poll);
    if (!expected && !read.isEmpty()) {
      expected = true; // from here on its silence says something
      intake.expects(NAME, PERIOD);
    }
    intake.heard(
        Importance.SAMPLE,
        NAME,
        stamp -> {
          List<Fact> now = new ArrayList<>(read.size());
          read.forEach(fact -> now.add(fact.heardAt(stamp)));
          now.addAll(xids.due(stamp));
          return now;
        },
        Intake.USUAL_BYTES * Math.max(1, poll.gpus().size()));
    sources.count(NAME, "polls", 1);
    poll.driver()
        .problem()
        .filter(this::matters)
        .ifPresentOrElse(
            problem -> sources.trouble(NAME, problem.toString()), () -> sources.well(NAME));
  }

  private boolean matters(Problem problem) {
    return declared.getAsBoolean() || problem.kind() != Problem.Kind.LIBRARY_MISSING;
  }

  private void notice(Notice notice) {
    if (notice instanceof Notice.Interrupted interrupted && matters(interrupted.why())) {
      sources.tell(NAME, "events are not heard now: " + interrupted.why());
    }
    if (notice instanceof Notice.GpuEvent event) {
      facts
          .fact(event)
          .ifPresent(
              fact -> intake.heard(Importance.FAULT, NAME, stamp -> xids.ofNvml(fact, stamp)));
    }
  }

  @Override
  public List<SourceStatus> status() {
    return sources.status();
  }

  /** The bridge ends with whoever opened it. */
  @Override
  public void close() {}
}
