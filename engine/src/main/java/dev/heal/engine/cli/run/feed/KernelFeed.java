package dev.heal.engine.cli.run.feed;

import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.host.LogFeed;
import dev.heal.engine.fact.host.LogInterest;
import dev.heal.engine.fact.log.LogOptions;
import dev.heal.engine.loop.live.Intake;
import dev.heal.engine.source.inbox.Importance;
import dev.heal.engine.source.kmsg.KmsgReader;
import dev.heal.engine.source.kmsg.KmsgRecord;
import dev.heal.engine.source.kmsg.KmsgSink;
import dev.heal.engine.source.log.StampRules;
import dev.heal.engine.source.posix.PosixException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The kernel's log of this host. Each record is taken once, also over a restart of the engine: the
 * number of the last one is kept with what was decided on it. After a boot, all that the kernel
 * still has is news.
 */
public final class KernelFeed implements Feed {
  private static final String NAME = "kmsg";
  private static final int LINE_BYTES = 300;
  private static final long BEFORE_THE_FIRST = -1;

  private final Path device;
  private final String boot;
  private final OptionalLong after;
  private final LogFeed log;
  private final XidFacts xids;
  private final Intake intake;
  private final Places places;
  private final Sources sources;
  private Optional<KmsgReader> reader = Optional.empty();
  private volatile boolean closing;

  /**
   * @param device {@link KmsgReader#DEVICE}
   * @param boot names this boot of the host
   */
  public KernelFeed(
      Path device,
      String node,
      String boot,
      LogInterest interest,
      XidFacts xids,
      Intake intake,
      Places places,
      SourceObserver observer) {
    this.device = device;
    this.boot = boot;
    this.after = after(boot, places.of(NAME).getOrDefault(NAME, ""));
    this.log =
        new LogFeed(
            EntityId.node(node),
            "kernel",
            new LogOptions(node, node, StampRules.NONE, OptionalInt.empty()),
            interest);
    this.xids = xids;
    this.intake = intake;
    this.places = places;
    this.sources = new Sources(observer);
    sources.add(NAME);
  }

  private static OptionalLong after(String boot, String kept) {
    if (kept.isEmpty()) {
      return OptionalLong.empty();
    }
    String[] fields = kept.split(" ", 2);
    return OptionalLong.of(
        fields.length == 2 && fields[0].equals(boot)
            ? Long.parseLong(fields[1])
            : BEFORE_THE_FIRST);
  }

  @Override
  public void start() {
    try {
      reader = Optional.of(new KmsgReader(device, after, new Records()));
    } catch (PosixException e) {
      sources.trouble(NAME, "cannot be read: " + e.getMessage());
    }
  }

  private final class Records implements KmsgSink {
    @Override
    public void record(KmsgRecord record) {
      LogFeed.Told told = log.line(record.line());
      intake.heard(
          told.isNoise() ? Importance.NOISE : Importance.FAULT,
          NAME,
          stamp -> facts(record, told, stamp),
          LINE_BYTES + 2 * record.line().length());
      sources.count(NAME, "records", 1);
    }

    private List<Fact> facts(KmsgRecord record, LogFeed.Told told, long stamp) {
      places.keep(NAME, NAME, boot + " " + record.sequence());
      List<Fact> facts = new ArrayList<>();
      told.at(stamp).forEach(fact -> facts.addAll(xids.ofKernel(fact, stamp)));
      return facts;
    }

    @Override
    public void gap(long lost, long total) {
      sources.count(NAME, "lost", lost);
      sources.tell(
          NAME,
          "%d records were overwritten before they were read, %d since the start"
              .formatted(lost, total));
    }

    @Override
    public void unreadable(String text) {
      sources.countTold(NAME, "unreadable", "a record cannot be read: `%s`".formatted(text));
    }

    @Override
    public void ended(String reason) {
      if (!closing) {
        sources.trouble(NAME, "nothing more is read: " + reason);
      }
    }
  }

  @Override
  public void close() {
    closing = true;
    reader.ifPresent(open -> sources.look(NAME, open::close));
  }

  @Override
  public List<SourceStatus> status() {
    return sources.status();
  }
}
