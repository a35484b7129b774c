package dev.heal.engine.actuate;

import dev.heal.engine.actuate.reach.Commands;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Nodes and jobs of Slurm, through {@code scontrol}. */
final class SlurmActs {
  private static final long LOOK_EVERY_NANOS = 200_000_000L;
  private static final int LOOKS = 100;

  /** Slurm keeps one line of reason; ours begin so, and only those are taken back. */
  private static final String OURS = "heal: ";

  /** It waits for the cluster now, and no more for us. */
  private static final Set<String> QUEUED = Set.of("Resources", "Priority", "ReqNodeNotAvail");

  private final Commands commands;
  private final String scontrol;
  private final String run;

  SlurmActs(Commands commands, String scontrol, String run) {
    this.commands = commands;
    this.scontrol = scontrol;
    this.run = run;
  }

  Report act(Assignment assignment, String name) throws InterruptedException {
    Order order = assignment.order();
    return Report.of(
        switch (order.act().verb()) {
          case "cordon" -> cordon(order, name);
          case "uncordon" -> uncordon(name);
          case "drain" -> drain(order, name);
          case "requeue" -> end(scontrol("requeue", name));
          case "restart" ->
              order.target().host().isPresent() && order.target().kind().word().equals("node")
                  ? end(
                      scontrol(
                          "reboot", "ASAP", "nextstate=RESUME", "reason=" + reason(order), name))
                  : moved(name, Optional.empty());
          case "migrate" -> moved(name, order.instance().entity().host());
          default ->
              new Outcome(Outcome.Kind.REFUSED, "slurm cannot `%s`".formatted(order.act().verb()));
        });
  }

  private Commands.End scontrol(String... words) {
    return run(scontrol, words);
  }

  /** {@code squeue} and {@code sinfo} lie beside {@code scontrol}. */
  private Commands.End beside(String name, String... words) {
    return run(Path.of(scontrol).resolveSibling(name).toString(), words);
  }

  private Commands.End run(String program, String... words) {
    return commands.run(Stream.concat(Stream.of(program), Stream.of(words)).toList(), Map.of());
  }

  private static List<String> lines(Commands.End end) {
    return Stream.of(end.said().split(" / ", -1)).filter(line -> !line.isBlank()).toList();
  }

  private Outcome end(Commands.End end) {
    return end.outcome(scontrol);
  }

  private static boolean failed(Commands.End end) {
    return end.how() != Commands.End.How.EXITED || end.exit() != 0;
  }

  private String reason(Order order) {
    return OURS
        + Optional.ofNullable(OrderWords.settings(order).get("reason"))
            .orElse(order.instance().fault())
        + " ("
        + OrderWords.key(run, order)
        + ")";
  }

  private Outcome cordon(Order order, String node) {
    return end(scontrol("update", "nodename=" + node, "state=drain", "reason=" + reason(order)));
  }

  /** Only what we have cordoned: another's reason is another's. */
  private Outcome uncordon(String node) {
    Commands.End reason = beside("sinfo", "-h", "-N", "-n", node, "-o", "%E");
    if (failed(reason)) {
      return end(reason);
    }
    Optional<String> others =
        lines(reason).stream().filter(r -> !r.equals("none") && !r.startsWith(OURS)).findFirst();
    if (others.isPresent()) {
      return new Outcome(
          Outcome.Kind.REFUSED, "cordoned by others: %s".formatted(others.get().strip()));
    }
    return end(scontrol("update", "nodename=" + node, "state=resume"));
  }

  /** No new work, and what runs there is put back into the queue. */
  private Outcome drain(Order order, String node) throws InterruptedException {
    Outcome cordoned = cordon(order, node);
    if (cordoned.kind() != Outcome.Kind.DONE) {
      return cordoned;
    }
    Commands.End jobs = beside("squeue", "-h", "-w", node, "-t", "RUNNING", "-o", "%i");
    if (failed(jobs)) {
      return end(jobs);
    }
    List<String> ids = lines(jobs);
    for (String job : ids) {
      Outcome moved = moved(job, Optional.empty());
      if (moved.kind() != Outcome.Kind.DONE) {
        return moved;
      }
    }
    return new Outcome(
        Outcome.Kind.DONE,
        "drained %s, %d jobs put back into the queue".formatted(node, ids.size()));
  }

  /** Slurm holds a job for two minutes after it was requeued, unless it is told to start now. */
  private Outcome moved(String job, Optional<String> away) throws InterruptedException {
    Commands.End requeued = scontrol("requeue", job);
    if (failed(requeued)) {
      return end(requeued);
    }
    for (int i = 0; i < LOOKS; i++) {
      Commands.End shown = beside("squeue", "-h", "-j", job, "-o", "%T %r");
      if (failed(shown) || lines(shown).isEmpty()) {
        return new Outcome(
            Outcome.Kind.UNKNOWN, "job %s was requeued, and Slurm does not know it".formatted(job));
      }
      String state = lines(shown).get(0);
      boolean pending = state.startsWith("PENDING");
      boolean queued = i > 0 && QUEUED.stream().anyMatch(why -> state.endsWith(" " + why));
      if (state.startsWith("RUNNING") || (pending && queued)) {
        return new Outcome(Outcome.Kind.DONE, "job %s was requeued: %s".formatted(job, state));
      }
      if (pending) {
        List<String> words = new ArrayList<>(List.of("update", "jobid=" + job, "StartTime=now"));
        away.ifPresent(node -> words.add("ExcNodeList=" + node));
        scontrol(words.toArray(String[]::new));
      }
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
      if (Thread.interrupted()) {
        throw new InterruptedException("while job " + job + " was moved");
      }
    }
    return new Outcome(
        Outcome.Kind.UNKNOWN, "job %s was requeued, and does not start yet".formatted(job));
  }
}
