package dev.heal.engine.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.check.Checker;
import dev.heal.dsl.check.ImportResolver;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.text.SourceFile;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.schedule.CheckRun;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import dev.heal.nvml.NvmlBridge;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A site, its hands, and orders for them as the steps of a policy would give them. */
final class Desk implements AutoCloseable {
  static final EntityId LLM = EntityId.service("n1", "llm");
  static final EntityId GPU = EntityId.gpu("n1", 0);
  static final EntityId NODE = EntityId.node("n1");
  static final EntityId JOB = EntityId.job("j7");

  private static final Map<String, String> CONFIRM =
      Map.of(
          "service", "service.healthy",
          "gpu", "nvml.present",
          "node", "node.schedulable",
          "job", "job.running");

  final List<String> kept = new ArrayList<>();
  final List<Supervisor.Start> starts = new ArrayList<>();

  /** The process of the service, as its supervisor tells. */
  final List<Long> running = new ArrayList<>(List.of(4710L));

  /** Processes that the service left behind. */
  final List<Long> leftBehind = new CopyOnWriteArrayList<>();

  boolean journalIsFull;
  private final String site;
  private final Path folder;
  private final Actuators actuators;
  private long orders;

  private Desk(String site, Path folder, Optional<NvmlBridge> gpus, Hands.Tools tools) {
    this.site = site;
    this.folder = folder;
    this.actuators =
        Actuators.of(
            check(site),
            new Hands("r1", "n1", gpus, Optional.of(new Kept()), tools),
            (order, memento) -> {
              kept.add(memento);
              return !journalIsFull;
            });
  }

  /** Keeps one service, which does as it is told. */
  private final class Kept implements Supervisor {
    @Override
    public boolean keeps(EntityId service) {
      return service.equals(LLM);
    }

    @Override
    public List<Long> processes(EntityId service) {
      return List.copyOf(running);
    }

    @Override
    public boolean owns(EntityId service, long pid) {
      return running.contains(pid) || leftBehind.contains(pid);
    }

    @Override
    public Outcome stop(EntityId service, Duration grace) {
      running.clear();
      return new Outcome(Outcome.Kind.DONE, "stopped");
    }

    @Override
    public Outcome start(Start start) {
      starts.add(start);
      running.add(4711L);
      return new Outcome(Outcome.Kind.DONE, "runs as 4711");
    }
  }

  static Desk of(String site, Path folder) {
    return new Desk(site, folder, Optional.empty(), tools(folder, Duration.ofSeconds(30)));
  }

  static Desk of(String site, Path folder, NvmlBridge gpus) {
    return new Desk(site, folder, Optional.of(gpus), tools(folder, Duration.ofSeconds(30)));
  }

  static Desk of(String site, Path folder, Duration patience) {
    return new Desk(site, folder, Optional.empty(), tools(folder, patience));
  }

  static Desk of(String site, Path folder, Hands.Tools tools) {
    return new Desk(site, folder, Optional.empty(), tools);
  }

  private static Hands.Tools tools(Path folder, Duration patience) {
    return new Hands.Tools(
        patience,
        "unix:path=" + folder.resolve("bus"),
        folder.resolve("units"),
        folder.resolve("docker.sock"),
        folder.resolve("scontrol").toString());
  }

  private static CheckedPolicy check(String text) {
    CheckResult result =
        Checker.check(List.of(new SourceFile("t.heal", "heal 1\n" + text)), ImportResolver.NONE);
    assertThat(result.diagnostics().stream().filter(d -> d.isError())).as(text).isEmpty();
    return result.policy().orElseThrow();
  }

  /** The order that a step with this act would give for the target. */
  Order order(String act, EntityId target) {
    String kind = target.kind().word();
    CheckedPolicy policy =
        check(
            site
                + """
                fault broken on %s "It is broken" { when %s }
                budget all { applies to all, limit 5 nodes over 1h }
                policy mend {
                  on broken, budget all
                  try     { %s, takes 1s, confirm %s, timeout 1m }
                  give up { %s }
                }
                """
                    .formatted(
                        kind,
                        kind.equals("gpu") ? "xid == 79" : "heartbeat silent for 15s",
                        act.startsWith("page") ? plain(kind) : act,
                        CONFIRM.get(kind),
                        act.startsWith("page") ? act : "page ops"));
    Policy mend = policy.policies().get(0);
    return new Order(
        ++orders,
        1,
        Order.Purpose.STEP,
        new FaultInstance("broken", target),
        "mend",
        act.startsWith("page") ? mend.giveUp().get(0) : mend.rungs().get(0).steps().get(0).act(),
        Duration.ofMillis(1),
        target,
        OptionalLong.empty());
  }

  private static String plain(String kind) {
    return kind.equals("gpu") ? "throttle gpu { power 450W, undo after 1h }" : "reconnect " + kind;
  }

  Order undo(Order done) {
    return new Order(
        ++orders,
        0,
        Order.Purpose.UNDO,
        done.instance(),
        done.policy(),
        done.act(),
        Duration.ZERO,
        done.target(),
        OptionalLong.empty());
  }

  Report act(String act, EntityId target) {
    return end(Assignment.of(order(act, target)));
  }

  Report end(Assignment assignment) {
    return await(start(assignment));
  }

  BlockingQueue<Report> start(Assignment assignment) {
    BlockingQueue<Report> ended = new LinkedBlockingQueue<>();
    actuators.start(assignment, ended::add);
    return ended;
  }

  static Report await(BlockingQueue<Report> ended) {
    try {
      Report report = ended.poll(30, TimeUnit.SECONDS);
      assertThat(report).as("a report within 30 s").isNotNull();
      return report;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  BlockingQueue<Outcome> check(CheckRun run) {
    BlockingQueue<Outcome> told = new LinkedBlockingQueue<>();
    actuators.check(run, told::add);
    return told;
  }

  boolean cancel(long order) {
    return actuators.cancel(order, "an operator cancelled it");
  }

  int open() {
    return actuators.open();
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  @Override
  public void close() {
    actuators.close();
  }
}
