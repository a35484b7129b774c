package dev.heal.engine.cli.control.status;

import dev.heal.engine.decide.Times;
import dev.heal.engine.loop.EngineView;
import dev.heal.engine.loop.EngineView.EntityView;
import dev.heal.engine.loop.EngineView.State;
import dev.heal.engine.loop.live.LoopView;
import dev.heal.engine.loop.live.SourceBook;
import dev.heal.engine.loop.live.SourceBook.SourceView;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What is watched, and how it is heard: silence is shown as silence. */
final class WatchText {
  private static final int NAME_WIDTH = 24;
  private static final int STATE_WIDTH = 10;
  private static final int MOST_SIGNALS = 4;

  /** What is shown one by one also without {@code --all}. */
  private static final Set<State> TELLING =
      Set.of(State.REPAIRING, State.FAULTY, State.UNHEALTHY, State.SILENT, State.UNHEARD);

  private final LoopView loop;
  private final EngineView engine;
  private final boolean all;
  private final Pen pen;

  WatchText(LoopView loop, boolean all, Pen pen) {
    this.loop = loop;
    this.engine = loop.engine();
    this.all = all;
    this.pen = pen;
  }

  void write() {
    entities();
    sources();
  }

  private void entities() {
    pen.heading("entities", engine.entities().size());
    Map<State, Integer> counts = new EnumMap<>(State.class);
    for (EntityView entity : engine.entities()) {
      counts.merge(entity.state(), 1, Integer::sum);
      boolean quietSignals = !entity.vitals().silent().isEmpty();
      if (all || TELLING.contains(entity.state()) || quietSignals || isService(entity)) {
        entity(entity);
      }
    }
    pen.line(
        counts.entrySet().stream()
            .map(e -> "%d %s".formatted(e.getValue(), words(e.getKey())))
            .collect(Collectors.joining(", ", "  together: ", "")));
    if (!engine.unresolved().isEmpty()) {
      pen.line(
          "  names in facts that the site does not explain: %s"
              .formatted(Pen.safe(engine.unresolved())));
    }
  }

  private static boolean isService(EntityView entity) {
    return entity.entity().toString().startsWith("service:");
  }

  private static String words(State state) {
    return state.word().replace('_', ' ');
  }

  private void entity(EntityView entity) {
    String state = words(entity.state());
    boolean bad = TELLING.contains(entity.state()) && entity.state() != State.REPAIRING;
    String heard =
        entity.vitals().heardAt().isPresent()
            ? "last heard " + pen.moment(entity.vitals().heardAt().getAsLong())
            : "never heard";
    String silent =
        entity.vitals().silent().isEmpty() ? "" : "; silent: " + list(entity.vitals().silent());
    pen.line(
        "  %s %s %s%s"
            .formatted(
                Pen.pad(Pen.safe(entity.entity()), NAME_WIDTH),
                bad ? pen.loud(Pen.pad(state, STATE_WIDTH)) : Pen.pad(state, STATE_WIDTH),
                heard,
                Pen.safe(silent)));
  }

  private static String list(Set<String> words) {
    String some = words.stream().limit(MOST_SIGNALS).collect(Collectors.joining(", "));
    return words.size() > MOST_SIGNALS
        ? some + " and %d more".formatted(words.size() - MOST_SIGNALS)
        : some;
  }

  private void sources() {
    pen.heading("sources", loop.sources().size());
    for (SourceView source : loop.sources()) {
      boolean bad =
          source.state() == SourceBook.State.SILENT || source.state() == SourceBook.State.TROUBLE;
      String state = Pen.pad(source.state().word(), STATE_WIDTH);
      long dropped = source.dropped().values().stream().mapToLong(Long::longValue).sum();
      pen.line(
          "  %s %s %s%s%s%s"
              .formatted(
                  Pen.pad(Pen.safe(source.name()), NAME_WIDTH),
                  bad ? pen.loud(state) : state,
                  source.heardAt().isPresent()
                      ? "last heard " + pen.moment(source.heardAt().getAsLong())
                      : "never heard",
                  source.every().map(e -> ", due every " + Times.words(e)).orElse(""),
                  dropped > 0 ? ", %,d dropped".formatted(dropped) : "",
                  source.trouble().map(t -> "; " + Pen.safe(t)).orElse("")));
    }
  }
}
