package dev.heal.engine.actuate;

import static dev.heal.engine.actuate.Desk.JOB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.parts.RealSlurm;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import dev.heal.engine.schedule.Outcome.Kind;
import dev.heal.nvml.fake.FakeMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes and jobs of a real Slurm. */
@Tag("real")
class RealSlurmTest {
  private static final EntityId NODE1 = EntityId.node("node1");

  @TempDir private static Path folder;
  private static RealSlurm slurm;

  @BeforeAll
  static void start() throws IOException {
    slurm = RealSlurm.start(folder);
  }

  @AfterAll
  static void stop() {
    if (slurm != null) {
      slurm.close();
    }
  }

  private static Desk desk(String job) {
    String nodes = "node %1$s { cordon via slurm, uncordon via slurm, drain via slurm }\n";
    return Desk.of(
        nodes.formatted("node1")
            + nodes.formatted("node2")
            + nodes.formatted("node3")
            + "job j7 { nodes [node1], slurm "
            + job
            + " }\n",
        folder,
        new Hands.Tools(
            Duration.ofSeconds(60),
            "unix:path=" + folder.resolve("bus"),
            folder,
            folder.resolve("docker.sock"),
            slurm.scontrol()));
  }

  private static String runningOn(String job) {
    FakeMachine.await(() -> slurm.job(job).startsWith("RUNNING"));
    return slurm.job(job).replaceFirst("RUNNING ", "");
  }

  /** {@code IDLE+DRAIN heal: broken (r1-1)}; sinfo mixes up the states of nodes here. */
  private static String state(String node) {
    String shown = slurm.tool("scontrol", "show", "node", node, "--oneliner");
    return shown.replaceFirst(".* State=(\\S+) .*", "$1")
        + (shown.contains(" Reason=") ? shown.replaceFirst(".* Reason=", " ") : "");
  }

  private static void awaitState(String node, String state) {
    FakeMachine.await(() -> state(node).startsWith(state));
  }

  /** A job moves for real: its node is drained, and it runs on another one. */
  @Test
  void aJobLeavesADrainedNodeAndTheNodeComesBack() {
    String job = slurm.submit("sleep 1000");
    EntityId node = EntityId.node(runningOn(job));
    try (Desk desk = desk(job)) {
      Outcome drained = desk.act("drain node", node).outcome();

      assertThat(drained)
          .isEqualTo(
              new Outcome(
                  Kind.DONE, "drained %s, 1 jobs put back into the queue".formatted(node.name())));
      assertThat(runningOn(job)).isNotEqualTo(node.name());
      awaitState(node.name(), "IDLE+DRAIN");
      assertThat(state(node.name())).contains("heal: broken (r1-1)");

      assertThat(desk.act("uncordon node", node).outcome().kind()).isEqualTo(Kind.DONE);
      awaitState(node.name(), "IDLE");
      assertThat(state(node.name())).doesNotContain("DRAIN", "heal");
    }
    String unused = slurm.tool("scancel", job);
  }

  @Test
  void aJobIsMovedAwayFromTheNodeThatIsBroken() {
    String job = slurm.submit("sleep 1000");
    String from = runningOn(job);
    try (Desk desk = desk(job)) {
      Order plain = desk.order("migrate job", JOB);
      Order order =
          new Order(
              plain.id(),
              plain.ladder(),
              plain.purpose(),
              new FaultInstance("broken", EntityId.node(from)),
              plain.policy(),
              plain.act(),
              plain.takes(),
              plain.target(),
              plain.deadline());

      Outcome moved = desk.end(Assignment.of(order)).outcome();

      assertThat(moved.kind()).as(moved.because()).isEqualTo(Kind.DONE);
      assertThat(runningOn(job)).isNotEqualTo(from);
      assertThat(state(from)).as("nothing is drained").startsWith("IDLE");
    }
    String unused = slurm.tool("scancel", job);
  }

  @Test
  void anothersCordonIsLeftAlone() {
    String unused =
        slurm.tool("scontrol", "update", "nodename=node3", "state=drain", "reason=alice");
    try (Desk desk = desk("1")) {
      assertThat(desk.act("uncordon node", EntityId.node("node3")).outcome())
          .isEqualTo(new Outcome(Kind.REFUSED, "cordoned by others: alice"));
    }
    awaitState("node3", "IDLE+DRAIN");
    unused = slurm.tool("scontrol", "update", "nodename=node3", "state=resume");
  }

  @Test
  void aJobThatIsNotThereHasFailed() {
    try (Desk desk = desk("999999")) {
      Outcome outcome = desk.act("requeue job", JOB).outcome();

      assertThat(outcome.kind()).isEqualTo(Kind.FAILED);
      assertThat(outcome.because()).contains("Invalid job id");
      assertThat(desk.act("cordon node", NODE1).outcome().kind()).isEqualTo(Kind.DONE);
      assertThat(desk.act("uncordon node", NODE1).outcome().kind()).isEqualTo(Kind.DONE);
    }
  }
}
