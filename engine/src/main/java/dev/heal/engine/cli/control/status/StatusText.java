package dev.heal.engine.cli.control.status;

import dev.heal.engine.decide.Halt;
import dev.heal.engine.decide.Times;
import dev.heal.engine.loop.EngineView;
import dev.heal.engine.loop.live.LoopView;
import java.util.stream.Collectors;

/** A status for a tired person: what it may do, what is wrong, and what waits for them first. */
public final class StatusText {
  private static final int DIGEST_LENGTH = 19;

  private final StatusPage page;
  private final LoopView loop;
  private final EngineView engine;
  private final Pen pen;

  private StatusText(StatusPage page, Pen pen) {
    this.page = page;
    this.loop = page.loop();
    this.engine = page.loop().engine();
    this.pen = pen;
  }

  /**
   * The lines.
   *
   * @param all each entity, also those that are well
   */
  public static String of(StatusPage page, boolean all, boolean colour) {
    Pen pen = new Pen(page.loop().engine().at(), colour);
    new StatusText(page, pen).write();
    new WorkText(page, pen).write();
    new WatchText(page.loop(), all, pen).write();
    return pen.text();
  }

  /** A command for this engine. */
  static String command(StatusPage page, String words) {
    return words + " --state " + page.about().state();
  }

  private void write() {
    StatusPage.About about = page.about();
    pen.line(
        "heal %s on %s, process %d, since %s, state %s"
            .formatted(
                Pen.safe(about.version()),
                Pen.safe(about.node()),
                about.process(),
                pen.moment(about.since()),
                Pen.safe(about.state())));
    modes();
    policies();
    pen.label("journal", journal());
    pen.label("recorder", recorder());
    pen.label(
        "queue", "%,d wait, %,d dropped since the start".formatted(loop.waiting(), loop.dropped()));
  }

  private void modes() {
    String label = "mode";
    boolean stands =
        page.modes().contains(StatusPage.Mode.PAUSED)
            || page.modes().contains(StatusPage.Mode.JOURNAL_NOT_WRITABLE);
    for (StatusPage.Mode mode : page.modes()) {
      if (!stands || mode != StatusPage.Mode.ENFORCING) {
        pen.label(label, mode(mode));
        label = "";
      }
    }
  }

  private String mode(StatusPage.Mode mode) {
    return switch (mode) {
      case JOURNAL_NOT_WRITABLE ->
          pen.loud("JOURNAL NOT WRITABLE: NOTHING IS TOUCHED")
              + ": "
              + Pen.safe(loop.journalProblem().orElse(""));
      case PAUSED -> halts(Halt.Kind.PAUSE, "PAUSED: NOTHING IS TOUCHED", "heal resume");
      case BREAKER_OPEN ->
          halts(Halt.Kind.BREAKER, "BREAKER OPEN: NOTHING IS STARTED", "heal breaker reset");
      case MAINTENANCE -> maintenances();
      case OBSERVING -> "observing: no policy acts";
      case ENFORCING -> page.modes().size() == 1 ? pen.well("enforcing") : "else enforcing";
    };
  }

  private String halts(Halt.Kind kind, String words, String remedy) {
    return engine.halts().stream()
        .filter(halt -> halt.kind() == kind)
        .map(
            halt ->
                "%s since %s%s; `%s` ends that"
                    .formatted(
                        pen.loud(words),
                        pen.moment(halt.since()),
                        why(halt),
                        command(page, remedy)))
        .collect(Collectors.joining(Pen.UNDER));
  }

  private static String why(Halt halt) {
    String by = halt.by().isEmpty() ? "" : " by " + Pen.safe(halt.by());
    return by + (halt.because().isEmpty() ? "" : ": " + Pen.safe(halt.because()));
  }

  private String maintenances() {
    String begun =
        engine.halts().stream()
            .filter(halt -> halt.kind() == Halt.Kind.MAINTENANCE)
            .map(
                halt ->
                    "maintenance `%s`%s since %s%s, until %s%s"
                        .formatted(
                            Pen.safe(halt.name()),
                            halt.on().isEmpty() ? "" : " on " + Pen.safe(halt.on()),
                            pen.moment(halt.since()),
                            why(halt),
                            halt.until() == Times.NEVER
                                ? "`" + command(page, "heal maintenance stop " + halt.name()) + "`"
                                : Times.iso(halt.until()),
                            halt.allowed().isEmpty()
                                ? ""
                                : "; allowed: " + Pen.safe(halt.allowed())))
            .collect(Collectors.joining(Pen.UNDER));
    String declared =
        engine.windows().stream()
            .map(
                w ->
                    "maintenance `%s` of the site, until %s"
                        .formatted(Pen.safe(w.name()), Times.iso(w.until())))
            .collect(Collectors.joining(Pen.UNDER));
    return begun.isEmpty() || declared.isEmpty() ? begun + declared : begun + Pen.UNDER + declared;
  }

  private void policies() {
    PoliciesInForce policies = page.policies();
    String digest = policies.digest();
    pen.label(
        "policies",
        "generation %d, %s, in force since %s: %d enforce, %d ask for approval, %d observe"
            .formatted(
                policies.generation(),
                digest.substring(0, Math.min(DIGEST_LENGTH, digest.length())),
                pen.moment(policies.since()),
                policies.enforcing(),
                policies.approving(),
                policies.observing()));
    policies.notes().forEach(note -> pen.label("", Pen.safe(note)));
  }

  private String journal() {
    return loop.journalProblem().isPresent()
        ? pen.loud("NOT WRITABLE")
        : "written, %,d wait for the disk".formatted(loop.journalPending());
  }

  private String recorder() {
    String counts =
        "%,d inputs recorded, %,d lost"
            .formatted(loop.recorder().recorded(), loop.recorder().lost());
    return loop.recorder().problem().map(p -> pen.loud(counts) + ": " + Pen.safe(p)).orElse(counts);
  }
}
