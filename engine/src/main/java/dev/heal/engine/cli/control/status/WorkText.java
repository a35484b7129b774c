package dev.heal.engine.cli.control.status;

import dev.heal.engine.decide.HoldReason;
import dev.heal.engine.decide.Times;
import dev.heal.engine.loop.EngineView;
import dev.heal.engine.loop.live.LoopView;
import dev.heal.engine.schedule.FaultView;
import dev.heal.engine.schedule.RepairView;
import dev.heal.engine.schedule.StandingAct;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What is wrong, and what is done about it. */
final class WorkText {
  private final StatusPage page;
  private final LoopView loop;
  private final EngineView engine;
  private final Pen pen;

  WorkText(StatusPage page, Pen pen) {
    this.page = page;
    this.loop = page.loop();
    this.engine = page.loop().engine();
    this.pen = pen;
  }

  void write() {
    approvals();
    faults();
    repairs();
    standing();
  }

  private void approvals() {
    List<RepairView> waiting =
        engine.repairs().stream().filter(RepairView::waitsForApproval).toList();
    if (waiting.isEmpty()) {
      return;
    }
    pen.heading("waiting for your approval", waiting.size());
    for (RepairView repair : waiting) {
      pen.line(
          "  %-4d `%s` for %s: %s%s"
              .formatted(
                  repair.number(),
                  Pen.safe(repair.policy()),
                  Pen.safe(repair.instance()),
                  Pen.safe(repair.next()),
                  repair.expiresAt().isPresent()
                      ? "; void in " + pen.until(repair.expiresAt().getAsLong())
                      : ""));
      if (repair.held().filter(HoldReason.APPROVAL::equals).isEmpty()) {
        repair.because().ifPresent(because -> pen.line("       besides: " + Pen.safe(because)));
      }
      pen.line(
          "       `%s`, or `reject`"
              .formatted(StatusText.command(page, "heal approve " + repair.number())));
    }
  }

  private void faults() {
    if (engine.faults().isEmpty()) {
      pen.line("\nno fault is raised");
      return;
    }
    pen.heading("faults", engine.faults().size());
    for (FaultView fault : engine.faults()) {
      String severity = fault.severity().name().toLowerCase(Locale.ROOT);
      String number =
          Optional.ofNullable(loop.incidents().get(fault.instance())).map(n -> " #" + n).orElse("");
      String care = Pen.safe(fault.care());
      pen.line(
          "  %s %s%s, raised %s; %s"
              .formatted(
                  Pen.pad(severity, 9),
                  Pen.safe(fault.instance()),
                  number,
                  pen.moment(fault.raisedAt()),
                  fault.left() ? pen.loud(care) : care));
    }
  }

  private void repairs() {
    List<RepairView> open =
        engine.repairs().stream().filter(repair -> !repair.waitsForApproval()).toList();
    if (open.isEmpty()) {
      return;
    }
    pen.heading("repairs", open.size());
    for (RepairView repair : open) {
      pen.line(
          "  %-4d `%s` for %s, priority %d: %s"
              .formatted(
                  repair.number(),
                  Pen.safe(repair.policy()),
                  Pen.safe(repair.instance()),
                  repair.priority(),
                  Pen.safe(repair.next())));
      String held = repair.held().isPresent() ? "held: " : "";
      String because = Pen.safe(repair.because().orElse("begins"));
      pen.line("       " + held + because + deadline(repair));
    }
  }

  private String deadline(RepairView repair) {
    if (repair.deadline().isEmpty()) {
      return "";
    }
    long left = repair.deadline().getAsLong() - engine.at();
    return repair.missed() || left <= 0
        ? "; "
            + pen.loud("deadline missed")
            + ", it was "
            + Times.iso(repair.deadline().getAsLong())
        : "; deadline in " + Pen.span(left);
  }

  private void standing() {
    if (engine.acts().isEmpty()) {
      return;
    }
    pen.heading("what stands, and is to be undone", engine.acts().size());
    for (StandingAct act : engine.acts()) {
      String when =
          act.dueAt().isPresent()
              ? "in " + pen.until(act.dueAt().getAsLong())
              : "when its fault clears, or on a reset";
      String failures =
          act.failures() > 0
              ? "; " + pen.loud("undoing failed %d times".formatted(act.failures()))
              : "";
      pen.line(
          "  %s %s for %s: undone %s%s"
              .formatted(
                  Pen.safe(act.verb()),
                  Pen.safe(act.target()),
                  Pen.safe(act.instance()),
                  when,
                  failures));
    }
  }
}
