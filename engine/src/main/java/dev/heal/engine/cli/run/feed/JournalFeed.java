package dev.heal.engine.cli.run.feed;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Means;
import dev.heal.dsl.policy.Site;
import dev.heal.dsl.vocabulary.EntityKind;
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
 * The logs of the services of this host that are units, as journald has them, and the kernel's
 * where {@code /dev/kmsg} cannot be read.
 */
public final class JournalFeed implements Feed {
  private static final String SOURCE = "journald";
  private static final String CURSOR = "cursor";
  private static final int SHOWN = 200;

  /** Whose lines these are, and what is made of them; for the thread that reads. */
  private record Writer(EntityId entity, String signal, LogFeed parser, LogInterest interest) {}

  private final List<String> program;
  private final Intake intake;
  private final Places places;
  private final Sources sources;
  private final Map<String, List<Writer>> byUnit = new TreeMap<>();
  private final List<Writer> ofKernel = new ArrayList<>();
  private Optional<JournalFollower> follower = Optional.empty();

  /** Where it is read. */
  public record Settings(List<String> program, boolean kernel) {
    public Settings {
      program = List.copyOf(program);
    }
  }

  /**
   * @param node the node of the site that this host is
   * @param settings the program ({@link JournalOptions#JOURNALCTL}), and whether the kernel's log
   *     is read here
   */
  public JournalFeed(
      CheckedPolicy policies,
      String node,
      Settings settings,
      Intake intake,
      Places places,
      SourceObserver observer) {
    this.intake = intake;
    this.places = places;
    this.sources = new Sources(observer);
    LogInterest ofServices = new LogInterest(policies);
    for (Site.Service service : policies.site().services()) {
      if (service.node().filter(node::equals).isPresent()
          && service.means().launch().orElse(null) instanceof Means.Launch.Unit unit) {
        byUnit
            .computeIfAbsent(unit.name(), name -> new ArrayList<>())
            .add(
                new Writer(
                    EntityId.service(node, service.name()),
                    "log",
                    parser(node, service.name()),
                    ofServices));
      }
    }
    if (settings.kernel()) {
      ofKernel.add(
          new Writer(
              EntityId.node(node),
              "kernel",
              parser(node, "kernel"),
              new LogInterest(policies)));
    }
    this.program = settings.program();
  }

  private static LogFeed parser(String node, String service) {
    return new LogFeed(new LogOptions(node, service, StampRules.NONE, OptionalInt.empty()));
  }

  /** Starts nothing where the site has no units, and the kernel's log is read elsewhere. */
  @Override
  public void start() {
    if (byUnit.isEmpty() && ofKernel.isEmpty()) {
      return;
    }
    sources.add(SOURCE);
    JournalOptions options =
        new JournalOptions(
            program,
            byUnit.keySet(),
            !ofKernel.isEmpty(),
            Optional.ofNullable(places.of(SOURCE).get(CURSOR)));
    follower = Optional.of(new JournalFollower(options, new Sink(), Backoff.USUAL));
  }

  @Override
  public List<SourceStatus> status() {
    return sources.status();
  }

  @Override
  public void close() {
    follower.ifPresent(JournalFollower::close);
  }

  private final class Sink implements JournalSink {
    @Override
    public void entry(JournalEntry entry) {
      sources.count(SOURCE, "entries", 1);
      List<Writer> writers =
          entry.kernel() ? ofKernel : byUnit.getOrDefault(entry.unit(), List.of());
      List<Fact> facts = new ArrayList<>();
      boolean matters = false;
      for (Writer writer : writers) {
        for (String line : lines(entry)) {
          List<Fact> events =
              writer.parser().line(frame(entry, line), 0).stream()
                  .map(event -> ownedBy(writer.entity(), event))
                  .toList();
          facts.addAll(events);
          facts.add(new Fact.Event(0, writer.entity(), writer.signal(), Map.of("line", line)));
          matters |= !events.isEmpty() || writer.interest().in(line);
        }
      }
      intake.heard(
          matters ? Importance.FAULT : Importance.NOISE,
          SOURCE,
          stamp -> {
            places.keep(SOURCE, CURSOR, entry.cursor());
            return facts.stream().map(fact -> fact.heardAt(stamp)).toList();
          });
    }

    /** The unit says which service it is; the identifier of an entry may be any name. */
    private static Fact ownedBy(EntityId writer, Fact fact) {
      boolean renamed =
          fact.entity().kind() == EntityKind.SERVICE && writer.kind() == EntityKind.SERVICE;
      return renamed && fact instanceof Fact.Event event
          ? new Fact.Event(event.at(), writer, event.signal(), event.fields())
          : fact;
    }

    private static List<String> lines(JournalEntry entry) {
      return entry.message().lines().toList();
    }

    /** The frame says who wrote it; the lines of an entry of several are bare. */
    private static String frame(JournalEntry entry, String line) {
      return line.equals(entry.message()) ? entry.json() : line;
    }

    @Override
    public void found() {
      sources.count(SOURCE, "starts of journalctl", 1);
      sources.well(SOURCE);
    }

    @Override
    public void lost(String why) {
      sources.trouble(SOURCE, why);
    }

    @Override
    public void gap(String why) {
      sources.count(SOURCE, "gaps", 1);
      sources.tell(SOURCE, why);
    }

    @Override
    public void unreadable(String line) {
      sources.countTold(
          SOURCE,
          "unreadable entries",
          "an entry cannot be read: " + line.substring(0, Math.min(SHOWN, line.length())));
    }

    @Override
    public void said(String line) {
      sources.countTold(SOURCE, "words of journalctl", "journalctl says: " + line);
    }
  }
}
