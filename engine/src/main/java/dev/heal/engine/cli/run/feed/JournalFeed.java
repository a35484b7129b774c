package dev.heal.engine.cli.run.feed;

import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.host.LogFeed;
import dev.heal.engine.fact.host.LogInterest;
import dev.heal.engine.fact.log.LogOptions;
import dev.heal.engine.loop.live.Intake;
import dev.heal.engine.source.inbox.Importance;
import dev.heal.engine.source.journald.JournalEntry;
import dev.heal.engine.source.journald.JournalFollower;
import dev.heal.engine.source.journald.JournalOptions;
import dev.heal.engine.source.journald.JournalSink;
import dev.heal.engine.source.log.StampRules;
import dev.heal.engine.source.retry.Backoff;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * The logs of services that are units, as journald has them, and the kernel's where {@code
 * /dev/kmsg} cannot be read. The cursor of an entry is kept with what was decided on it: over a
 * restart of the engine no line is lost, and none is taken twice that has decided something.
 */
public final class JournalFeed implements Feed {
  private static final String NAME = "journald";
  private static final String CURSOR = "cursor";
  private static final int LINE_BYTES = 400;
  private static final int SHOWN = 200;

  /** Makes facts of what a line tells. */
  private interface Meaning {
    List<Fact> facts(LogFeed.Told told, long stamp);
  }

  /** Whose lines these are, and what is made of them. */
  private record Writer(LogFeed log, Meaning meaning) {}

  private final List<String> program;
  private final String node;
  private final LogInterest interest;
  private final Intake intake;
  private final Places places;
  private final Sources sources;
  private final Map<String, List<Writer>> byUnit = new TreeMap<>();
  private Optional<Writer> kernel = Optional.empty();
  private Optional<JournalFollower> follower = Optional.empty();

  /**
   * @param program {@link JournalOptions#JOURNALCTL}
   * @param node the node of the site that this host is
   */
  public JournalFeed(
      List<String> program,
      String node,
      LogInterest interest,
      Intake intake,
      Places places,
      SourceObserver observer) {
    this.program = List.copyOf(program);
    this.node = node;
    this.interest = interest;
    this.intake = intake;
    this.places = places;
    this.sources = new Sources(observer);
  }

  /**
   * Adds a service, before the start.
   *
   * @param unit {@code vllm.service}
   */
  public void add(String unit, EntityId service) {
    String name = service.name().substring(service.name().indexOf('/') + 1);
    byUnit
        .computeIfAbsent(unit, u -> new ArrayList<>())
        .add(new Writer(log(service, "log", name), LogFeed.Told::at));
  }

  /** Adds the kernel's log, before the start. */
  public void addKernel(XidFacts xids) {
    kernel =
        Optional.of(
            new Writer(
                log(EntityId.node(node), "kernel", node),
                (told, stamp) -> {
                  List<Fact> facts = new ArrayList<>();
                  told.at(stamp).forEach(fact -> facts.addAll(xids.ofKernel(fact, stamp)));
                  return facts;
                }));
  }

  private LogFeed log(EntityId writer, String signal, String service) {
    return new LogFeed(
        writer,
        signal,
        new LogOptions(node, service, StampRules.NONE, OptionalInt.empty()),
        interest);
  }

  /** Starts nothing where nobody was added. */
  @Override
  public void start() {
    if (byUnit.isEmpty() && kernel.isEmpty()) {
      return;
    }
    sources.add(NAME);
    intake.listens(NAME);
    JournalOptions options =
        new JournalOptions(
            program,
            byUnit.keySet(),
            kernel.isPresent(),
            Optional.ofNullable(places.of(NAME).get(CURSOR)));
    follower = Optional.of(new JournalFollower(options, new Entries(), Backoff.USUAL));
  }

  @Override
  public List<SourceStatus> status() {
    return sources.status();
  }

  @Override
  public void close() {
    follower.ifPresent(JournalFollower::close);
  }

  private final class Entries implements JournalSink {
    @Override
    public void entry(JournalEntry entry) {
      sources.count(NAME, "entries", 1);
      List<Writer> writers =
          entry.kernel() ? kernel.stream().toList() : byUnit.getOrDefault(entry.unit(), List.of());
      for (Writer writer : writers) {
        for (String line : entry.message().lines().toList()) {
          line(writer, writer.log().line(frame(entry, line), line), entry);
        }
      }
    }

    private void line(Writer writer, LogFeed.Told told, JournalEntry entry) {
      intake.heard(
          told.isNoise() ? Importance.NOISE : Importance.FAULT,
          NAME,
          stamp -> {
            if (!told.isNoise()) {
              keep(entry.cursor());
            }
            return writer.meaning().facts(told, stamp);
          },
          LINE_BYTES + 2 * entry.message().length());
    }

    /** The frame says who wrote it; the lines of an entry of several are bare. */
    private static String frame(JournalEntry entry, String line) {
      return line.equals(entry.message()) ? entry.json() : line;
    }

    private void keep(String cursor) {
      places.keep(NAME, CURSOR, cursor);
    }

    @Override
    public void upTo(String cursor) {
      intake.heard(
          Importance.CONTROL,
          NAME,
          stamp -> {
            keep(cursor);
            return List.of();
          });
    }

    @Override
    public void found() {
      sources.count(NAME, "starts of journalctl", 1);
      sources.well(NAME);
    }

    @Override
    public void lost(String why) {
      sources.trouble(NAME, why);
    }

    @Override
    public void gap(String why) {
      sources.count(NAME, "gaps", 1);
      sources.tell(NAME, why);
    }

    @Override
    public void unreadable(String line) {
      sources.countTold(
          NAME,
          "unreadable entries",
          "an entry cannot be read: " + line.substring(0, Math.min(SHOWN, line.length())));
    }

    @Override
    public void said(String line) {
      sources.countTold(NAME, "words of journalctl", "journalctl says: " + line);
    }
  }
}
