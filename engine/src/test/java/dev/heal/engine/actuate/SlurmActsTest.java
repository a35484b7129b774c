package dev.heal.engine.actuate;

import static dev.heal.engine.actuate.Desk.JOB;
import static dev.heal.engine.actuate.Desk.NODE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import dev.heal.engine.schedule.Outcome.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Slurm's tools are asked, with tools that write it down. */
class SlurmActsTest {
  private static final String SITE =
      "node n1 { cordon via slurm, uncordon via slurm, drain via slurm }\njob j7 { nodes [n1], slurm 4711 }\n";

  @TempDir private Path folder;

  @BeforeEach
  void tools() throws IOException {
    tool("scontrol", "");
    tool("squeue", "cat $0.says 2>/dev/null");
    tool("sinfo", "cat $0.says 2>/dev/null");
  }

  private void tool(String name, String then) throws IOException {
    Path tool = folder.resolve(name);
    Files.writeString(
        tool,
        "#!/bin/sh\necho \"%s $*\" >> %s\n%s\nexit 0\n"
            .formatted(name, folder.resolve("asked"), then));
    Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void says(String tool, String text) throws IOException {
    Files.writeString(folder.resolve(tool + ".says"), text);
  }

  @Test
  void aNodeIsCordonedWithTheFaultAsItsReason() throws IOException {
    try (Desk desk = Desk.of(SITE, folder)) {
      assertThat(desk.act("cordon node", NODE).outcome().kind()).isEqualTo(Kind.DONE);
      assertThat(desk.act("cordon node { reason \"Xid 79; rm -rf /\" }", NODE).outcome().kind())
          .isEqualTo(Kind.DONE);
      assertThat(folder.resolve("asked"))
          .hasContent(
              """
              scontrol update nodename=n1 state=drain reason=heal: broken (r1-1)
              scontrol update nodename=n1 state=drain reason=heal: Xid 79; rm -rf / (r1-2)
              """);
    }
  }

  @Test
  void onlyOurOwnCordonIsTakenBack() throws IOException {
    try (Desk desk = Desk.of(SITE, folder)) {
      says("sinfo", "alice looks at it\n");
      assertThat(desk.act("uncordon node", NODE).outcome())
          .isEqualTo(new Outcome(Kind.REFUSED, "cordoned by others: alice looks at it"));
      says("sinfo", "heal: broken (r1-1)\n");
      assertThat(desk.act("uncordon node", NODE).outcome().kind()).isEqualTo(Kind.DONE);
      assertThat(folder.resolve("asked"))
          .hasContent(
              """
              sinfo -h -N -n n1 -o %E
              sinfo -h -N -n n1 -o %E
              scontrol update nodename=n1 state=resume
              """);
    }
  }

  @Test
  void aJobIsMovedAwayFromTheNodeThatIsBroken() throws IOException {
    tool(
        "squeue",
        "n=$(grep -c squeue %s); [ $n -gt 2 ] && echo RUNNING None || echo PENDING BeginTime"
            .formatted(folder.resolve("asked")));
    try (Desk desk = Desk.of(SITE, folder)) {
      Order order = desk.order("migrate job", JOB);
      Order ofNode =
          new Order(
              order.id(),
              order.ladder(),
              order.purpose(),
              new FaultInstance("broken", NODE),
              order.policy(),
              order.act(),
              order.takes(),
              order.target(),
              order.deadline());

      assertThat(desk.end(Assignment.of(ofNode)).outcome())
          .isEqualTo(new Outcome(Kind.DONE, "job 4711 was requeued: RUNNING None"));
      assertThat(folder.resolve("asked"))
          .hasContent(
              """
              scontrol requeue 4711
              squeue -h -j 4711 -o %T %r
              scontrol update jobid=4711 StartTime=now ExcNodeList=n1
              squeue -h -j 4711 -o %T %r
              scontrol update jobid=4711 StartTime=now ExcNodeList=n1
              squeue -h -j 4711 -o %T %r
              """);
    }
  }

  @Test
  void aDrainedNodeGivesItsJobsBackToTheQueue() throws IOException {
    tool("squeue", "case \"$*\" in *-w*) printf '12\\n13\\n';; *) echo RUNNING None;; esac");
    try (Desk desk = Desk.of(SITE, folder)) {
      assertThat(desk.act("drain node", NODE).outcome())
          .isEqualTo(new Outcome(Kind.DONE, "drained n1, 2 jobs put back into the queue"));
      assertThat(folder.resolve("asked"))
          .hasContent(
              """
              scontrol update nodename=n1 state=drain reason=heal: broken (r1-1)
              squeue -h -w n1 -t RUNNING -o %i
              scontrol requeue 12
              squeue -h -j 12 -o %T %r
              scontrol requeue 13
              squeue -h -j 13 -o %T %r
              """);
    }
  }

  @Test
  void aJobThatCannotBeRequeuedHasFailed() throws IOException {
    tool("scontrol", "echo 'Requested operation not supported' >&2; exit 1");
    try (Desk desk = Desk.of(SITE, folder)) {
      Outcome outcome = desk.act("requeue job", JOB).outcome();
      assertThat(outcome.kind()).isEqualTo(Kind.FAILED);
      assertThat(outcome.because()).endsWith("ended with 1: Requested operation not supported");
    }
  }
}
