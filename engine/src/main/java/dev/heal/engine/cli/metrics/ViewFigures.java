package dev.heal.engine.cli.metrics;

import dev.heal.engine.cli.control.status.StatusPage;
import dev.heal.engine.loop.EngineView;
import dev.heal.engine.loop.live.LoopView;
import dev.heal.engine.loop.live.SourceBook;
import dev.heal.engine.loop.live.SourceBook.SourceView;
import dev.heal.engine.reload.ReloadStatus;
import dev.heal.engine.schedule.FaultView;
import dev.heal.engine.schedule.RepairView;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** How the engine stands, asked at each scrape: all figures are of one moment. */
final class ViewFigures implements MultiCollector {
  private static final double NANOS = 1e9;

  private final Supplier<Optional<StatusPage>> pages;

  /**
   * @param pages empty where the engine does not answer in time
   */
  ViewFigures(Supplier<Optional<StatusPage>> pages) {
    this.pages = pages;
  }

  @Override
  public MetricSnapshots collect() {
    Snapshots figures = new Snapshots();
    Optional<StatusPage> page = pages.get();
    figures.gauge(
        "heal_loop_responding",
        "1 where the engine's loop answered this scrape in time, else 0: then its figures are"
            + " missing.",
        page.isPresent() ? 1 : 0);
    if (page.isPresent()) {
      engine(figures, page.get());
      surroundings(figures, page.get());
      sources(figures, page.get().loop());
    }
    return figures.all();
  }

  private static void engine(Snapshots figures, StatusPage page) {
    EngineView engine = page.loop().engine();
    Set<StatusPage.Mode> modes = EnumSet.copyOf(page.modes());
    Snapshots.Gauge mode =
        figures.gauge("heal_mode", "1 for each mode that holds; several may hold at once.");
    for (StatusPage.Mode each : StatusPage.Mode.values()) {
      mode.add(modes.contains(each) ? 1 : 0, "mode", each.word());
    }
    counted(
        figures.gauge("heal_faults_standing", "Fault instances that are raised now."),
        count(engine.faults(), (FaultView f) -> f.severity().name().toLowerCase(Locale.ROOT)),
        "severity");
    figures.gauge(
        "heal_faults_left_to_humans",
        "Raised fault instances that no repair is open for.",
        (double) engine.faults().stream().filter(FaultView::left).count());
    counted(
        figures.gauge("heal_repairs_open", "Repairs that have not ended."),
        count(engine.repairs(), ViewFigures::state),
        "state");
    figures.gauge("heal_orders_open", "Orders that have not ended.", engine.orders().size());
    figures.gauge(
        "heal_acts_standing", "Acts that stand and are to be undone.", engine.acts().size());
    entities(figures, engine);
  }

  private static String state(RepairView repair) {
    if (repair.waitsForApproval()) {
      return "waits_for_approval";
    }
    return repair.held().isPresent() ? "held" : "running";
  }

  private static void entities(Snapshots figures, EngineView engine) {
    Snapshots.Gauge entities = figures.gauge("heal_entities", "Known entities, by what is known.");
    Map<String, Long> counts =
        count(
            engine.entities(),
            (EngineView.EntityView e) -> e.entity().kind().word() + " " + e.state().word());
    counts.forEach(
        (words, count) -> {
          String[] kindAndState = words.split(" ", 2);
          entities.add(count.doubleValue(), "kind", kindAndState[0], "state", kindAndState[1]);
        });
  }

  private static void surroundings(Snapshots figures, StatusPage page) {
    LoopView loop = page.loop();
    figures.gauge(
        "heal_start_time_seconds",
        "When the engine began, in seconds since 1970.",
        page.about().since() / NANOS);
    figures.gauge("heal_queue_depth", "Inputs that wait for the loop.", loop.waiting());
    figures.gauge(
        "heal_journal_pending_batches", "Batches that wait for the disk.", loop.journalPending());
    figures.gauge(
        "heal_journal_writable",
        "1 where the journal took the last batch, else 0: then nothing is touched.",
        loop.journalProblem().isEmpty() ? 1 : 0);
    figures.counter(
        "heal_recorder_inputs_total",
        "Inputs that were recorded.",
        (double) loop.recorder().recorded());
    figures.counter(
        "heal_recorder_lost_total",
        "Inputs that could not be recorded.",
        (double) loop.recorder().lost());
    figures
        .gauge("heal_policies", "Policies in force, by mode.")
        .add(page.policies().enforcing(), "mode", "enforce")
        .add(page.policies().approving(), "mode", "approve")
        .add(page.policies().observing(), "mode", "observe");
    figures.gauge(
        "heal_policy_generation",
        "The generation in force.",
        (double) page.policies().generation());
    page.policies().reload().ifPresent(reload -> reloads(figures, reload));
    figures
        .gauge("heal_policy_digest", "1, with the digest of the policies in force.")
        .add(1, "digest", page.policies().digest());
  }

  private static void reloads(Snapshots figures, ReloadStatus reload) {
    figures.gauge(
        "heal_policy_reload_success",
        "1 where the last attempt to load policies went well, else 0.",
        reload.isFine() ? 1 : 0);
    figures.counter(
        "heal_policy_reloads_total",
        "How many times others came into force since the start.",
        (double) reload.loaded());
    figures.counter(
        "heal_policy_reloads_refused_total",
        "How many attempts to load policies were refused since the start.",
        (double) reload.refused());
    Snapshots.Gauge stages =
        figures.gauge(
            "heal_policy_reload_seconds",
            "How long each stage took, the last time it was reached.");
    reload
        .times()
        .forEach((stage, time) -> stages.add(time.toNanos() / NANOS, "stage", stage.word()));
    reload
        .refusedSince()
        .ifPresent(
            since ->
                figures.gauge(
                    "heal_policy_refused_since_timestamp_seconds",
                    "Since when what lies in the files is refused, in seconds since 1970; missing"
                        + " where it is in force.",
                    since / NANOS));
    Snapshots.Gauge tunes =
        figures.gauge("heal_policy_tuned", "1 for each tune that is set otherwise than its file.");
    reload.deviations().tuned().keySet().forEach(name -> tunes.add(1, "tune", name));
  }

  private static void sources(Snapshots figures, LoopView loop) {
    Snapshots.Gauge heard =
        figures.gauge(
            "heal_source_last_heard_timestamp_seconds",
            "When a source was heard last, in seconds since 1970; missing where it never was.");
    Snapshots.Gauge silent =
        figures.gauge("heal_source_silent", "1 where a source is overdue or in trouble, else 0.");
    Snapshots.Counter count =
        figures.counter("heal_source_inputs_total", "How often a source was heard.");
    Snapshots.Counter dropped =
        figures.counter(
            "heal_dropped_inputs_total", "What was dropped, as more came than could be held.");
    for (SourceView source : loop.sources()) {
      String name = source.name();
      source.heardAt().ifPresent(at -> heard.add(at / NANOS, "source", name));
      boolean bad =
          source.state() == SourceBook.State.SILENT || source.state() == SourceBook.State.TROUBLE;
      silent.add(bad ? 1 : 0, "source", name);
      count.add((double) source.count(), "source", name);
      source
          .dropped()
          .forEach(
              (importance, number) ->
                  dropped.add(
                      number.doubleValue(),
                      "source",
                      name,
                      "importance",
                      importance.name().toLowerCase(Locale.ROOT)));
    }
  }

  private interface Naming<T> {
    String of(T value);
  }

  private static <T> Map<String, Long> count(Iterable<T> values, Naming<T> naming) {
    Map<String, Long> counts = new TreeMap<>();
    values.forEach(value -> counts.merge(naming.of(value), 1L, Long::sum));
    return counts;
  }

  private static void counted(Snapshots.Gauge gauge, Map<String, Long> counts, String label) {
    counts.forEach((value, count) -> gauge.add(count.doubleValue(), label, value));
  }
}
